"""The shipped catalogs against the published data behind them: same ids, levels, baselines, objectives."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plantproof.bundled import bundled_content
from plantproof.controls.catalogs import (
    control_of,
    current_names,
    group_of,
    load_catalog,
    load_objectives,
    load_parameters,
    selected_control,
)
from plantproof.controls.notation import oscal_id, parameter, resolve
from plantproof.errors import Problem
from plantproof.model.catalog import Catalog, Objectives

Json = dict[str, Any]


def shipped(name: str) -> tuple[bytes, str]:
    path = f"controls/catalogs/{name}.yaml"
    return bundled_content().files[path], path


@pytest.fixture(scope="module")
def iec() -> Catalog:
    return load_catalog(*shipped("iec62443-3-3"))


@pytest.fixture(scope="module")
def nist() -> Catalog:
    return load_catalog(*shipped("sp800-53r5"))


@pytest.fixture(scope="module")
def csf() -> Catalog:
    return load_catalog(*shipped("csf20"))


@pytest.fixture(scope="module")
def objectives(nist: Catalog) -> Objectives:
    return load_objectives(*shipped("sp800-53r5.objectives"), nist)


@pytest.fixture(scope="module")
def standards(real_data: Path) -> Path:
    return real_data / "standards"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def controls_in(node: Json) -> Iterator[Json]:
    for control in node.get("controls", []):
        yield control
        yield from controls_in(control)


def controls_of(catalog: Json) -> Iterator[Json]:
    for group in catalog["groups"]:
        yield from controls_in(group)


def leaves(control: Json) -> list[Json]:
    """The objectives without objectives below them; what the draft mislabels as one is left out."""

    def walk(part: Json) -> Iterator[Json]:
        below = [child for child in part.get("parts", []) if child["name"] in ("objective", "assessment-objective")]
        if not below:
            yield part
        for child in below:
            yield from walk(child)

    tops = [part for part in control.get("parts", []) if part["name"] in ("objective", "assessment-objective")]
    return [leaf for top in tops for leaf in walk(top) if "[SELECT" not in label(leaf)]


def label(part: Json) -> str:
    return next((prop["value"] for prop in part.get("props", []) if prop["name"] == "label"), "")


def methods(control: Json) -> set[str]:
    parts = [part for part in control.get("parts", []) if part["name"] in ("assessment", "assessment-method")]
    return {prop["value"][0] for part in parts for prop in part["props"] if prop["name"] == "method"}


@pytest.fixture(scope="module")
def draft(standards: Path) -> dict[str, Json]:
    path = standards / "oscal" / "catalogs" / "NIST_SP-800-53_rev5.1.1-draft53A_catalog-min.json.gz"
    return {
        control["id"]: control for control in controls_of(json.loads(gzip.decompress(path.read_bytes()))["catalog"])
    }


@pytest.fixture(scope="module")
def released(standards: Path) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for path in sorted((standards / "oscal" / "catalogs").glob("*-baseline-resolved-profile_catalog-min.json")):
        found |= {control["id"]: control for control in controls_of(json.loads(path.read_bytes())["catalog"])}
    return found


def test_62443_levels_and_confidence_are_those_of_the_table(iec: Catalog, standards: Path) -> None:
    table = rows(standards / "iec62443" / "iec62443-3-3.csv")
    assert list(iec.controls) == [row["id"] for row in table]
    for row in table:
        control = control_of(iec, row["id"])
        assert (control.title, control.level, control.confidence, control.source) == (
            row["title"],
            int(row["sl"]),
            row["sl_confidence"],
            row["sl_sources"],
        )


def test_62443_3_2_has_the_steps_and_requirements_of_the_table(standards: Path) -> None:
    catalog = load_catalog(*shipped("iec62443-3-2"))
    table = rows(standards / "iec62443" / "iec62443-3-2-2020.csv")
    steps = [(row["id"], row["title"]) for row in table if row["kind"] == "step"]
    requirements = [(row["id"], row["title"]) for row in table if row["kind"] == "requirement"]
    assert (len(steps), len(requirements)) == (7, 32)
    assert [(group.id, group.title) for group in catalog.groups] == steps
    assert [(name, control_of(catalog, name).title) for name in catalog.controls] == requirements
    assert {name: group_of(catalog, name) for name in catalog.controls} == {
        row["id"]: row["parent"] for row in table if row["kind"] == "requirement"
    }
    assert {row["sources"] for row in table} == {"CISO"}


def test_62443_is_contested_where_sources_of_the_whole_table_disagree(iec: Catalog, standards: Path) -> None:
    """31 rows have a source that disagrees; in 4 it is F alone, which is no reading of the whole: those have a note."""
    contested: dict[str, list[int]] = {}
    noted: set[str] = set()
    for row in rows(standards / "iec62443" / "iec62443-3-3.csv"):
        others = dict(part.strip().split("=") for part in row["sl_disagree"].split(";") if part.strip())
        levels = [int(row["sl"]), *(int(level) for text in others.values() for level in text.split("~"))]
        if others.keys() - {"F"}:
            contested[row["id"]] = [min(levels), max(levels)]
        elif others:
            noted.add(row["id"])
    found = {name: control.contested for name in iec.controls if (control := control_of(iec, name)).contested}
    assert found == contested
    assert (len(contested), len(noted)) == (27, 4)
    assert all(control_of(iec, name).note for name in noted | contested.keys())


def test_800_53_has_the_ids_titles_and_baselines_of_the_index(nist: Catalog, standards: Path) -> None:
    index = rows(standards / "sp800-53r5_index.csv")
    assert len(index) == 1189 + 7
    active = [row for row in index if not row["withdrawn"]]
    assert {name: control_of(nist, name).title for name in nist.controls} == {
        row["label"]: row["title"] for row in active
    }
    assert list(nist.withdrawn) == [row["label"] for row in index if row["withdrawn"]]
    assert all(nist.withdrawn[row["label"]].startswith(row["title"]) for row in index if row["withdrawn"])
    for baseline, size in [("LOW", 149), ("MODERATE", 287), ("HIGH", 370), ("PRIVACY", 96)]:
        assert nist.baselines[baseline] == [row["label"] for row in index if row[baseline]]
        assert len(nist.baselines[baseline]) == size


def test_the_baselines_are_those_of_nists_profiles(nist: Catalog, standards: Path) -> None:
    for path in sorted((standards / "oscal" / "profiles").glob("*-baseline_profile.json")):
        found = re.search(r"_(LOW|MODERATE|HIGH|PRIVACY)-", path.name)
        assert found is not None
        profile = json.loads(path.read_bytes())["profile"]
        ids = {name for entry in profile["imports"] for each in entry["include-controls"] for name in each["with-ids"]}
        assert {oscal_id(name) for name in nist.baselines[found[1]]} == ids


def test_the_ot_overlay_selects_what_its_table_selects(nist: Catalog, standards: Path) -> None:
    overlay = rows(standards / "sp800-82r3" / "ot_overlay_baselines.csv")
    for baseline, size in [("LOW", 160), ("MODERATE", 304), ("HIGH", 387)]:
        selected = nist.baselines[f"OT-{baseline}"]
        assert set(selected) == {row["label"] for row in overlay if row[f"OT_{baseline}"]}
        assert len(selected) == size


def test_all_objectives_and_methods_are_there(nist: Catalog, objectives: Objectives, draft: dict[str, Json]) -> None:
    assert len(nist.baselines["OT-MODERATE"]) == 304
    for name in nist.controls:
        control = draft.get(oscal_id(name))
        if control is None:
            assert name not in objectives.controls
            continue
        found = selected_control(nist, name, objectives)
        assert len(found.objectives) == len(leaves(control)), name
        assert methods(control) <= set(found.methods), name
    moderate = [oscal_id(name) for name in nist.baselines["OT-MODERATE"]]
    assert sum(len(leaves(draft[name])) for name in moderate) == 1319
    assert sum("T" not in methods(draft[name]) for name in moderate) == 46


def test_objectives_have_the_ids_of_the_release_but_where_it_numbers_otherwise(
    nist: Catalog, objectives: Objectives, released: dict[str, Json]
) -> None:
    for name in nist.controls:
        if oscal_id(name) in released:
            ids = [leaf["id"] for leaf in leaves(released[oscal_id(name)])]
            same = list(selected_control(nist, name, objectives).objectives) == ids
            assert same == (name not in objectives.differs), name


def test_csf_has_the_functions_categories_and_subcategories_of_the_index(csf: Catalog, standards: Path) -> None:
    index = rows(standards / "csf20_index.csv")
    active = [row for row in index if row["active"] == "yes"]
    groups = [(row["id"], row["title"]) for row in active if row["level"] != "subcategory"]
    assert [(group.id, group.title) for group in csf.groups] == groups
    assert list(csf.controls) == [row["id"] for row in active if row["level"] == "subcategory"]
    assert list(csf.withdrawn) == [row["id"] for row in index if row["active"] == "withdrawn"]
    assert (len(groups) - 22, len(csf.controls), len(csf.withdrawn)) == (6, 106, 91)


def test_labels_of_the_csf_are_our_own_words(csf: Catalog, standards: Path) -> None:
    path = standards / "oscal" / "catalogs" / "NIST_CSF_v2.0_catalog.derived-from-xml.json"
    for control in controls_of(json.loads(path.read_bytes())["catalog"]):
        if control["id"] in csf.controls:
            statement = next(part["prose"] for part in control["parts"] if part["name"] == "statement")
            assert control_of(csf, control["id"]).title.casefold() != statement.casefold()
            assert len(control_of(csf, control["id"]).title) < 60


def test_parameters_lead_from_their_former_names_to_those_of_now(nist: Catalog, draft: dict[str, Json]) -> None:
    table = load_parameters(*shipped("sp800-53r5.parameters"), nist)
    former = 0
    for control in draft.values():
        for entry in control.get("params", []):
            written = parameter(entry["id"])
            assert written is not None, entry["id"]
            if not written.former:
                assert written.name == entry["id"]
                assert current_names(table, written) == (entry["id"],)
            for prop in entry.get("props", []):
                if prop["name"] == "legacy-identifier" and prop["value"].startswith(f"{control['id']}_"):
                    before = parameter(prop["value"])
                    assert before is not None
                    assert entry["id"] in current_names(table, before)
                    former += 1
    assert former > 1000


def test_ids_resolve_as_nists_and_mitres_exports_write_them(
    iec: Catalog, nist: Catalog, csf: Catalog, standards: Path
) -> None:
    """NIST's export names families and withdrawn controls as well; nothing that it names is unknown here."""
    groups: set[str] = set()
    withdrawn: set[str] = set()
    for row in rows(standards / "mappings" / "csf20_informative_refs.csv"):
        assert isinstance(resolve(row["csf20"], csf), str), row
        if row["framework"].startswith("SP800-53"):
            found = resolve(row["ref"], nist)
            if isinstance(found, Problem):
                assert "is withdrawn" in found.message, found
                withdrawn.add(row["ref"])
            elif found not in nist.controls:
                groups.add(found)
    assert groups == {"CP", "IR", "PT"}
    assert withdrawn == {"RA-4"}
    named = 0
    for row in rows(standards / "attack-ics" / "mitigation_controls.csv"):
        if row["framework"].startswith("IEC62443-3-3"):
            assert resolve(row["ref"], iec) in iec.controls, row
            named += 1
    assert named == 37
