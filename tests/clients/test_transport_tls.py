"""Does the way out behave the same over TLS, where making a connection is dear?"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.clients import transport as module
from server.clients.transport import LostReply, NoConnection, NotSent, Transport
from tests.clients.pretend import Pretend, Raw


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody but the test trusts, with its key in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pretend")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = builder.serial_number(1).add_extension(address, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = tmp_path / "pretend.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[Pretend]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Pretend(context)
    yield server
    server.close()


@pytest.fixture
def trusting(transport: Transport, certificate: Path) -> Transport:
    transport._session().verify = str(certificate)
    return transport


def test_one_handshake_serves_many_calls(secure: Pretend, trusting: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that idled too long is made anew."""
    for _ in range(3):
        assert trusting.call("GET", secure.url, deadline_s=1, before_send=lambda: True).status == 200
    assert secure.connections == 1
    monkeypatch.setattr(module, "_IDLE_S", 0.0)
    assert trusting.call("GET", secure.url, deadline_s=1).status == 200
    assert secure.connections == 2


def test_the_question_comes_after_the_handshake(secure: Pretend, trusting: Transport) -> None:
    """A slow handshake must not lie between the question and the first byte."""
    connected: list[bool] = []

    def no() -> bool:
        until = time.monotonic() + 2  # the server notes a connection in a thread of its own
        while not secure.connections and time.monotonic() < until:
            time.sleep(0.01)
        connected.append(secure.connections == 1)
        return False

    with pytest.raises(NotSent):
        trusting.call("PUT", secure.url, deadline_s=5, before_send=no)
    assert (connected, secure.seen) == ([True], [])


def test_a_stranger_gets_nothing(secure: Pretend, transport: Transport) -> None:
    """A certificate that is not trusted: no question, no byte."""
    with pytest.raises(NoConnection):
        transport.call("PUT", secure.url, deadline_s=1, before_send=lambda: True)
    assert secure.seen == []


def test_the_deadline_holds(secure: Pretend, trusting: Transport) -> None:
    """Over TLS as well, a drip is over in time."""
    secure.answers = [Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500, 0.05)]
    with pytest.raises(LostReply):
        trusting.call("GET", secure.url, deadline_s=0.4)
