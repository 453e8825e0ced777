"""Find or install what the tests need beyond PyPI: the `opa` command and a Chromium. Run by `make tools`.

OPA is built from its Go module, Chromium comes from Debian. What can be had by neither is named, with the command that
would bring it; in continuous integration (CI=true) that is an error, so that nothing is skipped for want of a tool.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools" / "bin"
GO_MODULES = {
    "opa": "github.com/open-policy-agent/opa@v1.22.2",
    "conftest": "github.com/open-policy-agent/conftest@latest",
}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def provide_go_tool(name: str) -> str:
    """Return "" where the tool is there or was built now, else what a person can do."""
    if (TOOLS / name).exists() or shutil.which(name):
        return ""
    go = shutil.which("go") or ("/usr/local/go/bin/go" if Path("/usr/local/go/bin/go").exists() else None)
    if not go:
        return f"{name}: install Go, or put the `{name}` command on PATH"
    sys.stderr.write(f"building {name} from its Go module (about two minutes, once)\n")
    TOOLS.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([go, "install", GO_MODULES[name]], env={**os.environ, "GOBIN": str(TOOLS)}, check=False)
    return "" if done.returncode == 0 else f"{name}: `go install {GO_MODULES[name]}` failed"


def provide_chromium() -> str:
    """Return "" where a Chromium is there or was installed now, else what a person can do."""
    if os.environ.get("PLANTPROOF_CHROMIUM") or any(map(shutil.which, CHROMIUMS)):
        return ""
    remedy = "chromium: apt-get install chromium (or set PLANTPROOF_CHROMIUM)"
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return remedy
    sys.stderr.write("installing chromium from Debian's packages (about a minute, once)\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            return remedy
    return ""


def main() -> int:
    """Provide the tools named on the command line (default: what `make test` needs); 1 if CI misses one."""
    wanted = sys.argv[1:] or ["opa", "chromium"]
    missing = [
        problem for name in wanted if (problem := provide_chromium() if name == "chromium" else provide_go_tool(name))
    ]
    for problem in missing:
        sys.stderr.write(f"missing tool: {problem}\n")
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
