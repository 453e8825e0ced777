"""Every collector of the table keeps the promises of collectors/protocol.py, on good, bad and mutated exports."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.exports import SAMPLES

from plantproof.errors import InputError
from plantproof.evidence.assemble import assemble, unread_rows
from plantproof.evidence.collect import Plan, collect
from plantproof.evidence.collectors import BUILT_IN
from plantproof.evidence.collectors.protocol import AssetDraft, Collected, Collector, Export
from plantproof.evidence.formats import collector, recognise
from plantproof.evidence.redaction import RedactionKey
from plantproof.model import records
from plantproof.model.evidence import Collector as Who
from plantproof.model.project_file import SourceSettings
from plantproof.model.settings import SETTING_KEYS

KEY = RedactionKey("test-1", b"0123456789abcdef0123456789abcdef")
FORMATS = sorted(BUILT_IN)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b]")


@pytest.fixture(params=FORMATS)
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def plan_of(
    name: str,
    exports: Sequence[Export],
    own: SourceSettings,
    existing: dict[str, bytes] | None = None,
    again: bool = False,
) -> Plan:
    return collect(
        site="works",
        source="src",
        exports=exports,
        settings=own,
        who=Who(name="Kim"),
        when="2026-11-20T08:00:00Z",
        key=KEY,
        existing=existing or {},
        format=name,
        again=again,
    )


def check(module: Collector, collected: Collected, exports: Sequence[Export]) -> None:
    """What holds of every `Collected`, whatever the exports held."""
    names = {export.name for export in exports}
    locals_ = [asset.local for asset in collected.assets]
    assert set(collected.rows) <= names
    for one in [*collected.assets, *collected.drafts, *collected.unread, *collected.remarks, *collected.secrets]:
        assert one.raw in names
    for draft in collected.drafts:
        assert draft.kind in module.KINDS
        assert draft.asset is None or draft.asset in locals_
    for secret in collected.secrets:
        data = next(export.data for export in exports if export.name == secret.raw)
        assert 0 <= secret.start <= secret.end <= len(data)
    for unread in collected.unread:
        assert not CONTROL.search(unread.what), unread
        assert unread.count > 0
    for name, rows in collected.rows.items():
        assert rows >= unread_rows(collected.unread, name)


def test_every_format_is_one_module_with_one_sample(named: str) -> None:
    module = collector(named)
    assert named == module.FORMAT
    assert named in SAMPLES
    assert set(module.KINDS) <= set(records.KINDS)
    assert module.TITLE
    assert module.METHOD in ("config", "active", "passive", "declared")


def test_recognises_its_own_by_content_and_leads_clearly(named: str) -> None:
    exports, _ = SAMPLES[named]
    for export in exports:
        renamed = Export("a.bin", export.data)
        assert collector(named).recognise(export) == collector(named).recognise(renamed)
        if named != "csv":
            assert named == recognise([renamed]).FORMAT


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, b"{", b"\xff\xfe", b"a,b\n1,2\n", b"[]", b"<a/>", b"\n" * 9])
def test_recognises_nothing_in_what_is_nothing(named: str, data: bytes) -> None:
    assert collector(named).recognise(Export("x", data)) < 50


def test_collects_its_sample_into_valid_records(named: str) -> None:
    exports, own = SAMPLES[named]
    module = collector(named)
    collected = module.collect(exports, own)
    check(module, collected, exports)
    plan = plan_of(named, exports, own)
    assert sum(kind.records for kind in plan.summary.kinds) > 0
    for path, data in plan.files.items():
        if "/records/" in path:
            kind = records.KINDS[path.rsplit("/", 1)[1].split(".")[0]]
            lines = msgspec.json.Decoder(kind).decode_lines(data)
            assert [line.id for line in lines] == sorted({line.id for line in lines})
            for line in lines:
                if isinstance(line, records.Setting):
                    wanted = {"boolean": bool, "integer": int, "string": str, "strings": list}[
                        SETTING_KEYS[line.key].type
                    ]
                    assert type(line.value) is wanted, line


def test_order_of_exports_and_of_time_changes_nothing(named: str) -> None:
    exports, own = SAMPLES[named]
    assert plan_of(named, exports, own).files == plan_of(named, exports[::-1], own).files


def test_collecting_again_from_what_is_stored_gives_the_same_bytes(named: str) -> None:
    exports, own = SAMPLES[named]
    plan = plan_of(named, exports, own)
    existing = {**plan.files, "evidence/works/identities.jsonl": plan.appended}
    again = plan_of(named, [], own, existing, again=True)
    assert again.files == plan.files
    assert again.appended == b""
    assert again.deleted == ()
    assert all(kind.new == kind.changed == kind.gone == 0 for kind in again.summary.kinds)


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("empty", b""),
        ("blank", b" \r\n\t\n"),
        ("binary", b"\x7fELF\x00\x01\x02\x00" * 20),
        ("byte order mark alone", b"\xef\xbb\xbf"),
        ("pointer of Git LFS", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
    ],
)
def test_refuses_what_is_no_export(named: str, what: str, data: bytes) -> None:
    _, own = SAMPLES[named]
    with pytest.raises(InputError) as refused:
        plan_of(named, [Export("given.txt", data)], own)
    assert all(problem.message and not CONTROL.search(str(problem)) for problem in refused.value.problems), what


@pytest.mark.parametrize("share", [0.1, 0.37, 0.5, 0.83, 0.99])
def test_an_export_cut_off_is_refused_or_read_in_part_with_no_bug(named: str, share: float) -> None:
    exports, own = SAMPLES[named]
    module = collector(named)
    cut = [exports[0]._replace(data=exports[0].data[: int(len(exports[0].data) * share)]), *exports[1:]]
    with contextlib.suppress(InputError):
        check(module, module.collect(cut, own), cut)


@pytest.mark.parametrize("number", [b"9" * 5000, "²".encode(), "٣".encode(), b"-1", b"1e400", b""])
def test_numbers_that_no_tool_writes_are_no_bug(named: str, number: bytes) -> None:
    exports, own = SAMPLES[named]
    module = collector(named)
    for which in range(len(exports)):
        changed = list(exports)
        changed[which] = exports[which]._replace(data=re.sub(rb"(?<![\w:-])\d+", number, exports[which].data))
        with contextlib.suppress(InputError):
            check(module, module.collect(changed, own), changed)
            plan_of(named, changed, own)


def test_hostile_text_stays_data(named: str) -> None:
    """Terminal escapes, markup, quotes and line ends in values come out as JSON escapes, and never in messages."""
    exports, own = SAMPLES[named]
    module = collector(named)
    hostile = {"nozomi-assets": ("plc-01", r"<script>\u001b[2J\nx"), "netbox": ("sw-01", r"<b>\u001b]0;x\u0007")}
    old, new = hostile.get(named, ("anna", "<i>\x1b[31m"))
    changed = [export._replace(data=export.data.replace(old.encode(), new.encode())) for export in exports]
    plan = plan_of(named, changed, own)
    check(module, module.collect(changed, own), changed)
    for path, data in plan.files.items():
        if "/raw/" not in path:
            assert not CONTROL.search(data.decode()), path


def _mutations(size: int) -> st.SearchStrategy[list[tuple[int, int, bytes]]]:
    """Up to four edits: at a place, so many bytes go, and these come."""
    pieces = st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [b"\n", b'"', b",", b"{", b"}", b"\x00", b"\xff", b"null", b"=1+1", b"\xed\xa0\x80", b"\\ud800", b"1e999"]
        ),
    )
    return st.lists(st.tuples(st.integers(0, size), st.sampled_from([0, 1, 2, 7, 60]), pieces), min_size=1, max_size=4)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_mutated_export_is_refused_or_valid_and_never_a_bug(name: str, data: st.DataObject) -> None:
    exports, own = SAMPLES[name]
    module = collector(name)
    which = data.draw(st.integers(0, len(exports) - 1))
    content = exports[which].data
    for place, gone, new in data.draw(_mutations(len(content))):
        content = content[:place] + new + content[place + gone :]
    mutated = [*exports[:which], exports[which]._replace(data=content), *exports[which + 1 :]]
    assert isinstance(module.recognise(mutated[which]), int)
    try:
        collected = module.collect(mutated, own)
        check(module, collected, mutated)
        ids = {asset.local: f"a-{number}" for number, asset in enumerate(collected.assets)}
        assert isinstance(assemble("src", collected, ids, module.METHOD).records, dict)
        plan_of(name, mutated, own)
    except InputError:
        return


def test_the_assets_of_a_sample_are_drafts_with_keys(named: str) -> None:
    exports, own = SAMPLES[named]
    for asset in collector(named).collect(exports, own).assets:
        assert isinstance(asset, AssetDraft)
        assert asset.keys
