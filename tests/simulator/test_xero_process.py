"""Does the really started simulator listen, survive a kill and end when told?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulator.xero_stage import CLIENT, REDIRECT, SCOPES

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def running(folder: Path, xero: int, zoho: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "simulator", "--state", str(folder)]
    command += ["--xero-port", str(xero), "--zoho-port", str(zoho)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == (
            f"simulator ready xero=http://localhost:{xero} zoho=http://127.0.0.1:{zoho}\n"
        )
        yield process
    finally:
        process.kill()
        process.wait()


def connected(base: str) -> tuple[requests.Session, str]:
    """A session that speaks for a fresh organisation."""
    made = requests.post(f"{base}/_control/organisations", json={"name": "Kept", "country": "NZ"}, timeout=5).json()
    query = {"response_type": "code", "redirect_uri": REDIRECT, "scope": SCOPES, **CLIENT}
    form = {"person": made["person"], "organisation": made["organisation"], "decision": "allow"}
    url = f"{base}/identity/connect/authorize"
    back = requests.post(url, params=query, data=form, allow_redirects=False, timeout=5)
    code = back.headers["Location"].split("code=")[1].split("&")[0]
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **CLIENT}
    tokens = requests.post(f"{base}/connect/token", data=grant, timeout=5).json()
    session = requests.Session()
    session.headers.update(
        {
            "Authorization": f"Bearer {tokens['access_token']}",
            "xero-tenant-id": made["organisation"],
            "Accept": "application/json",
            "Idempotency-Key": "one",
        }
    )
    return session, made["organisation"]


def invoice() -> dict[str, Any]:
    row = {"Description": "Desk", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
    contact = {"Name": "Müller Küchen GmbH"}
    return {"Type": "ACCREC", "Contact": contact, "Status": "DRAFT", "LineItems": [row]}


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    """Invoices, tokens, keys and switches are there after a SIGKILL; a lost reply cuts the connection."""
    xero, zoho = free_ports(2)
    base = f"http://localhost:{xero}"
    url = f"{base}/api.xro/2.0/Invoices"
    with running(tmp_path, xero, zoho) as process:
        session, org = connected(base)
        requests.put(f"{base}/_control/switches", json={"minute_limit": 33}, timeout=5)
        requests.post(f"{base}/_control/faults", json={"kind": "lost_reply"}, timeout=5)
        with pytest.raises(requests.ConnectionError):
            session.put(url, json=invoice(), timeout=5)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with running(tmp_path, xero, zoho) as process:
        again = session.put(url, json=invoice(), timeout=5)
        assert again.json()["Invoices"][0]["Contact"]["Name"] == "Müller Küchen GmbH"
        stored = requests.get(f"{base}/_control/invoices?organisation={org}", timeout=5).json()["invoices"]
        assert len(stored) == 1
        assert requests.get(f"{base}/_control/switches", timeout=5).json()["minute_limit"] == 33
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_reset_cuts_before_the_work_and_connections_are_kept(tmp_path: Path) -> None:
    """HTTP/1.1: one connection serves many calls."""
    xero, zoho = free_ports(2)
    base = f"http://localhost:{xero}"
    with running(tmp_path, xero, zoho):
        session, org = connected(base)
        requests.post(f"{base}/_control/faults", json={"kind": "reset"}, timeout=5)
        with pytest.raises(requests.ConnectionError):
            session.put(f"{base}/api.xro/2.0/Invoices", json=invoice(), timeout=5)
        stored = requests.get(f"{base}/_control/invoices?organisation={org}", timeout=5).json()["invoices"]
        assert stored == []
        answers = [session.get(f"{base}/api.xro/2.0/Organisation", timeout=5) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert answers[0].raw.version == 11


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    """Exit 2, no traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "simulator", "--state", str(tmp_path)]
        ended = subprocess.run(
            [*command, "--xero-port", str(port), "--zoho-port", str(free_ports(1)[0])],
            cwd=ROOT, capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr == f"simulator: port {port} is taken or not allowed; choose another one\n"


def test_facts_are_listed() -> None:
    """Rule, grade and default of every switch."""
    command = [sys.executable, "-m", "simulator", "--facts"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    assert "invoice_number_unique = True" in ended.stdout
    assert "unverified" in ended.stdout
    assert "X2.3" in ended.stdout
