"""How is the simulator started? `python -m simulator --state DIR --xero-port N --zoho-port M`"""

from __future__ import annotations

import argparse
import contextlib
import io
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from simulator.calls import Calls
from simulator.facts import SHARED, Fact
from simulator.faults import Faults
from simulator.options import Options
from simulator.serving import PortTakenError, Server
from simulator.state import State


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; 2 when it cannot start."""
    asked = _parser().parse_args(arguments)
    if asked.facts:
        print(_facts_table())
        return 0
    if asked.state is None:
        return _complain("--state is needed: a folder for what the simulator remembers")
    options = Options(asked.public_base, asked.xero_port, asked.zoho_port, asked.zoho_eu_port)
    try:
        state = State(asked.state)
    except (sqlite3.Error, OSError) as error:
        return _complain(f"cannot use {asked.state} (is another simulator running on it?): {error}")
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            servers = _servers(state, options)
    except PortTakenError as error:
        return _complain(str(error))
    _serve(servers, options)
    state.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("simulator", description="A pretend Xero and a pretend Zoho CRM.")
    parser.add_argument("--state", type=Path, help="folder that keeps its data")
    parser.add_argument("--xero-port", type=int, default=Options.xero_port)
    parser.add_argument("--zoho-port", type=int, default=Options.zoho_port)
    parser.add_argument("--zoho-eu-port", type=int, default=None, help="a second Zoho data centre")
    parser.add_argument("--public-base", default=Options.public_base, help="where InvoiceBridge is")
    parser.add_argument("--facts", action="store_true", help="list rules, grades and defaults, and end")
    return parser


def _complain(sentence: str) -> int:
    print(f"simulator: {sentence}", file=sys.stderr)
    return 2


def _servers(state: State, options: Options) -> list[Server]:
    from simulator.xero import app as xero
    from simulator.zoho import app as zoho

    servers = [Server(xero.create_app(state, Faults(), Calls(), options), options.xero_port)]
    places = [("au", options.zoho_port), ("eu", options.zoho_eu_port)]
    for location, port in places:
        if port is not None:
            servers.append(Server(zoho.create_app(state, Faults(), Calls(), options, location), port))
    return servers


def _serve(servers: list[Server], options: Options) -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    for server in servers:
        server.start()
    print(f"simulator ready xero={options.xero_base} zoho={options.zoho_base('au')}", flush=True)
    ended.wait()
    for server in servers:
        server.stop()


def _facts_table() -> str:
    from simulator.xero.facts import FACTS as XERO
    from simulator.zoho.switches import FACTS as ZOHO

    lines = []
    for service, facts in (("both", SHARED), ("xero", XERO), ("zoho", ZOHO)):
        lines += [_line(service, fact) for fact in facts]
    return "\n".join(lines)


def _line(service: str, fact: Fact) -> str:
    choices = f" of {', '.join(map(str, fact.choices))}" if fact.choices else ""
    default = f"{fact.switch} = {fact.default!r}{choices}"
    return f"{service:5}{fact.cite:12}{fact.grade:16}{default}\n{'':33}{fact.rule}"


if __name__ == "__main__":
    sys.exit(main())
