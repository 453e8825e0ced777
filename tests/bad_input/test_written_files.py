"""Files that people write: YAML that means several things, content that does not fit together. All mistakes at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_input.conftest import Refusal

SITE = "controls/sites/works.yaml"
VERBS = [["check"], ["validate"]]


def write(project: Path, path: str, text: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_bytes(text.encode("utf-8", "surrogateescape"))


def line_of(project: Path, path: str, words: str) -> int:
    lines = (project / path).read_text("utf-8", "surrogateescape").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize(
    ("old", "new", "marked", "told"),
    [
        ("owner: Kim Plant", "owner: Kim Plant\nowner: Lee", "owner: Lee", "twice"),
        ("owner: Kim Plant", "owner:\tKim", "owner:\tKim", "tab"),
        ("owner: Kim Plant", "owner: &who Kim\nremarks: *who", "owner: &who", "anchor"),
        ("owner: Kim Plant", "owner: !!python/object/apply:os.system [id]", "owner: !!python", "tag"),
        ("owner: Kim Plant", "owner: no", "owner: no", "quote it"),
        ("owner: Kim Plant", "owner: 010", "owner: 010", "quote it"),
        ("owner: Kim Plant", "owner: [Kim", "conduits:", ""),
        ("owner: Kim Plant", "owner: 7", "owner: 7", "text"),
        ("owner: Kim Plant", "ovner: Kim Plant", "ovner", "did you mean `owner`?"),
        ("purdue_level: 2", "purdue_level: 9", "purdue_level: 9", "5"),
        ("purdue_level: 2", "purdue_level: two", "purdue_level: two", "number"),
        ("kind: control", "kind: controls", "kind: controls", "`control`"),
        ("sl_target: [2, 2, 1, 1, 2, 1, 1]", "sl_target: [2, 2]", "sl_target: [2, 2]", "7"),
        ("plantproof/site/1", "plantproof/site/9", "plantproof/site/9", "plantproof/site/1"),
        ("owner: Kim Plant", "owner: \udcff", "owner: ", "UTF-8"),
    ],
)
def test_a_site_file(
    old: str, new: str, marked: str, told: str, verb: list[str], project: Path, refused: Refusal
) -> None:
    text = (project / SITE).read_text()
    assert old in text
    write(project, SITE, text.replace(old, new, 1))
    lines = refused.of(*verb)
    place = f"{SITE}:{line_of(project, SITE, marked)}" if told else f"{SITE}:"
    assert any(line.startswith(place) and told.lower() in line.lower() for line in lines), lines


@pytest.mark.parametrize("signs", ["[", "{a: ", "- "])
def test_nesting_without_end(signs: str, project: Path, refused: Refusal) -> None:
    write(project, SITE, f"schema: plantproof/site/1\nzones: {signs * 10_000}\n")
    line = refused.one("check")
    assert line.startswith(f"{SITE}:2")
    assert "deep" in line or "nest" in line or "not allowed" in line


def test_all_mistakes_of_one_file_at_once(project: Path, refused: Refusal) -> None:
    text = (project / SITE).read_text()
    text = text.replace("owner: Kim Plant", "owner: 7").replace("purdue_level: 4", "purdue_level: high")
    write(project, SITE, text.replace("kind: control", "kind: cell").replace("title: Line 1", "titel: Line 1"))
    lines = refused.of("validate")
    for words in ("owner: 7", "purdue_level: high", "kind: cell", "titel"):
        number = line_of(project, SITE, words)
        assert any(line.startswith(f"{SITE}:{number}:") for line in lines), words
    assert lines[-1] == f"{len(lines) - 1} mistakes; nothing was written."


def test_all_mistakes_of_all_files_at_once(project: Path, refused: Refusal) -> None:
    write(project, SITE, (project / SITE).read_text().replace("owner: Kim Plant", "owner: 7"))
    write(project, "mappers/house.yaml", "schema: plantproof/mapping/1\nframework: [x]\ncontrols: {}\n")
    write(project, "controls/waivers/W-1.yaml", "schema: plantproof/waiver/1\n")
    (project / "evidence/works/identities.jsonl").write_text("{}\n{\n")
    lines = refused.of("validate")
    for path in (SITE, "controls/waivers/W-1.yaml", "evidence/works/identities.jsonl"):
        assert any(line.startswith(f"{path}:") for line in lines), path


@pytest.mark.parametrize("verb", [["check"], ["config", "show"], ["collect", "--again"], ["validate"]], ids=" ".join)
def test_a_project_file_of_another_shape(verb: list[str], project: Path, refused: Refusal) -> None:
    text = (project / "plantproof.yaml").read_text()
    write(project, "plantproof.yaml", text.replace("profiles: [iec62443-sl2]", "profiles: iec62443-sl2\nfail-on: low"))
    lines = refused.of(*verb)
    assert lines[0].startswith("plantproof.yaml:6:")
    assert lines[1].startswith("plantproof.yaml:7:")
    assert "`fail_on`" in lines[1]


MAPPING = """schema: plantproof/mapping/1
framework: house
controls:
  GV.OC-01:
    parts:
      - id: a
        asks: Kindness
        scope: component
        aspect: configuration
        all_of: [{policy: identity/default_credentials_removd, coverage: full}]
  GV.OC-02:
    parts:
      - {id: a, asks: More, scope: site, aspect: configuration, all_of: [{attestation: policy, coverage: full}]}
