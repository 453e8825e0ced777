"""`plantproof explain --impact`: what a thing reaches downstream, in full, at the width of a terminal."""

from __future__ import annotations

from plantproof.model.impact import Impact
from plantproof.reports.text_lines import Lines
from plantproof.reports.words import counted


def impact_text(what: str, impact: Impact, *, width: int = 80, colour: bool = False) -> str:
    """What `what` reaches: policies, parts, controls by framework, documents, figures. Reach is no verdict."""
    out = Lines(width, colour)
    out.title(f"{what} reaches")
    if not impact.policies and not impact.controls:
        out.line("nothing: no policy that is asked reads it, and no control rests on it.")
        return str(out)
    out.line(numbers(impact))
    for label, names in (("Fields", impact.fields), ("Policies", impact.policies), ("Parts", impact.parts)):
        if names:
            out.pair(label, ", ".join(names))
    for framework, controls in impact.controls.items():
        out.pair(framework, ", ".join(controls))
    for framework, controls in impact.indicated.items():
        out.pair(f"indicated in {framework}", ", ".join(controls))
    for label, names in (("Zones", impact.zones), ("Documents", impact.documents), ("Figures", impact.kpis)):
        if names:
            out.pair(label, "; ".join(names))
    return str(out)


def numbers(impact: Impact) -> str:
    """In one line: `2 policies, 9 parts, 7 controls of iec62443-3-3, 28 documents`."""
    found = []
    if impact.records:
        found.append(counted(sum(impact.records.values()), "record"))
    many = len(impact.policies)
    found += [f"{many} {'policy' if many == 1 else 'policies'}", counted(len(impact.parts), "part")]
    found += [f"{counted(len(named), 'control')} of {framework}" for framework, named in impact.controls.items()]
    found += [counted(len(impact.documents), "document"), counted(len(impact.kpis), "figure")]
    return ", ".join(found)
