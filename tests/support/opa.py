"""The OPA command: found, or built from its pinned Go module. And a server of it on the loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MODULE = "github.com/open-policy-agent/opa@v1.22.2"
ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools" / "bin"


def find_opa() -> Path:
    """PLANTPROOF_OPA, .tools/bin/opa, the PATH, else built there with Go. Where none of it works the test is skipped,
    with the reason; with CI=true it fails."""
    named = os.environ.get("PLANTPROOF_OPA")
    candidates = [Path(named)] if named else [TOOLS / "opa", Path(shutil.which("opa") or TOOLS / "opa")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    if not named and shutil.which("go"):
        TOOLS.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GOBIN": str(TOOLS), "GOFLAGS": "-trimpath", "CGO_ENABLED": "0"}
        built = subprocess.run(["go", "install", MODULE], env=environment, capture_output=True, text=True, check=False)
        if built.returncode == 0 and (TOOLS / "opa").is_file():
            return TOOLS / "opa"
        reason = f"opa could not be built: {built.stderr.strip()[-300:]}"
    else:
        reason = f"no opa at {candidates[0]}, and no Go to build it with"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def opa_server(opa: Path, *arguments: str) -> Iterator[str]:
    """A running OPA server on a free port of the loopback: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [str(opa), "run", "--server", "--addr", address, "--log-level", "error", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://{address}/health", timeout=1):
                    break
            except urllib.error.HTTPError:
                break  # it answers: an authorising server refuses /health to strangers
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()
