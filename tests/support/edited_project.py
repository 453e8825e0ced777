"""The evidence of the small project edited by hand, with or without the custody that fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from tests.support.collected_again import fitting

ROOT = "evidence/works/switches/"
SETTINGS = f"{ROOT}records/setting.jsonl"
Record = dict[str, Any]


def first(project: Path) -> str:
    """The asset that the switch is."""
    record: dict[str, str] = msgspec.json.decode((project / SETTINGS).read_bytes().splitlines()[0])
    return record["asset"]


def edit(project: Path, path: str, change: Callable[[list[Record]], object]) -> None:
    """Lines of a file changed, and nothing else."""
    lines = [msgspec.json.decode(line) for line in (project / path).read_bytes().splitlines()]
    change(lines)
    (project / path).write_bytes(b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines))


def fit(project: Path, **fields: object) -> None:
    """The custody of the switches made to fit, with some fields changed."""
    folder = project / ROOT
    paths = [path for path in folder.rglob("*") if path.is_file()]
    files = {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}
    custody = f"{ROOT}custody.yaml"
    (project / custody).write_bytes(fitting(files, custody, **fields)[custody])


def telnet(project: Path) -> None:
    """What the switch says of Telnet turned over, without the custody that fits."""

    def change(lines: list[Record]) -> None:
        (line,) = (each for each in lines if each["key"] == "telnet.enabled")
        line["value"] = not line["value"]

    edit(project, SETTINGS, change)
