"""The wheel, installed into an empty environment, is a whole Plantproof: its content comes from inside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from tests.support.exports import FORTIOS, IOS

from plantproof.bundled import bundled_content, is_content
from plantproof.cli.start import run
from plantproof.sample.reference import reference_files

ROOT = Path(__file__).resolve().parents[2]
CONTENT_FOLDERS = ("controls/catalogs", "controls/profiles", "mappers", "policies", "reports")

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of what git would take: no build leaves anything in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("src", "controls", "evidence", *CONTENT_FOLDERS):
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(ROOT / name, source / name, dirs_exist_ok=True, ignore=ignored)
    for name in ("pyproject.toml", "plantproof.yaml", "hatch_build.py", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, source)
    output = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(output), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = output.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it. Its dependencies are those of the tests, by a .pth file: no network."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, "--disable-pip-version-check", str(wheel)], check=True)
    # Only now, so that pip installs into the environment and takes nothing for installed already.
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("".join(f"{path}\n" for path in sorted(dependencies)))
    return scripts


@pytest.fixture
def plantproof(environment: Path, tmp_path: Path) -> Plantproof:
    return Plantproof(environment, tmp_path)


class Plantproof:
    """The installed command, run in a folder of its own, with nothing of the checkout in reach."""

    def __init__(self, scripts: Path, folder: Path) -> None:
        self.scripts, self.folder = scripts, folder

    def __call__(self, *arguments: str, code: int = 0) -> str:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "LANG") if name in os.environ}
        variables = {
            **kept, "HOME": str(self.folder), "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Kim", "GIT_AUTHOR_EMAIL": "kim@plant.example",
            "GIT_COMMITTER_NAME": "Kim", "GIT_COMMITTER_EMAIL": "kim@plant.example",
        }  # fmt: skip
        program = str(self.scripts / "plantproof") if arguments[0] != "git" else "git"
        rest = arguments[1:] if arguments[0] == "git" else arguments
        done = subprocess.run(
            [program, *rest], cwd=self.folder, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


def test_the_wheel_holds_the_content_and_apart_from_it_the_sample(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.removeprefix("plantproof/content/") for name in names if name.startswith("plantproof/content/")}
    assert {name for name in inside if is_content(name)} == set(bundled_content().files)
    assert not any("northmill" in name for name in inside)
    assert not any(name.startswith(("tests/", "evidence/", "plantproof/content/evidence")) for name in names)
    assert {"plantproof/reports/static/style.css", "plantproof/reports/narrative/scope.md"} <= set(names)
    sample = "plantproof/sample/project/"
    shipped = {name.removeprefix(sample) for name in names if name.startswith(sample)}
    assert shipped == set(reference_files())
    assert not any("/records/" in name or "/sightings/" in name for name in shipped)


def test_the_sample_of_the_wheel_is_that_of_the_repository(plantproof: Plantproof, tmp_path: Path) -> None:
    """Whole histories are compared by the ids of their branches and tags."""
    plantproof("init", "--quiet", "--sample", "plants")
    assert run(["init", "--quiet", "--sample", str(tmp_path / "ours")]) == 0
    ids = [plantproof("git", "-C", str(tmp_path / name), "show-ref") for name in ("plants", "ours")]
    assert ids[0] == ids[1]
    assert ids[0].count("refs/tags/story/") > 10


def test_the_whole_way_with_the_installed_command(plantproof: Plantproof) -> None:
    """From nothing to a verified pack, as a user goes it."""
    assert plantproof("--version").startswith("plantproof 0.")
    assert "iec62443-3-3       100" in plantproof("catalog", "list")
    plantproof("init", "--site", "works", "--title", "Works")
    assert f"hash: {bundled_content().hash}\n" in (plantproof.folder / "plantproof.yaml").read_text()
    (plantproof.folder / "sw-77.cfg").write_text(IOS)
    (plantproof.folder / "fw-77.conf").write_text(FORTIOS)
    for source, name in (("switches", "sw-77.cfg"), ("firewalls", "fw-77.conf")):
        assert " redacted, " in plantproof("collect", "--source", source, name)
        (plantproof.folder / name).unlink()
    plantproof("git", "init", "-q")
    plantproof("git", "add", "-A")
    plantproof("git", "commit", "-q", "-m", "Begin")
    assert "no mistakes" in plantproof("validate")
    assert "gaps from" in plantproof("check", code=1)
    assert " 0 lint findings" in plantproof("test", "-q", "identity")
    assert "explain" in plantproof("explain", "--help")
    told = plantproof("pack", "--at", "HEAD", "--output", "../pack")
    assert "check it with `plantproof verify ../pack.zip`" in told
    assert "whole and unchanged" in plantproof("verify", "../pack.zip")
    assert "ok   project and content: Works" in plantproof("doctor")
