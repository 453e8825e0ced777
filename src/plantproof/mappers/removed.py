"""Requirements that a profile takes out, on the dates on which that is justified; on all others they are back."""

from __future__ import annotations

import msgspec

from plantproof.mappers.findings import justified
from plantproof.model.intent import SelectedFramework


def with_returned(framework: SelectedFramework, on: str) -> SelectedFramework:
    """The framework with the removed requirements of which the review is overdue, or too far ahead, selected again.

    What is only asked because of them is not evaluated, and so not assessed: the profile has to be mended either way.
    """
    returned = {name: tailoring for name, tailoring in framework.removed if justified(tailoring, on)}
    if not returned:
        return framework
    selected = {control.id: control for control in framework.controls}
    for control in framework.all_controls:
        if control.id in returned:
            selected[control.id] = msgspec.structs.replace(control, tailoring=returned[control.id])
    ordered = [selected.pop(control.id) for control in framework.all_controls if control.id in selected]
    return msgspec.structs.replace(framework, controls=(*ordered, *selected.values()))
