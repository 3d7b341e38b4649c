import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

pytestmark = pytest.mark.fault

_PROGRAM = """
import pathlib
import sys
from callbacks.serving import serve

def page(environment, respond):
    respond("200 OK", [("Content-Type", "text/plain")])
    return [b"started" if started else b"not started"]

started = []
certificate = tuple(map(pathlib.Path, sys.argv[2:])) or None
serve(page, lambda: started.append(1), "127.0.0.1", int(sys.argv[1]), clients=4, certificate=certificate)
"""


def read(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


def wait_for(port: int, answers: bool) -> None:
    give_up_at = time.monotonic() + 15
    while True:
        try:
            read(port)
            is_there = True
        except (OSError, http.client.HTTPException):
            is_there = False
        if is_there is answers:
            return
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_it_serves_from_a_worker_that_began_and_dies_with_its_master() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    master = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(port)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, answers=True)
        assert read(port) == b"started"
    finally:
        os.kill(master.pid, signal.SIGKILL)
        master.wait()
    wait_for(port, answers=False)


def test_it_serves_by_tls_where_there_is_a_certificate(tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", _PROGRAM, str(port), str(chain), str(key)]
    master = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    trusting = ssl.create_default_context(cafile=str(chain))
    try:
        give_up_at = time.monotonic() + 15
        while True:
            connection = http.client.HTTPSConnection("localhost", port, timeout=2, context=trusting)
            try:
                connection.request("GET", "/")
                assert connection.getresponse().read() == b"started"
                break
            except OSError:
                assert time.monotonic() < give_up_at
                time.sleep(0.05)
            finally:
                connection.close()
    finally:
        os.kill(master.pid, signal.SIGKILL)
        master.wait()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A chain and key for localhost that sign themselves."""
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, made.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    chain, key = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(builder.sign(made, hashes.SHA256()).public_bytes(Encoding.PEM))
    key.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, key
