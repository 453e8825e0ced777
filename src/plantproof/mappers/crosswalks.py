"""Crosswalks applied: what findings of one framework indicate of another (verdicts.md 5 and 6)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.files import load_yaml, parse_yaml
from plantproof.model.assessment import ControlFinding, FrameworkResult
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.intent import Intent
from plantproof.model.vocabulary import Conclusion
from plantproof.project import Project
from plantproof.spelling import did_you_mean

FOLDER = "mappers/crosswalks"


def load_crosswalks(project: Project, intent: Intent) -> tuple[Crosswalk, ...]:
    """Read mappers/crosswalks/*.yaml, those between selected frameworks.

    Raises InputError with every mistake, such as a control that is not in its catalog.
    """
    catalogs = {framework.catalog.id: framework.catalog for framework in intent.frameworks}
    found: list[Crosswalk] = []
    problems: list[Problem] = []
    for path in sorted(path for path in project.list(FOLDER) if path.endswith(".yaml")):
        data = project.read(path)
        try:
            crosswalk = load_yaml(data, path, Crosswalk)
        except InputError as error:
            problems += error.problems
            continue
        line_of = parse_yaml(data, path).line_of
        for control, others in crosswalk.pairs.items():
            for framework, ids in ((crosswalk.from_, [control]), (crosswalk.to, others)):
                known = catalogs[framework].controls if framework in catalogs else None
                problems += [
                    Problem(path, line_of(("pairs", control)), f"{framework} has no control `{each}`", hint)
                    for each in ids
                    if known is not None and each not in known
                    for hint in [did_you_mean(each, known)]
                ]
        if crosswalk.from_ in catalogs and crosswalk.to in catalogs:
            found.append(crosswalk)
    if problems:
        raise InputError(*problems)
    return tuple(found)


def indicate(frameworks: Sequence[FrameworkResult], crosswalks: Sequence[Crosswalk]) -> list[FrameworkResult]:
    """Write into each finding what findings of other frameworks indicate: `framework/control: conclusion`. Only what is
    satisfied or not-satisfied indicates anything, and no conclusion changes."""
    spoken: dict[str, dict[str, Conclusion]] = {}
    for framework in frameworks:
        for finding in framework.controls:
            if finding.conclusion in (Conclusion.SATISFIED, Conclusion.NOT_SATISFIED):
                spoken.setdefault(framework.framework, {})[finding.control] = finding.conclusion
    words: dict[tuple[str, str], set[str]] = {}
    for crosswalk in crosswalks:
        for control, conclusion in spoken.get(crosswalk.from_, {}).items():
            for other in crosswalk.pairs.get(control, ()):
                text = f"{crosswalk.from_}/{control}: {conclusion}"
                words.setdefault((crosswalk.to, other), set()).add(text)
    return [
        msgspec.structs.replace(
            framework,
            controls=[
                _indicated(finding, words.get((framework.framework, finding.control))) for finding in framework.controls
            ],
        )
        for framework in frameworks
    ]


def _indicated(finding: ControlFinding, words: set[str] | None) -> ControlFinding:
    return msgspec.structs.replace(finding, indicated_by=sorted(words)) if words else finding