"""
CATALOG = """schema: plantproof/catalog/1
id: house
title: House rules
edition: "1"
publisher: Works
sources: [our own rules]
ids: csf
groups: [{id: GV.OC, title: Context}]
controls: {GV.OC-01: Be kind}
"""
PROFILE = "schema: plantproof/profile/1\nid: {id}\ntitle: {id}\nframework: house\ncontrols: [GV.OC-01]\n"


def add_house(project: Path, mapping: str) -> None:
    """A framework of our own, selected by a profile."""
    write(project, "controls/catalogs/house.yaml", CATALOG)
    write(project, "controls/profiles/house-all.yaml", PROFILE.format(id="house-all"))
    write(project, "mappers/house.yaml", mapping)
    text = (project / "plantproof.yaml").read_text()
    write(project, "plantproof.yaml", text.replace("[iec62443-sl2]", "[iec62443-sl2, house-all]"))


def test_a_mapping_to_a_policy_and_a_control_that_do_not_exist(project: Path, refused: Refusal) -> None:
    add_house(project, MAPPING.replace("scope: site", "scope: zone"))
    lines = refused.of("check")
    assert lines[0].startswith("mappers/house.yaml:10:")
    assert "identity/default_credentials_removd" in lines[0]
    assert lines[1].startswith("mappers/house.yaml:11: house has no control `GV.OC-02` (did you mean `GV.OC-01`?)")


def test_a_mapping_of_wrong_types_and_words(project: Path, refused: Refusal) -> None:
    add_house(project, MAPPING)
    assert refused.one("check").startswith("mappers/house.yaml:13:")


def test_a_waiver_of_a_policy_that_does_not_exist_is_a_mistake(project: Path, refused: Refusal) -> None:
    from tests.support.project import WAIVER

    write(project, "controls/waivers/W-1.yaml", WAIVER.format(policy="zones/conduit_enforcd"))
    told = "there is no policy `zones/conduit_enforcd` (did you mean `zones/conduit_enforced`?)"
    assert refused.one("validate") == f"controls/waivers/W-1.yaml:5:9: {told}"


def test_profiles_that_extend_one_another(project: Path, refused: Refusal) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        text = f"{PROFILE.format(id=name)}extends: [{other}]\n".replace("framework: house", "framework: iec62443-3-3")
        write(project, f"controls/profiles/{name}.yaml", text.replace("controls: [GV.OC-01]\n", ""))
    text = (project / "plantproof.yaml").read_text()
    write(project, "plantproof.yaml", text.replace("[iec62443-sl2]", "[a]"))
    line = refused.one("check")
    assert line.startswith("controls/profiles/")
    assert "a" in line
    assert "b" in line
    assert "c" in line


def test_overlapping_subnets(project: Path, refused: Refusal) -> None:
    write(project, SITE, (project / SITE).read_text().replace("[192.0.2.0/24]", "[192.0.2.0/24, 203.0.113.64/26]"))
    line = refused.one("check")
    assert line.startswith(f"{SITE}:{line_of(project, SITE, '203.0.113.64/26')}:")
    assert "203.0.113.64/26 of zone `line` overlaps 203.0.113.0/24 of zone `office` (line 11)" in line


def test_undeclared_zones(project: Path, refused: Refusal) -> None:
    text = (project / SITE).read_text().replace("zones: [office, line]", "zones: [office, lien]")
    write(project, SITE, text.replace("from: office", "from: ofice"))
    lines = refused.of("check")
    assert lines[0].startswith(f"{SITE}:{line_of(project, SITE, 'zones: [office, lien]')}:")
    assert "the zone `lien` is not declared (did you mean `line`?)" in lines[0]
    assert any("`ofice`" in line and "did you mean `office`?" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", ""),
        ("schema: plantproof/site/1\n".encode("utf-16"), ""),
        (b"schema: plantproof/site/1\nid: works\ntitle: W", "owner"),
        (b"- a\n- b\n", ""),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", ""),
    ],
)
def test_a_file_that_is_no_yaml_of_ours(data: bytes, told: str, project: Path, refused: Refusal) -> None:
    (project / SITE).write_bytes(data)
    for verb in VERBS:
        lines = refused.of(*verb)
        assert lines[0].startswith(SITE)
        assert told in lines[0]


@pytest.mark.parametrize("name", ["line\u202e1", "li\x1b[31mne", "a\nb"])
def test_a_name_that_is_not_what_it_looks_like(name: str, project: Path, refused: Refusal) -> None:
    import json

    text = (project / SITE).read_text().replace("title: Line 1", f"title: {json.dumps(name)}")
    write(project, SITE, text)
    line = refused.one("check")
    assert line.startswith(f"{SITE}:{line_of(project, SITE, 'title: ' + chr(34))}:")
    assert line.isprintable()
