"""`plantproof schema`: the JSON Schema of a file format, for editors and for people who write the files."""

from __future__ import annotations

import click


@click.command("schema")
@click.argument("name", required=False)
def command(name: str | None) -> int:
    """Print the JSON Schema of the format NAME; without NAME, list the formats."""
    from plantproof.cli.output import write_bytes
    from plantproof.errors import refuse
    from plantproof.files import encode_json
    from plantproof.model.formats import FORMATS, schema_of

    if name is None:
        for known, form in FORMATS.items():
            click.echo(f"{known:<24} {form.where}")
        return 0
    if name not in FORMATS:
        raise refuse(f"no such format: {name}", f"there are: {', '.join(FORMATS)}")
    write_bytes(encode_json(schema_of(name), indent=2), "-")
    return 0
