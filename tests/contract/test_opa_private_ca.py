"""An OPA server with a certificate of a private CA: used where the CA file is given, refused where it is not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.opa import find_opa

from plantproof.errors import InputError
from plantproof.policies.opa_server import OpaServerEngine

pytestmark = pytest.mark.opa


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An OPA server behind TLS on the loopback: its address and the CA file."""
    openssl = shutil.which("openssl")
    assert openssl, "the openssl command is missing; on Debian: apt-get install openssl"
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=plant OPA",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(find_opa()), "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error",
         "--tls-cert-file", str(certificate), "--tls-private-key-file", str(key)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        yield f"https://127.0.0.1:{port}", certificate
    finally:
        server.kill()
        server.wait()


def wait_for(port: int) -> None:
    """Until something listens."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the OPA server did not come up")


def test_answers_with_the_ca_file(private: tuple[str, Path]) -> None:
    url, authority = private
    engine = OpaServerEngine(url, ca_file=authority)
    try:
        assert engine.version.startswith("1.")
    finally:
        engine.close()


def test_is_refused_without_the_ca_file(private: tuple[str, Path]) -> None:
    url, _ = private
    engine = OpaServerEngine(url)
    with pytest.raises(InputError) as refused:
        _ = engine.version
    assert "certificate" in str(refused.value).lower()


def test_is_refused_with_another_ca(private: tuple[str, Path], tmp_path: Path) -> None:
    url, _ = private
    other = tmp_path / "other.pem"
    other.write_text(ssl.DER_cert_to_PEM_cert(b"not a certificate"))
    engine = OpaServerEngine(url, ca_file=other)
    with pytest.raises(InputError):
        _ = engine.version
