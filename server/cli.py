"""Which commands has the server? keys, migrate, worker, clock: `python -m server.cli --help`."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import threading
from collections.abc import Sequence

from server import logs
from server.store.engine import make_engine
from server.store.schema import migrate
from server.store.secrets import new_key
from server.wiring import load_config, services


def keys() -> None:
    """Print fresh secrets for the environment."""
    print(f"SECRET_KEYS={new_key()}")
    print(f"HASH_KEY={secrets.token_urlsafe(48)}")


def bring_up_to_date() -> None:
    """Make or change the tables."""
    config = load_config()
    logs.set_up(config.log_level)
    engine = make_engine(config.database_url)
    migrate(engine)
    engine.dispose()
    print("the database is up to date")


def work() -> None:
    """Serve the queues; imported here, because it brings the whole application into the process once."""
    from server import worker

    worker.run()


def tick() -> None:
    """The clock: one tick a second."""
    from server.sync import clock

    logs.set_up(load_config().log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    clock.run(services(), stop)


COMMANDS = {
    "keys": (keys, "print fresh SECRET_KEYS and HASH_KEY"),
    "migrate": (bring_up_to_date, "make or change the tables; safe to run again"),
    "worker": (work, "serve both queues"),
    "clock": (tick, "wake what is due, once a second"),
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.cli", description="InvoiceBridge's commands.")
    choices = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, what) in COMMANDS.items():
        choices.add_parser(name, help=what)
    command, _ = COMMANDS[parser.parse_args(argv).command]
    command()
    return 0


if __name__ == "__main__":
    sys.exit(main())
