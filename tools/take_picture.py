"""Take the picture of the README: the overview page of a pack, in Chromium. `take_picture.py PACK`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from provide_tools import CHROMIUMS

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "overview.png"
WIDTH, HEIGHT, SCALE = 1400, 1500, 0.7
LARGEST = 200_000


def main() -> None:
    """Write docs/images/overview.png from the pack that is named on the command line."""
    import shutil

    browser = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on PATH; `make tools` says how to get one")
    page = Path(sys.argv[1]).resolve() / "html" / "index.html"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
        size = [f"--window-size={WIDTH},{HEIGHT}", f"--force-device-scale-factor={SCALE}"]
        command = [browser, *options, *size, f"--screenshot={TARGET}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    if TARGET.stat().st_size > LARGEST:
        sys.exit(f"{TARGET} is larger than {LARGEST} bytes: make the window smaller")


if __name__ == "__main__":
    main()
