"""`plantproof config`: the settings in force with their origins, and the pin of the content."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import project_option


@click.group("config")
def command() -> None:
    """Show the settings with their origins; pin the content that the project is judged with."""


@command.command("show")
@project_option
@click.option("--json", "as_json", is_flag=True, help="JSON instead of lines.")
def show(folder: Path, as_json: bool) -> int:
    """Every setting in force: its value, and whether plantproof.yaml, the environment or a default says so."""
    import os

    import msgspec

    from plantproof.cli.output import write_bytes
    from plantproof.cli.settings import flattened
    from plantproof.files import encode_json, load_yaml, parse_yaml
    from plantproof.model.project_file import ProjectFile
    from plantproof.project import find_project
    from plantproof.text import visible

    data = (find_project(folder) / "plantproof.yaml").read_bytes()
    written = flattened(parse_yaml(data, "plantproof.yaml").value)
    file = load_yaml(data, "plantproof.yaml", ProjectFile)
    # msgspec leaves defaults out of what it writes: the top fields and the limits are read off the values.
    top = zip(file.__struct_encode_fields__, file.__struct_fields__, strict=True)
    in_force = {name: msgspec.to_builtins(getattr(file, field)) for name, field in top}
    in_force["limits"] = msgspec.structs.asdict(file.limits)
    rows = [
        {"setting": key, "value": value, "origin": "plantproof.yaml" if key in written else "default"}
        for key, value in sorted({**flattened(in_force), **written}.items())
        if value != {} or not any(other.startswith(f"{key}.") for other in written)
    ]
    for variable in (
        "PLANTPROOF_CACHE",
        "PLANTPROOF_CACHE_DIR",
        "PLANTPROOF_REDACTION_KEY",
        "SOURCE_DATE_EPOCH",
        "NO_COLOR",
        "FORCE_COLOR",
    ):
        if variable in os.environ:
            value = "(set)" if "KEY" in variable else os.environ[variable]
            rows.append({"setting": variable, "value": value, "origin": "environment"})
    if as_json:
        write_bytes(encode_json(rows, indent=2), "-")
        return 0
    for row in rows:
        click.echo(visible(f"{row['setting']} = {row['value']}  ({row['origin']})"))
    return 0


@command.command("pin")
@project_option
def pin(folder: Path) -> int:
    """Accept the installed content: write its version and hash into plantproof.yaml.

    Look first: `plantproof check --content installed` shows what the installed content says of the plant.
    """
    import re

    from plantproof.cli.output import write_bytes
    from plantproof.errors import refuse
    from plantproof.files import load_yaml
    from plantproof.model.project_file import ProjectFile
    from plantproof.project import bundled_content, find_project

    path = find_project(folder) / "plantproof.yaml"
    text = path.read_text(encoding="utf-8")
    before = load_yaml(text.encode(), "plantproof.yaml", ProjectFile).content
    content = bundled_content()
    # The file is a person's: only the two values change, comments and order stay.
    block = re.compile(r"(?m)^content:[^\n]*\n(?:[ \t]+[^\n]*\n|[ \t]*\n)*")
    if not block.search(text):
        raise refuse("the `content:` block is not in block style", "write it over three lines", path="plantproof.yaml")
    text = block.sub(f"content:\n  version: {content.version}\n  hash: {content.hash}\n", text, count=1)
    load_yaml(text.encode(), "plantproof.yaml", ProjectFile)
    write_bytes(text.encode(), str(path))
    if before.hash == content.hash:
        click.echo(f"content {content.version} ({content.hash[:12]}) was pinned already")
    else:
        click.echo(
            f"content {before.version} ({before.hash[:12]}) -> {content.version} ({content.hash[:12]}); commit it"
        )
    return 0


@command.command("copy")
@project_option
@click.argument("path")
def copy(folder: Path, path: str) -> int:
    """Copy a shipped file into the project, to be changed there, e.g. mappers/iec62443-3-3.yaml.

    PATH is as in `overrides:`; a folder lists the files in it. Nothing that exists is overwritten.
    """
    from plantproof.cli.output import write_in_project
    from plantproof.errors import refuse
    from plantproof.project import bundled_content, find_project
    from plantproof.spelling import did_you_mean

    shipped = bundled_content().files
    under = [name for name in sorted(shipped) if name.startswith(f"{path.rstrip('/')}/")]
    if under:
        click.echo("\n".join(under))
        return 0
    if path not in shipped:
        tops = ", ".join(sorted({name.split("/", 1)[0] for name in shipped}))
        hint = did_you_mean(path, shipped) or f"`plantproof config copy FOLDER` lists what is shipped: {tops}"
        raise refuse("no file of this path is shipped", hint, path=path)
    root = find_project(folder)
    target = root / path
    if target.exists() or target.is_symlink():
        raise refuse("is there already", "it is the project's own: change it", path=path)
    write_in_project(root, path, shipped[path])
    click.echo(path)
    click.echo(
        "Next: change it, and say why in plantproof.yaml; until then it is refused:\n"
        f"  overrides:\n    - path: {path}\n      reason: ..."
    )
    return 0
