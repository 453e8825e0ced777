"""Pages made from the shipped content: every policy, and how much of each framework the mappings answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from plantproof.controls.catalogs import control_of
from plantproof.controls.listing import catalogs
from plantproof.files import load_yaml, parse_yaml
from plantproof.git_opening import open_repository
from plantproof.model.catalog import Catalog
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.mapping import Mapping
from plantproof.model.policy import Bundle, Join, Policy
from plantproof.policies.bundle import load_bundle
from plantproof.project import Project, open_project
from reference.markdown import code, codes, page, prose, summary, table

ROOT = Path(__file__).resolve().parents[2]


class Read(NamedTuple):
    """The shipped content, read once."""

    project: Project
    bundle: Bundle
    catalogs: dict[str, Catalog]
    mappings: dict[str, Mapping]
    crosswalks: tuple[Crosswalk, ...]


@cache
def content() -> Read:
    """The content of this checkout, whatever plantproof.yaml pins."""
    project = open_project(open_repository(ROOT).working_tree(), accept_content=True)
    read_catalogs = {
        row.framework: load_yaml(project.read(f"controls/catalogs/{row.framework}.yaml"), row.framework, Catalog)
        for row in catalogs(project)
    }
    mappings, crosswalks = {}, []
    for path in project.list("mappers"):
        if path.endswith(".yaml") and "/crosswalks/" in path:
            crosswalks.append(parse_yaml(project.read(path), path).convert(Crosswalk))
        elif path.endswith(".yaml"):
            mapping = load_yaml(project.read(path), path, Mapping)
            mappings[mapping.framework] = mapping
    return Read(project, load_bundle(project), read_catalogs, mappings, tuple(crosswalks))


def policies_page() -> str:
    """One section a policy."""
    every = content().bundle.policies
    rows = (
        (f"[{code(name)}](#{anchor(name)})", policy.title, code(policy.metadata.subject), policy.metadata.severity)
        for name, policy in sorted(every.items())
    )
    return page(
        "Policies",
        prose(
            f"The {len(every)} policies that are shipped. What they declare is read from the METADATA block of each "
            "file; what they read is all that they see. *Answers for* names the requirements whose parts rest on the "
            "policy; see [coverage](coverage.md)."
        ),
        table(["policy", "what must hold", "judges", "severity"], rows),
        *(policy_section(policy) for _, policy in sorted(every.items())),
    )


def anchor(policy: str) -> str:
    """The anchor that a heading `family/name` gets."""
    return policy.replace("/", "")


def policy_section(policy: Policy) -> str:
    metadata = policy.metadata
    facts = [
        ("judges", code(metadata.subject) + _for(policy)),
        ("severity", metadata.severity),
        ("may affect", codes(metadata.may_affect)),
        ("reads", codes(f"{field}{'' if need == 'required' else '?'}" for field, need in metadata.reads.items())),
        ("follows", "; ".join(f"{code(field)}: {codes(fields)}" for field, fields in metadata.follow.items())),
        ("joins", "; ".join(_join(kind, join) for kind, join in metadata.joins.items())),
        ("ages", "; ".join(f"{code(field)} against {code(limit)}" for field, limit in metadata.ages.items())),
        ("whole-site records", codes(metadata.context)),
        ("remediation", metadata.remediation.action),
        ("window", metadata.remediation.window),
        ("until then", metadata.remediation.interim),
        ("answers for", _answers_for(policy.id)),
        ("file", f"[{policy.path}](../../{policy.path})"),
    ]
    blocks = [f"## {policy.id}", f"**{policy.title}.** {summary(policy.description)}"]
    blocks.append(table(["", ""], (fact for fact in facts if fact[1])))
    if metadata.parameters:
        rows = (
            (
                code(name),
                each.description,
                code(msgspec.json.encode(each.default).decode()),
                each.unit,
                _limits(each.min, each.max),
            )
            for name, each in metadata.parameters.items()
        )
        blocks.append(table(["parameter", "meaning", "default", "unit", "limits"], rows))
    return "\n\n".join(blocks)


def _for(policy: Policy) -> str:
    return "".join(f", where {code(field)} is {codes(values)}" for field, values in policy.metadata.for_.items())


def _join(kind: str, join: Join) -> str:
    where = "".join(f" where {code(field)} is {codes(values)}" for field, values in join.where.items())
    covered = "" if join.covered == "optional" else ", covered by a source"
    return f"{code(kind)}{where}: {codes(join.fields)}{covered}"


def _limits(low: float | None, high: float | None) -> str:
    return " ".join(
        text
        for text in (f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else "")
        if text
    )


def _answers_for(policy: str) -> str:
    found = []
    for framework, mapping in sorted(content().mappings.items()):
        controls = [
            control
            for control, mapped in mapping.controls.items()
            if any(answer.policy == policy for part in mapped.parts for answer in (*part.all_of, *part.any_of))
        ]
        if controls:
            found.append(f"{framework}: {', '.join(controls)}")
    return "; ".join(found) or "no requirement yet"


class Coverage(NamedTuple):
    """How much of a set of requirements the mappings answer."""

    requirements: int
    with_parts: int
    by_policy: int
    by_attestation: int
    complete: int


def coverage_of(mapping: Mapping | None, controls: Iterable[str]) -> Coverage:
    """Counts over the named controls; the two ways of answering overlap."""
    names = list(controls)
    mapped = [mapping.controls[name] for name in names if mapping and name in mapping.controls]
    answers = [[answer for part in each.parts for answer in (*part.all_of, *part.any_of)] for each in mapped]
    return Coverage(
        requirements=len(names),
        with_parts=sum(bool(each.parts) for each in mapped),
        by_policy=sum(any(answer.policy for answer in one) for one in answers),
        by_attestation=sum(any(answer.attestation for answer in one) for one in answers),
        complete=sum(each.complete for each in mapped),
    )


def coverage_rows() -> list[tuple[str, str, Coverage]]:
    """Framework, which of its requirements, counts: all, and each level or baseline."""
    rows = []
    for name, catalog in sorted(content().catalogs.items()):
        mapping = content().mappings.get(name)
        rows.append((name, "all", coverage_of(mapping, catalog.controls)))
        rows += [(name, baseline, coverage_of(mapping, listed)) for baseline, listed in catalog.baselines.items()]
        levels = {control: control_of(catalog, control).level for control in catalog.controls}
        for level in sorted({level for level in levels.values() if level}):
            upto = [control for control, own in levels.items() if own is not None and own <= level]
            rows.append((name, f"up to SL {level}", coverage_of(mapping, upto)))
    return rows


def coverage_page() -> str:
    titles = table(
        ["framework", "catalog", "edition", "requirements", "mapping"],
        (
            (
                code(name),
                each.title,
                each.edition,
                len(each.controls),
                f"[mappers/{name}.yaml](../../mappers/{name}.yaml)" if name in content().mappings else "none",
            )
            for name, each in sorted(content().catalogs.items())
        ),
    )
    counted = table(
        ["framework", "of them", "requirements", "with parts", "by policies", "by attestations", "complete"],
        ((code(name), which, *coverage) for name, which, coverage in coverage_rows()),
    )
    crosswalks = table(
        ["from", "to", "rows", "source"],
        (
            (
                code(each.from_),
                code(each.to),
                len(each.pairs),
                each.source,
            )
            for each in content().crosswalks
        ),
    )
    return page(
        "Catalogs and coverage",
        prose(
            "Which requirements are shipped, and for how many a mapping says what answers them. A requirement without "
            "parts is in every report as not assessed, by name."
        ),
        titles,
        "## How much is answered",
        prose(
            "*With parts*: at least one part is mapped. *By policies*, *by attestations*: at least one part rests on "
            "one; they overlap. *Complete*: a reviewer holds the parts to be all that the requirement asks. Only a "
            "complete requirement can be satisfied; the others can be not satisfied."
        ),
        counted,
        "## Crosswalks\n\nA crosswalk indicates, it never satisfies.",
        crosswalks,
        "## What the catalogs do not hold",
        prose(
            "No text of any standard: ids, short titles, levels and baselines only, each with its source. Levels of "
            "IEC 62443-3-3 come from public sources that sometimes disagree; verify them against your licensed copy."
        ),
        notices(),
    )


def notices() -> str:
    return "\n".join(
        f"- {code(name)}: {each.notice}" for name, each in sorted(content().catalogs.items()) if each.notice
    )
