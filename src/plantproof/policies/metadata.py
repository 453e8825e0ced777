"""The METADATA block of a policy: comments to the engine, the policy's declaration to us."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from plantproof import files
from plantproof.errors import InputError, Problem
from plantproof.model.evidence import Form
from plantproof.model.policy import PolicyMetadata
from plantproof.model.records import DECLARED_KINDS, DERIVED_KINDS, KINDS, Text

REFERENCES = {
    "asset": "asset",
    "conduit": "conduit",
    "dst": "asset",
    "dst_zone": "zone",
    "parent": "asset",
    "src": "asset",
    "src_zone": "zone",
    "zone": "zone",
}
"""Fields that hold the id of another subject, and of which kind. More than these cannot be followed."""

HINT = "write a `# METADATA` comment block right above `package`"


class Block(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What OPA knows of a METADATA block (annotations of package scope); `custom` is ours."""

    title: Text
    description: Text
    custom: PolicyMetadata
    scope: Literal["package"] = "package"
    organizations: list[Text] = []
    authors: list[Any] = []
    related_resources: list[Any] = []


class Declaration(NamedTuple):
    """A block as read, with the line of `# METADATA` and the place of every part."""

    block: Block
    line: int
    document: files.YamlDocument

    def problem(self, pointer: tuple[str | int, ...], message: str, hint: str = "") -> Problem:
        """A mistake in the part of `custom:` that `pointer` leads to."""
        return self.document.problem(("custom", *pointer), message, hint)


def read_metadata(source: str, path: str) -> Declaration:
    """Read the block above `package`. Lines and columns of mistakes are those of the Rego file.

    Raises `InputError` with every mistake of form and type, and every contradiction.
    """
    lines = source.split("\n")
    package = next((index for index, line in enumerate(lines) if line.startswith("package ")), len(lines))
    starts = [index for index in range(package) if lines[index].rstrip() == "# METADATA"]
    if not starts:
        raise InputError(Problem(path, 1, "has no METADATA block", HINT))
    if len(starts) > 1:
        raise InputError(Problem(path, starts[1] + 1, "has a second METADATA block above `package`", HINT))
    start = starts[0]
    if any(not line.startswith("#") for line in lines[start + 1 : package]):
        raise InputError(Problem(path, start + 1, "METADATA block does not reach to `package`", HINT))
    if not "".join(lines[start + 1 : package]).strip("# \t\r"):
        raise InputError(Problem(path, start + 1, "METADATA block is empty", HINT))
    # The file with everything but the block blanked out is YAML whose lines and columns are the file's.
    block = lines[start + 1 : package]
    blanked = [""] * (start + 1) + [" " + line[1:] if line.strip() != "#" else "" for line in block]
    document = files.parse_yaml(("\n".join(blanked) + "\n").encode(), path)
    declaration = Declaration(document.convert(Block), start + 1, document)
    problems = _contradictions(declaration)
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return declaration


def _contradictions(declaration: Declaration) -> list[Problem]:
    metadata = declaration.block.custom
    problems = []
    kinds = sorted([*KINDS, *DECLARED_KINDS, *DERIVED_KINDS])
    known = f"one of: {', '.join(kinds)}"
    if metadata.subject not in kinds:
        problems.append(declaration.problem(("subject",), f"`{metadata.subject}` is no kind of subject", known))
    for kind, join in metadata.joins.items():
        if kind not in kinds:
            problems.append(declaration.problem(("joins", kind), f"`{kind}` is no kind of record", known))
        problems += _unknown_fields(declaration, ("joins", kind, "fields"), kind, join.fields)
        problems += _unknown_fields(declaration, ("joins", kind, "where"), kind, list(join.where))
    problems += _unknown_fields(declaration, ("reads",), metadata.subject, list(metadata.reads))
    for index, kind in enumerate(metadata.context):
        if kind not in DECLARED_KINDS:
            hint = f"one of: {', '.join(DECLARED_KINDS)}"
            problems.append(declaration.problem(("context", index), f"`{kind}` is not given as a whole", hint))
    for name in ("joins", "ages"):
        if name in metadata.reads:
            problems.append(declaration.problem(("reads", name), f"`input.{name}` is the framework's"))
    problems += _reference_problems(declaration)
    problems += _age_problems(declaration)
    problems += _parameter_problems(declaration)
    return problems


