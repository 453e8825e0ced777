"""A plan to files: a source's folder whole or not at all, one writer at a time. Nothing else of evidence/ writes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence import layout
from plantproof.evidence.collect import Plan
from plantproof.evidence.identity_lines import FILE
from plantproof.safe_places import refuse_links


def read_existing(root: Path, site: str) -> dict[str, bytes]:
    """All files under evidence/<site>/ by path from the project's root: what `collect` starts from. Raises `InputError`
    for symbolic links and special files: they may lead out of the project."""
    layout.check_name(site, "a site")
    base = root / layout.site_folder(site)
    refuse_links(root, base)
    found: dict[str, bytes] = {}
    problems = []
    for folder, folders, files in os.walk(base):
        folders.sort()
        for name in sorted([*files, *folders]):
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                problems.append(Problem(relative, 0, "a symbolic link or special file", "put the file itself there"))
            elif name in files and ".new-" not in relative and ".old-" not in relative:
                found[relative] = path.read_bytes()
    if problems:
        raise InputError(*problems)
    return found


def write(root: Path, plan: Plan) -> None:
    """Carries out a plan under the project's root. The new folder is written beside the old one, flushed, and put in
    its place by renaming, so that whoever looks sees the one or the other. Raises `InputError`, with nothing changed,
    where another process writes, where files changed since the plan was made, or where the disk refuses."""
    folder = layout.source_folder(plan.site, plan.source)
    target = root / folder
    fresh, former = _beside(target)
    refuse_links(root, target)
    with _one_writer(target):
        _recover(target, fresh, former)
        _refuse_changed(root, plan, folder)
        try:
            _fill(fresh, folder, plan)
            with _grown(target.parent / FILE, plan.appended):
                try:
                    if target.exists():
                        target.rename(former)
                    fresh.rename(target)
                except BaseException:
                    if target.exists() and not fresh.exists():
                        target.rename(fresh)
                    if former.exists():
                        former.rename(target)
                    raise
            _flush_folder(target.parent)
        except OSError as error:
            raise refuse(f"cannot be written: {error.strerror or error}", "nothing was changed", path=folder) from None
        finally:
            # Also after Ctrl-C: what is left over here would be refused as evidence that nobody collected.
            shutil.rmtree(fresh, ignore_errors=True)
            if target.exists():
                shutil.rmtree(former, ignore_errors=True)


def _recover(target: Path, fresh: Path, former: Path) -> None:
    """After a crash: the old folder comes back where the new one did not get into place; left-overs go."""
    if former.exists() and not target.exists():
        former.rename(target)
    for left in (fresh, former):
        if left.exists():
            shutil.rmtree(left)
    for file in _beside(target.parent / FILE):
        file.unlink(missing_ok=True)


def _refuse_changed(root: Path, plan: Plan, folder: str) -> None:
    """A plan holds only for the files that it was made from: somebody else may have collected meanwhile."""
    identities = f"{layout.site_folder(plan.site)}/{FILE}"
    now = {}
    for path in [*(root / folder).rglob("*"), root / identities]:
        if path.is_file():
            now[path.relative_to(root).as_posix()] = layout.sha256(path.read_bytes())
    for path_ in sorted({*now, *plan.seen}):
        if now.get(path_) != plan.seen.get(path_):
            raise refuse("changed while this was collected", "run the command again", path=path_)


def _fill(fresh: Path, folder: str, plan: Plan) -> None:
    fresh.mkdir(parents=True)
    for path, data in plan.files.items():
        inner = PurePosixPath(path).relative_to(folder)
        if ".." in inner.parts or inner.is_absolute():
            raise refuse("leads out of the source's folder", path=path)
        place = fresh.joinpath(*inner.parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, data)


@contextlib.contextmanager
def _grown(path: Path, lines: bytes) -> Iterator[None]:
    """Lines at the end of a file while the rest is done, and the file as it was where that fails or is interrupted.
    The file is replaced, not appended to: a full disk would leave half a line, which makes the whole site unreadable.
    """
    if not lines:
        yield
        return
    before = path.read_bytes() if path.exists() else b""
    fresh, former = _beside(path)
    try:
        _write(fresh, before + (b"\n" if before and not before.endswith(b"\n") else b"") + lines)
        _write(former, before)
        fresh.replace(path)
        yield
    except BaseException:
        if before and former.exists():
            former.replace(path)
        elif not before:
            path.unlink(missing_ok=True)
        raise
    finally:
        fresh.unlink(missing_ok=True)
        former.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(f".{path.name}.new-"), path.with_name(f".{path.name}.old-")


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # Windows can neither open nor flush a folder; its rename is durable without.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _one_writer(target: Path) -> Iterator[None]:
    """A lock on the site, outside the project, which the system lets go when the process ends, however it ends."""
    name = hashlib.sha256(str(target.parent.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = open(Path(tempfile.gettempdir(), f"plantproof-{name}.lock"), "ab")  # noqa: SIM115 - closed below
    except OSError as error:
        raise refuse(f"the lock of this site cannot be opened: {error.strerror}", path=target.parent.name) from None
    with lock:
        if not _locked(lock.fileno()):
            raise refuse("another process is collecting into this site", "wait for it to end", path=target.parent.name)
        yield


def _locked(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
