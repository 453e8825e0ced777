"""The plan of a collection: what it writes, what it says, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.exports import IOS, REGISTER, REGISTER_MAPPING, SESSIONS, nozomi, nozomi_row

from plantproof.errors import InputError
from plantproof.evidence.collect import KindSummary, Plan, collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.redaction import RedactionKey
from plantproof.files import load_yaml
from plantproof.model.evidence import Collector, Covers, Custody
from plantproof.model.project_file import SourceSettings

KEY = RedactionKey("k1", b"0123456789abcdef0123456789abcdef")


def run(*exports: Export, existing: dict[str, bytes] | None = None, source: str = "nozomi", **more: Any) -> Plan:
    arguments: dict[str, Any] = {"settings": SourceSettings(), "when": "2026-11-20T08:00:00Z", **more}
    return collect(
        site="works", source=source, exports=exports, who=Collector(name="Kim"), existing=existing or {}, **arguments
    )


def stored(plan: Plan, before: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """The files after a plan was carried out."""
    path = "evidence/works/identities.jsonl"
    kept = {name: data for name, data in (before or {}).items() if name not in plan.deleted}
    return {**kept, **plan.files, path: kept.get(path, b"") + plan.appended}


def custody(plan: Plan) -> Custody:
    return load_yaml(plan.files[f"evidence/works/{plan.source}/custody.yaml"], "custody.yaml", Custody)


def test_custody_says_who_when_what_and_how_much() -> None:
    own = SourceSettings(steps="Assets, export", covers=[Covers(kind="asset", zones=["line-1"])], tool_version="23.1")
    found = custody(run(nozomi(nozomi_row(1), {"name": "no id"}), settings=own, key=KEY))
    assert found.collected_by.name == "Kim"
    assert found.collected_at == "2026-11-20T08:00:00Z"
    assert (found.tool, found.tool_version, found.steps, found.key_id) == (
        "Nozomi Guardian",
        "23.1",
        "Assets, export",
        "k1",
    )
    assert found.covers == [Covers(kind="asset", zones=["line-1"])]
    assert found.observed_to == "2025-11-13T02:13:21Z"
    (raw,) = found.raw
    assert (raw.path, raw.rows, raw.imported) == ("raw/assets.json", 2, 1)
    assert raw.original.startswith("hmac-sha256:k1:")
    assert [(one.raw, one.what, one.count) for one in found.not_understood] == [
        ("raw/assets.json", "a row without `id`", 1)
    ]


def test_the_table_tells_new_changed_and_gone() -> None:
    first = run(nozomi(nozomi_row(1), nozomi_row(2), nozomi_row(3)))
    assert first.summary.kinds == (KindSummary("asset", 3, 3, 0, 0),)
    assert first.summary.minted == 3
    files = stored(first)
    second = run(nozomi(nozomi_row(1), nozomi_row(2, firmware_version="V3.0"), nozomi_row(4)), existing=files)
    assert second.summary.kinds == (KindSummary("asset", 3, 1, 1, 1),)
    assert second.summary.minted == 1


def test_records_of_assets_that_nobody_knows_are_remarked_on() -> None:
    """A job that is not called as its machine left that machine without a backup, and nothing said why."""
    inventory = stored(run(nozomi(nozomi_row(1, name="hist-01"), nozomi_row(2))))
    jobs = Export("s.csv", SESSIONS.encode())
    found = run(jobs, existing=inventory, source="veeam")
    what = "no source reports an asset of that name, so this belongs to none: name it under `assets` of the source"
    remarks = [(one.raw, one.line, one.what, one.count) for one in custody(found).remarks]
    assert remarks == [("raw/s.csv", 4, what, 1)]
    named = run(jobs, existing=inventory, source="veeam", settings=SourceSettings(assets={"ews-01": "plc-02"}))
    assert custody(named).remarks == []


def test_an_unchanged_plant_changes_no_line_of_facts() -> None:
    first = run(nozomi(nozomi_row(1)))
    later = run(nozomi(nozomi_row(1, last_activity_time=1764000000000)), existing=stored(first), when="2026-12-01")
    path = "evidence/works/nozomi/records/asset.jsonl"
    assert later.files[path] == first.files[path]
    assert later.files[path.replace("records", "sightings")] != first.files[path.replace("records", "sightings")]
    assert later.appended == b""


def test_files_of_the_former_collection_go() -> None:
    first = run(nozomi())
    files = {**stored(first), "evidence/works/nozomi/raw/old.json": b"{}", "evidence/works/other/raw/x": b""}
    assert run(nozomi(), existing=files).deleted == ("evidence/works/nozomi/raw/old.json",)


def test_again_keeps_who_when_and_the_hash_of_the_original() -> None:
    first = run(Export("sw.cfg", IOS.encode()), source="sw", key=KEY)
    again = run(existing=stored(first), source="sw", again=True, when="2027-01-01")
    assert again.files == first.files
    assert b"S3cretWord" not in b"".join(again.files.values())


def test_again_without_a_first_time_or_with_an_edited_export_is_refused() -> None:
    with pytest.raises(InputError, match="never collected"):
        run(again=True)
    files = stored(run(nozomi()))
    with pytest.raises(InputError, match="edited by hand"):
        run(existing={**files, "evidence/works/nozomi/raw/assets.json": b"{}"}, again=True)
    del files["evidence/works/nozomi/raw/assets.json"]
    with pytest.raises(InputError, match="missing"):
        run(existing=files, again=True)


def test_again_repairs_records_edited_by_hand() -> None:
    first = run(nozomi())
    path = "evidence/works/nozomi/records/asset.jsonl"
    again = run(existing={**stored(first), path: b"{}\n"}, again=True)
    assert again.files == first.files
    assert again.summary.kinds == (KindSummary("asset", 3, 3, 0, 1),)


def test_secrets_reach_neither_raw_nor_records_and_equal_ones_stay_equal() -> None:
    text = IOS + "snmp-server community S3cretWord RW\n"
    plan = run(Export("sw.cfg", text.encode()), source="sw", key=KEY)
    everything = b"".join(plan.files.values())
    assert b"S3cretWord" not in everything
    assert b"0822455D0A16" not in everything
    raw = plan.files["evidence/works/sw/raw/sw.cfg"].decode().splitlines()
    communities = [line.split()[2] for line in raw if line.startswith("snmp-server community")]
    assert communities[0] == communities[1]
    assert communities[0].startswith("<redacted:k1:")
    assert len(plan.summary.redacted) >= 4
    assert [one.line for one in plan.summary.redacted] == sorted(one.line for one in plan.summary.redacted)


def test_without_a_key_every_secret_is_a_placeholder_and_no_hash_is_kept() -> None:
    plan = run(Export("sw.cfg", IOS.encode()), source="sw")
    assert b"<redacted:" not in b"".join(plan.files.values())
    assert {one.how for one in plan.summary.redacted} == {"placeholder"}
    assert custody(plan).raw[0].original == ""


def test_a_private_key_in_any_export_is_swept_out() -> None:
    key = "-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----"
    plan = run(nozomi(nozomi_row(1, custom_fields={"note": "x"})), key=KEY)
    data = plan.files["evidence/works/nozomi/raw/assets.json"].replace(b'"x"', f'"{key}"'.encode())
    swept = run(Export("assets.json", data), key=KEY)
    assert b"MIIEvQ" not in b"".join(swept.files.values())
    assert [one.what for one in swept.summary.redacted] == ["private key"]


def test_the_second_source_finds_the_assets_of_the_first() -> None:
    first = run(nozomi(nozomi_row(1), nozomi_row(2)))
    files = stored(first)
    register = REGISTER.replace("PLC-7", "PLC-01").replace("S-7", "SN-1")
    second = run(
        Export("register.csv", register.encode()), source="register", existing=files,
        settings=SourceSettings(mapping=REGISTER_MAPPING),
    )  # fmt: skip
    assert second.summary.minted == 1
    assert b'"value":"PLC-01"' in second.appended
    backups = run(Export("s.csv", SESSIONS.replace("hist-01", "plc-01").encode()), source="veeam", existing=files)
    assert b'"asset":"a-' in backups.files["evidence/works/veeam/records/backup.jsonl"]
    assert backups.appended == b""


def test_an_address_that_two_sources_share_is_proposed_not_merged() -> None:
    files = stored(run(nozomi(nozomi_row(1))))
    register = "Tag,Maker,Type,Serial,Commissioned,Safety relevant,Addresses\nRTU-9,ABB,560,Z9,2009,yes,198.51.100.1\n"
    plan = run(
        Export("register.csv", register.encode()), source="register", existing=files,
        settings=SourceSettings(mapping=REGISTER_MAPPING),
    )  # fmt: skip
    assert plan.summary.minted == 1
    assert [proposal.why for proposal in plan.summary.proposals] == ["same ip 198.51.100.1"]


def test_the_format_is_recognised_by_content_not_by_name() -> None:
    assert run(nozomi()._replace(name="backup.csv")).summary.format == "nozomi-assets"


@pytest.mark.parametrize(
    ("exports", "message"),
    [
        ((), "nothing to collect"),
        ((Export("a.csv", b"x,y\n1,2\n"),), "--format csv"),
        ((Export("a.bin", b"\x00\x01\x02"),), "the file is binary"),
        ((Export("a.txt", b"words"),), "--format FORMAT"),
        ((Export("a.json", b""),), "empty"),
        ((nozomi(), Export("b.csv", SESSIONS.encode())), "different formats"),
        ((nozomi(), nozomi()._replace(name="ASSETS.json")), "two exports are called"),
        ((Export("../../x", b"{}"),), "cannot be the name"),
        ((Export("a\x1b[2J", b"{}"),), "cannot be the name"),
    ],
)
def test_what_cannot_be_collected_is_refused(exports: tuple[Export, ...], message: str) -> None:
    with pytest.raises(InputError) as refused:
        run(*exports)
    assert message in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(InputError, match="adrecon, cisco-ios, csv, fortios, netbox, nozomi-assets, veeam-sessions"):
        run(nozomi(), format="nessus")


def test_an_export_without_a_single_record_is_refused() -> None:
    with pytest.raises(InputError, match="no record was found"):
        run(Export("a.json", b'{"result": []}'), format="nozomi-assets")


def test_two_assets_under_one_id_are_refused_with_both_places() -> None:
    with pytest.raises(InputError) as refused:
        run(nozomi(nozomi_row(1), {**nozomi_row(2), "id": nozomi_row(1)["id"]}))
    (problem,) = refused.value.problems
    assert "two assets under one identity" in problem.message
    assert problem.line > 1


def test_identities_that_contradict_stop_the_collection() -> None:
    lines = b'{"id":"a-1","key":"serial","value":"x/1"}\n{"id":"a-2","key":"serial","value":"x/1"}\n'
    with pytest.raises(InputError, match="belongs to 2 assets"):
        run(nozomi(), existing={"evidence/works/identities.jsonl": lines})