def _reference_problems(declaration: Declaration) -> list[Problem]:
    metadata = declaration.block.custom
    problems = []
    known = f"one of: {', '.join(REFERENCES)}"
    own = [name for name in metadata.for_ if "." not in name]
    problems += _unknown_fields(declaration, ("for",), metadata.subject, own)
    for name, values in metadata.for_.items():
        reference, _, field = name.partition(".")
        if not values:
            problems.append(
                declaration.problem(("for", name), "an empty list never applies", "name at least one value")
            )
        if "." in field:
            message = f"`{name}` looks through more than one reference"
            problems.append(declaration.problem(("for", name), message, "write `asset.role`"))
        elif field and reference not in REFERENCES:
            problems.append(declaration.problem(("for", name), f"`{reference}` cannot be followed", known))
        elif field:
            kind = REFERENCES[reference]
            problems += _unknown_fields(declaration, ("for",), kind, [field], shown=name)
    for name, fields in metadata.follow.items():
        if name not in REFERENCES:
            problems.append(declaration.problem(("follow", name), f"`{name}` cannot be followed", known))
        else:
            problems += _unknown_fields(declaration, ("follow", name, "fields"), REFERENCES[name], fields)
        if name in metadata.reads:
            hint = "`input` has one place for both: leave it out of `reads`"
            problems.append(declaration.problem(("follow", name), f"`{name}` is followed and read", hint))
    return problems


def _age_problems(declaration: Declaration) -> list[Problem]:
    metadata = declaration.block.custom
    problems = []
    for name, parameter in metadata.ages.items():
        if name not in metadata.reads:
            problems.append(declaration.problem(("ages", name), f"`{name}` is not in `reads`", "declare it there too"))
        if parameter not in metadata.parameters:
            hint = "declare it with its limit in days"
            problems.append(declaration.problem(("ages", name), f"no parameter is called `{parameter}`", hint))
        elif not _is_number(metadata.parameters[parameter].default):
            problems.append(declaration.problem(("parameters", parameter), "an age in days is a number"))
    return problems


def _parameter_problems(declaration: Declaration) -> list[Problem]:
    problems = []
    for name, parameter in declaration.block.custom.parameters.items():
        place = ("parameters", name, "default")
        if not within_limits(parameter.default, parameter.min, parameter.max):
            problems.append(declaration.problem(place, "the default is outside of the limits"))
        limited = parameter.min is not None or parameter.max is not None
        if limited and not _is_number(parameter.default):
            problems.append(declaration.problem(place, "only a number can have limits"))
    return problems


def within_limits(value: Any, least: float | None, most: float | None) -> bool:
    """Whether a number respects the limits of its parameter. What is no number has none."""
    if not _is_number(value):
        return True
    return (least is None or value >= least) and (most is None or value <= most)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _unknown_fields(
    declaration: Declaration, place: tuple[str | int, ...], kind: str, names: list[str], shown: str = ""
) -> list[Problem]:
    """Derived and declared kinds are checked by what the plant offers, evidence kinds by their type."""
    if kind not in KINDS:
        return []
    fields = KINDS[kind].__struct_fields__
    hint = f"it has: {', '.join(fields)}"
    problems = []
    for index, name in enumerate(names):
        if name.removesuffix("?") not in fields:
            at = (
                (*place[:-1], index)
                if place[0] == "follow"
                else (*place, index if place[-1] == "fields" else shown or name)
            )
            problems.append(declaration.problem(at, f"{kind} has no field `{name}`", hint))
    return problems
