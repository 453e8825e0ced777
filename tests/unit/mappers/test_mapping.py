"""Mappings as people write them: every mistake at once, with its line and a hint."""

from __future__ import annotations

from typing import cast

import pytest
from msgspec.structs import replace
from tests.support.mapper_world import IEC, NIST, control, framework, policy, waive

from plantproof.errors import InputError
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.crosswalks import load_crosswalks
from plantproof.mappers.mapping import beyond, load_mappings
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping
from plantproof.model.policy import Bundle, Parameter, Scalar
from plantproof.model.waiver import Compensation
from plantproof.project import Project

GOOD = """\
schema: plantproof/mapping/1
framework: iec62443-3-3
controls:
  SR 1.1:
    complete: true
    reviewed: {by: R. Eviewer, on: "2026-01-01"}
    parts:
      - id: a
        asks: something
        scope: component
        aspect: configuration
        all_of:
          - {policy: f/x, with: {max_days: 30}, coverage: full}
"""

BAD = """\
schema: plantproof/mapping/1
framework: iec62443-3-3
controls:
  SR 1.01:
    complete: true
    parts:
      - id: a
        asks: something
        scope: component
        aspect: configuration
        all_of:
          - {policy: f/xx, coverage: full}
          - {policy: f/x, with: {max_day: 3}, coverage: partial}
      - id: a
        asks: something
        scope: component
        aspect: configuration
        all_of:
          - {policy: f/x, with: {max_days: 400}, coverage: full}
        any_of:
          - {policy: f/x, attestation: doors, coverage: full, leaves_out: much}
      - id: c
        asks: something
        scope: component
        aspect: configuration
"""


CROSSWALK = """\
schema: plantproof/crosswalk/1
from: iec62443-3-3
to: iec62443-3-3
source: by hand
pairs:
  SR 1.1: [SR 1.2]
"""


class Folder:
    """Stands in for a project: paths and their bytes."""

    def __init__(self, **files: str) -> None:
        self.files = {name.replace("__", "/") + ".yaml": text.encode() for name, text in files.items()}

    def list(self, under: str) -> list[str]:
        return [path for path in self.files if path.startswith(f"{under}/")]

    def read(self, path: str) -> bytes:
        return self.files[path]


def bundle() -> Bundle:
    known = policy("f/x")
    limited = {"max_days": Parameter(description="days", default=90, min=1, max=365)}
    known = replace(known, metadata=replace(known.metadata, parameters=limited))
    return Bundle(policies={"f/x": known, "f/watch": policy("f/watch")}, libraries={})


def intent(**parameters: int) -> Intent:
    iec = framework([control("SR 1.1"), control("SR 1.2")], parameters=dict(parameters))
    return Intent(frameworks=(iec,), sites={}, waivers=())


def load(of: Intent | None = None, **files: str) -> tuple[Mapping, ...]:
    return load_mappings(cast("Project", Folder(**files)), of or intent(), bundle())


