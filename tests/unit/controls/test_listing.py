"""What `catalog list` shows."""

from __future__ import annotations

import pytest

from plantproof.bundled import Content
from plantproof.controls.listing import catalogs, controls
from plantproof.errors import InputError


def test_every_catalog_is_listed_with_its_size(content: Content) -> None:
    rows = catalogs(content)
    assert [(row.framework, row.controls, row.withdrawn) for row in rows] == [
        ("csf20", 106, 91),
        ("iec62443-3-2", 32, 0),
        ("iec62443-3-3", 100, 0),
        ("sp800-53r5", 1014, 182),
    ]
    assert rows[3].baselines["OT-MODERATE"] == 304
    assert rows[2].line() == (
        "iec62443-3-3       100  IEC 62443-3-3 System security requirements and security levels (2013 with COR1:2014)"
    )


def test_requirements_are_listed_by_level_and_by_baseline(content: Content) -> None:
    assert len(controls(content, "iec62443-3-3", level=2)) == 60
    rows = controls(content, "sp800-53r5", baseline="OT-LOW")
    assert len(rows) == 160
    assert rows[0].line() == (
        "AC-1           Policy and Procedures  [LOW, MODERATE, HIGH, PRIVACY, OT-LOW, OT-MODERATE, OT-HIGH]"
    )


def test_a_contested_level_shows_its_doubt(content: Content) -> None:
    row = next(row for row in controls(content, "iec62443-3-3") if row.id == "SR 4.1 RE 2")
    assert row.line() == "SR 4.1 RE 2    SL 4 3-4? low     Protection of confidentiality across zone boundaries"


def test_a_project_lists_its_own_catalogs_as_well(project_of) -> None:
    own = (
        "schema: plantproof/catalog/1\nid: own\ntitle: Own\nedition: '1'\npublisher: P\nsources: [s]\nids: csf\n"
        "groups: [{id: OW.NX, title: G}]\ncontrols: {OW.NX-01: Something}\n"
    )
    project = project_of({"controls/catalogs/own.yaml": own})
    assert [row.framework for row in catalogs(project)] == [
        "csf20",
        "iec62443-3-2",
        "iec62443-3-3",
        "own",
        "sp800-53r5",
    ]
    assert [row.title for row in controls(project, "own")] == ["Something"]


@pytest.mark.parametrize(
    ("framework", "asked", "message"),
    [
        ("csf2", {}, "no catalog `csf2` (did you mean `csf20`?)"),
        ("csf20", {"level": 2}, "the requirements of csf20 have no levels"),
        ("iec62443-3-2", {"level": 2}, "the requirements of iec62443-3-2 have no levels"),
        ("sp800-53r5", {"level": 2}, "the requirements of sp800-53r5 have no levels (use --baseline)"),
        ("sp800-53r5", {"baseline": "OT-MODERAT"}, "no baseline `OT-MODERAT` in sp800-53r5 (did you mean"),
        ("csf20", {"baseline": "LOW"}, "no baseline `LOW` in csf20 (there are: none)"),
    ],
)
def test_what_is_not_there_is_refused(framework: str, asked, message: str, content: Content) -> None:
    with pytest.raises(InputError) as error:
        controls(content, framework, **asked)
    assert message in str(error.value)