def mistakes(of: Intent | None = None, **files: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(of, **files)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_mapping_is_read() -> None:
    """Files in subfolders, and those that are not YAML, are no mappings."""
    found = load(mappers__iec=GOOD, mappers__crosswalks__x="nonsense")
    assert [each.framework for each in found] == [IEC]


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    """Lines count from 1, and each mistake has the line of what is wrong."""
    found = mistakes(mappers__iec=BAD)
    assert [text.split(": ", 1)[0].split(":")[1] for text in found] == [
        "4",
        "5",
        "12",
        "13",
        "13",
        "14",
        "14",
        "19",
        "21",
        "21",
        "22",
    ]
    text = "\n".join(found)
    for words in (
        "iec62443-3-3 has no control `SR 1.01` (did you mean `SR 1.1`?)",
        "`SR 1.01` is complete, but nobody has reviewed",
        "there is no policy `f/xx` (did you mean `f/x`?)",
        "`f/x` has no parameter `max_day` (did you mean `max_days`?)",
        "a partial answer says in `leaves_out` what it leaves out",
        "part `a` is there twice",
        "part `a` has both `all_of` and `any_of`",
        "parameter `max_days` of `f/x` is at most 365, not 400",
        "an answer is either a `policy` or an `attestation`",
        "a full answer leaves nothing out",
        "part `c` has no answer",
    ):
        assert words in text


def test_unknown_fields_and_wrong_words_are_mistakes() -> None:
    found = mistakes(mappers__iec=GOOD.replace("scope: component", "scope: device").replace("asks:", "ask:"))
    assert all(text.startswith("mappers/iec.yaml:") for text in found)
    assert any("device" in text for text in found)
    assert any("ask" in text for text in found)


def test_two_mappings_of_one_framework_are_a_mistake() -> None:
    """Which one holds would depend on the order of files."""
    (found,) = mistakes(mappers__a=GOOD, mappers__b=GOOD)
    assert found.startswith("mappers/b.yaml:2:")
    assert "mappers/a.yaml maps iec62443-3-3 already" in found
    assert "`plantproof config copy mappers/a.yaml`" in found


def test_a_mapping_of_a_framework_that_nobody_selects_is_checked_and_left_out() -> None:
    """Its controls cannot be checked without the catalog, its policies can."""
    other = GOOD.replace("iec62443-3-3", "another")
    assert load(mappers__another=other) == ()
    assert "there is no policy `f/y`" in mistakes(mappers__another=other.replace("f/x", "f/y"))[0]


def provided(how: str) -> str:
    return GOOD.replace("        all_of:", f'        provided_by: "{how}"\n        all_of:')


@pytest.mark.parametrize("how", ["common", "Hybrid: the directory", "vendor : the cloud"])
def test_a_function_is_provided_in_one_of_three_ways(how: str) -> None:
    assert load(mappers__iec=provided(how))[0].controls["SR 1.1"].parts[0].provided_by == how


@pytest.mark.parametrize("how", ["hybird: the directory", " hybrid", " ", "the directory (hybrid)", ": hybrid"])
def test_any_other_word_would_ask_the_zones_for_less(how: str) -> None:
    (found,) = mistakes(mappers__iec=provided(how))
    assert found.startswith("mappers/iec.yaml:12:22: `")
    assert "`hybrid`" in found.rpartition("(")[2]


def test_an_objective_that_the_control_does_not_have() -> None:
    selected = control("ac-11", None, "AC", objectives=("ac-11_obj.a",))
    of = Intent(frameworks=(framework([selected], name=NIST),), sites={}, waivers=())
    text = (
        GOOD.replace("iec62443-3-3", NIST)
        .replace("SR 1.1", "ac-11")
        .replace("asks:", "objectives: [ac-11_obj.b]\n        asks:")
    )
    (found,) = mistakes(of, mappers__nist=text)
    assert "`ac-11` has no objective `ac-11_obj.b`" in found


def test_a_profile_may_not_go_beyond_the_policys_limits() -> None:
    """The mapping binds max_days to what the profile sets as `rest`: 400 is too much, 30 is fine."""
    text = GOOD.replace("with: {max_days: 30}", "from_profile: {max_days: rest}")
    assert load(intent(rest=30), mappers__iec=text)
    (found,) = mistakes(intent(rest=400), mappers__iec=text)
    assert "is at most 365, not 400: `rest` of `iec62443-3-3-profile`" in found


def test_bindings_have_defaults_and_come_once() -> None:
    """Two parts bind the default by name and by silence: one binding. The profile's value makes a second one."""
    parts = GOOD.replace("with: {max_days: 30}, ", "") + GOOD[GOOD.index("      - id: a") :].replace(
        "30", "90"
    ).replace("id: a", "id: b")
    third = GOOD[GOOD.index("      - id: a") :].replace("with: {max_days: 30}", "from_profile: {max_days: rest}")
    text = parts + third.replace("id: a", "id: c")
    assert bindings_of(load(mappers__iec=text), intent(), bundle()) == [("f/x", {"max_days": 90})]
    set_to = intent(rest=7)
    expected = [("f/x", {"max_days": 7}), ("f/x", {"max_days": 90})]
    assert bindings_of(load(set_to, mappers__iec=text), set_to, bundle()) == expected


def test_countermeasures_are_bound_too() -> None:
    watch = Compensation(policy="f/watch", subjects=["plc"], description="Watched.")
    of = replace(intent(), waivers=(waive("f/x", ["plc"], watch),))
    assert bindings_of((), of, bundle()) == [("f/watch", {})]


@pytest.mark.parametrize(
    ("default", "value", "expected"),
    [
        (90, 30, ""),
        (90, 30.5, ""),
        (90, True, "is a number, not true or false"),
        (90, "30", "is a number, not a text"),
        (90, 0, "is at least 1, not 0"),
        (["a"], ["b"], ""),
        (["a"], "b", "is a list, not a text"),
        (["3"], ["2c", 3], "holds a text each, not a number: 3"),
        (["3"], [["3"]], "holds a text each, not a list: ['3']"),
        (["3"], [], ""),
        ([], [3, "a"], ""),
        (True, False, ""),
    ],
)
def test_parameters_keep_their_type_and_limits(default: Scalar | list[Scalar], value: object, expected: str) -> None:
    limits = {"min": 1.0, "max": 365.0} if default == 90 else {}
    assert beyond(Parameter(description="d", default=default, **limits), value) == expected


def test_crosswalks_are_checked_against_their_catalogs() -> None:
    """`SR 1.3` is in no catalog; a framework that nobody selects cannot be checked, and its crosswalk is left out."""
    text = CROSSWALK
    good = cast("Project", Folder(mappers__crosswalks__x=text))
    assert [each.pairs for each in load_crosswalks(good, intent())] == [{"SR 1.1": ["SR 1.2"]}]
    elsewhere = cast("Project", Folder(mappers__crosswalks__x=text.replace("to: iec62443-3-3", "to: csf20")))
    assert load_crosswalks(elsewhere, intent()) == ()
    bad = cast("Project", Folder(mappers__crosswalks__x=text.replace("[SR 1.2]", "[SR 1.3]")))
    with pytest.raises(InputError, match=r"x\.yaml:6: iec62443-3-3 has no control `SR 1\.3`"):
        load_crosswalks(bad, intent())
