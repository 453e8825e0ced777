"""Sites of which nothing changed: the same bytes without reading them; and whatever changed is judged again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from benchmarks.synthetic import Plan, write_project
from tests.support.git_repository import GitRepository
from tests.support.project import ATTESTATION, DAY, WAIVER, at

from plantproof import pipeline
from plantproof.cache import Cache
from plantproof.cli.answered import PIECE
from plantproof.cli.assessing import EngineChoice, Opened, open_at, started_engine
from plantproof.cli.concluded import Concluded, apart, unpacked
from plantproof.cli.kept_plants import Newest
from plantproof.cli.kept_sites import UNSEEN, KeptSites
from plantproof.cli.start import run
from plantproof.evidence.blobs import FoundOut
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.stored_site import StoredSite
from plantproof.files import dump_yaml
from plantproof.model.assessment import Totals
from plantproof.model.long_lists import NotKeptError
from plantproof.model.steady import Steady
from plantproof.pipeline import Judge, assess_site, load_judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Engine, Limits
from plantproof.reports import laid_rows

NOON = "2026-06-02"
ENGINE = ("regorus", "1")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "plant"
    write_project(folder, Plan(40, 2, "B", 3))
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites whose evidence is read."""
    sites: list[str] = []

    def noting(tree: object, site: str) -> object:
        sites.append(site)
        return read_claims(tree, site)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(pipeline, "read_claims", noting)
    return sites


def check(plant: Path, *options: str, at: str = "HEAD", on: str = NOON) -> list[bytes]:
    """What `check` writes as JSON, text and CSV."""
    arguments = ["check", "-C", str(plant), "--date", on, "--jobs", "1", *(("--at", at) if at else ())]
    paths = [plant.parent / f"findings.{name}" for name in ("json", "text", "csv")]
    for path in paths:
        arguments += ["--format", path.suffix[1:], "--output", str(path)]
    assert run([*arguments, *options]) in (0, 1)
    return [path.read_bytes() for path in paths]


def committed(plant: Path) -> None:
    repository = GitRepository(plant)
    repository.date = "2026-06-02T13:00:00Z"
    repository.commit("Change something")


@pytest.mark.parametrize("at", ["HEAD", ""])
def test_the_second_run_reads_no_evidence_and_writes_the_same_bytes(at: str, plant: Path, read: list[str]) -> None:
    without = check(plant, at=at)
    assert read == ["site-000", "site-001"]
    first = check(plant, "--cache", at=at)
    read.clear()
    assert check(plant, "--cache", at=at) == first == without
    assert read == []


def test_json_alone_is_the_same_where_its_long_lists_are_never_decoded(plant: Path) -> None:
    output = plant.parent / "alone.json"
    arguments = ["check", "-C", str(plant), "--at", "HEAD", "--date", NOON, "--format", "json", "--output", str(output)]
    written = []
    for options in ([], ["--cache"], ["--cache"]):
        assert run([*arguments, *options]) == 1
        written.append(output.read_bytes())
    assert written[0] == written[1] == written[2]
    assert b'"gaps": [\n    {' in written[0]


@pytest.mark.parametrize("changed", ["site-000", "site-001"])
def test_json_alone_keeps_the_order_of_the_sites_where_one_is_judged_and_one_was_kept(
    changed: str, plant: Path
) -> None:
    output = plant.parent / "alone.json"
    arguments = ["check", "-C", str(plant), "--at", "HEAD", "--date", NOON, "--format", "json", "--output", str(output)]
    run([*arguments, "--cache"])
    intent = plant / f"controls/sites/{changed}.yaml"
    intent.write_text(intent.read_text().replace("nobody", "somebody"))
    committed(plant)
    written = []
    for option in ("--cache", "--no-cache"):
        assert run([*arguments, option]) == 1
        written.append(output.read_bytes())
    assert written[0] == written[1]


def test_only_the_site_that_changed_is_judged_again(plant: Path, read: list[str]) -> None:
    check(plant, "--cache")
    read.clear()
    intent = plant / "controls/sites/site-001.yaml"
    intent.write_text(intent.read_text().replace("nobody", "somebody"))
    committed(plant)
    warm = check(plant, "--cache")
    assert read == ["site-001"]
    assert warm == check(plant)


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("plantproof.yaml", True),
        ("mappers/bench.yaml", True),
        ("policies/bench/authorised/authorised.rego", True),
        ("controls/profiles/bench.yaml", True),
        ("controls/catalogs/bench.yaml", True),
        ("controls/sites/site-001.yaml", False),
        ("controls/approved/site-001/CHG-7.jsonl", False),
        ("evidence/site-001/identities.jsonl", False),
    ],
)
def test_a_change_renames_what_depends_on_it(path: str, others: bool, plant: Path) -> None:
    def keys() -> list[str]:
        kept = KeptSites(Cache(None), open_at(plant, None, NOON, "installed").project, ENGINE)
        return [kept.key(site) for site in ("site-000", "site-001")]

    before = keys()
    (plant / path).parent.mkdir(parents=True, exist_ok=True)
    with (plant / path).open("a") as file:
        file.write("\n")
    changed = [one != other for one, other in zip(before, keys(), strict=True)]
    assert changed == [others, True]


def test_who_answers_for_what_and_what_was_announced_leaves_conclusions_alone(plant: Path) -> None:
    before = KeptSites(Cache(None), open_at(plant, None, NOON, "pinned").project, ENGINE).key("site-000")
    for folder in UNSEEN:
        (plant / folder).mkdir()
        (plant / folder / "new.yaml").write_text("a: b\n")
    assert KeptSites(Cache(None), open_at(plant, None, NOON, "pinned").project, ENGINE).key("site-000") == before


def test_a_stretch_of_days_is_one_result_and_several_stretches_stay(plant: Path, read: list[str]) -> None:
    days = {on: check(plant, "--cache", on=on) for on in ("2026-06-02", "2026-08-31")}
    read.clear()
    for on in ("2026-06-02", "2026-08-30", "2027-01-01"):
        kept = check(plant, "--cache", on=on)
        assert read == []
        assert kept == days.get(on, kept) == check(plant, on=on)
        read.clear()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with EmbeddedEngine(Limits(seconds=20)) as started:
        yield started


def opened_with_dates(project: Path) -> Opened:
    """The small project with an attestation, a waiver and a retired asset, each with dates of its own."""
    folder = project / "evidence/works/attestations"
    folder.mkdir()
    text = ATTESTATION.format(id="A-1", topic="patching", zone="line").replace("2026-10-01", "2026-11-25")
    (folder / "A-1.yaml").write_text(text.replace("2027-10-01", "2026-12-10"))
    waivers = project / "controls/waivers"
    waivers.mkdir()
    (waivers / "W-1.yaml").write_text(WAIVER.format(policy="identity/no_shared_accounts"))
    identities = project / "evidence/works/identities.jsonl"
    asset = msgspec.json.decode(identities.read_bytes().splitlines()[0])["id"]
    line = {"retired": asset, "approved_by": "Lee Works", "date": "2026-12-01", "reason": "scrapped"}
    identities.write_bytes(identities.read_bytes() + msgspec.json.encode(line) + b"\n")
    at(project).commit("Add what has dates")
    return open_at(project, "HEAD", DAY, "pinned")


def test_day_by_day_a_stretch_holds(project: Path, engine: Engine) -> None:
    """The law behind it all: within a stretch, judging on any day gives what was kept."""
    opened = opened_with_dates(project)
    judge = load_judge(opened.project)

    def judged(on: str) -> Concluded:
        return apart(assess_site(opened.project.tree, opened.project.file, judge, "works", on=on, engine=engine))

    day, end, turns = date(2026, 11, 19), date(2027, 3, 31), []
    while day < end:
        found = judged(day.isoformat())
        steady = found.conclusions.steady
        assert steady is not None
        assert steady.holds(day.isoformat())
        turns.append(steady.first)
        last = min(date.fromisoformat(steady.last), end)
        for other in {day, day + (last - day) // 2, last, max(day, last - timedelta(days=1))}:
            assert judged(other.isoformat()) == found, (day, other)
        day = last + timedelta(days=1)
    assert {"2026-11-25", "2026-12-01", "2026-12-11", "2027-02-01", "2027-02-17"} <= set(turns)


@pytest.fixture
def judge(plant: Path) -> Judge:
    return load_judge(open_at(plant, "HEAD", NOON, "pinned").project)


def some_site(plant: Path, judge: Judge, engine: Engine) -> tuple[Opened, Concluded]:
    opened = open_at(plant, "HEAD", NOON, "pinned")
    found = assess_site(opened.project.tree, opened.project.file, judge, "site-000", on=NOON, engine=engine)
    return opened, apart(found)


def test_what_is_packed_comes_out_whole(plant: Path, judge: Judge, engine: Engine) -> None:
    opened, found = some_site(plant, judge, engine)
    parts = {**found.lists.gaps.held, **found.lists.assets.held}
    again = unpacked(found.packed(), parts.get)
    assert again == found
    assert again is not None
    assert again.whole() == assess_site(
        opened.project.tree, opened.project.file, judge, "site-000", on=NOON, engine=engine
    )
    for broken in (b"", b"1 2", b"1 2\n{}", b"a b\n", b"2 0\n[]", found.packed()[:200]):
        assert unpacked(broken, parts.get) is None
    cut = unpacked(found.packed(), lambda name: parts[name][:-1])
    assert cut is not None
    with pytest.raises(NotKeptError):
        cut.whole()


def test_of_the_long_lists_only_what_changed_is_written(
    plant: Path, judge: Judge, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SMALLEST", 1), ("LARGEST", 2000), ("SHARE", 2)):
        monkeypatch.setattr(laid_rows, name, value)
    opened, found = some_site(plant, judge, engine)
    put = Cache.put
    written: list[str] = []

    def noting(self: Cache, kind: str, key: str, payload: bytes) -> None:
        written.append(key if kind == PIECE else kind)
        put(self, kind, key, payload)

    monkeypatch.setattr(Cache, "put", noting)
    kept = KeptSites(Cache(tmp_path / "other"), opened.project, ENGINE)
    kept.save("site-000", found)
    parts = [part.name for rows in found.lists[:2] for part in rows.parts]
    assert written == [*parts, "site", "site-days", "site-newest", "site-judged"]
    assert len(found.lists.assets.parts) > 3
    last = msgspec.structs.replace(found.whole().site.assets[-1], vendor="another")
    changed = laid_rows.with_rows(found.lists.assets, {last.id: last})
    written.clear()
    kept.save("site-000", Concluded(found.conclusions, found.lists._replace(assets=changed)))
    assert written == [changed.parts[-1].name, "site", "site-days", "site-newest", "site-judged"]
    again = kept.load("site-000", NOON)
    assert again is not None
    assert again.whole().site.assets == [*found.whole().site.assets[:-1], last]


def test_a_site_with_a_policy_that_could_not_be_evaluated_is_not_kept(
    plant: Path, judge: Judge, engine: Engine, tmp_path: Path
) -> None:
    opened, found = some_site(plant, judge, engine)
    kept = KeptSites(Cache(tmp_path / "other"), opened.project, ENGINE)
    failing = msgspec.structs.replace(found.conclusions.policies[0], totals=Totals(error=1))
    failed = msgspec.structs.replace(found.conclusions, policies=[failing])
    kept.save("site-000", Concluded(failed, found.lists))
    kept.save("site-000", Concluded(msgspec.structs.replace(found.conclusions, steady=None), found.lists))
    assert kept.load("site-000", NOON) is None
    kept.save("site-000", found)
    assert kept.load("site-000", NOON) == found
    assert kept.load("site-000", "2026-05-31") is None


def test_what_was_kept_last_of_a_site_is_found_whatever_its_evidence_is_now(
    plant: Path, judge: Judge, engine: Engine, tmp_path: Path
) -> None:
    opened, found = some_site(plant, judge, engine)
    cache = Cache(tmp_path / "other")
    kept = KeptSites(cache, opened.project, ENGINE)
    assert kept.newest("site-000") is None
    kept.save("site-000", found)
    newest = Newest(kept.key("site-000"), opened.project.tree.list("evidence/site-000"))
    assert kept.newest("site-000") == newest
    assert kept.load_named(newest.key, NOON) == found
    assert kept.load_named(newest.key, "2026-05-31") is None, "it does not hold on that day"
    assert kept.newest("site-001") is None
    with (plant / "evidence/site-000/identities.jsonl").open("a") as file:
        file.write("\n")
    committed(plant)
    later = KeptSites(cache, open_at(plant, "HEAD", NOON, "pinned").project, ENGINE)
    assert later.load("site-000", NOON) is None
    assert later.newest("site-000") == newest
    assert later.load_named(newest.key, NOON) == found
    intent = plant / "controls/sites/site-000.yaml"
    intent.write_text(intent.read_text().replace("nobody", "somebody"))
    committed(plant)
    other = KeptSites(cache, open_at(plant, "HEAD", NOON, "pinned").project, ENGINE)
    assert other.newest("site-000") is None, "other intent"


def test_what_was_found_out_about_files_is_kept_as_long_as_the_site_has_them(
    plant: Path, judge: Judge, engine: Engine, tmp_path: Path
) -> None:
    opened, _ = some_site(plant, judge, engine)
    kept = KeptSites(Cache(tmp_path / "other"), opened.project, ENGINE)
    blobs = kept.blobs("site-000")
    stored = StoredSite(opened.project.tree, "site-000", blobs)
    said = stored.custody("sensor")
    blobs.custody("f" * 40, "another/custody.yaml", lambda: dump_yaml(said))
    kept.keep_found("site-000", blobs)

    def unread() -> bytes:
        raise AssertionError("what was found out needs no reading")

    again = kept.blobs("site-000")
    assert again.custody(stored.files["evidence/site-000/sensor/custody.yaml"].id, "", unread) == said
    assert again.found.custody.keys() == {stored.files["evidence/site-000/sensor/custody.yaml"].id}
    assert kept.blobs("site-001").found == FoundOut()


def test_another_engine_or_program_shares_nothing(
    plant: Path, judge: Judge, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, found = some_site(plant, judge, engine)
    cache = Cache(tmp_path / "other")
    kept = KeptSites(cache, opened.project, ENGINE)
    kept.save("site-000", found)
    kept.save_judge(judge)
    assert KeptSites(cache, opened.project, ENGINE).load("site-000", NOON) == found
    assert KeptSites(cache, opened.project, ENGINE).judge() == judge
    other = KeptSites(cache, opened.project, ("regorus", "2"))
    assert (other.load("site-000", NOON), other.judge()) == (None, None)
    monkeypatch.setattr("plantproof.cli.kept_sites.code_digest", lambda: "other code")
    other = KeptSites(cache, opened.project, ENGINE)
    assert (other.load("site-000", NOON), other.judge()) == (None, None)


def test_stretches_are_bounded_and_do_not_overlap(plant: Path, judge: Judge, engine: Engine, tmp_path: Path) -> None:
    opened, found = some_site(plant, judge, engine)
    kept = KeptSites(Cache(tmp_path / "other"), opened.project, ENGINE)
    for number in range(70):
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        kept.save(
            "site-000", Concluded(msgspec.structs.replace(found.conclusions, steady=Steady(day, day)), found.lists)
        )
    assert kept.load("site-000", "2026-06-01") is None
    assert kept.load("site-000", "2026-08-09") is not None
    wide = msgspec.structs.replace(found.conclusions, steady=Steady("2026-06-01", "2026-12-31"))
    kept.save("site-000", Concluded(wide, found.lists))
    assert kept.load("site-000", "2026-08-09") == Concluded(wide, found.lists)


def test_a_wrong_site_is_told_also_with_a_cache(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(plant, "--cache")
    (plant / "evidence/site-001/sensor/custody.yaml").unlink()
    assert run(["check", "-C", str(plant), "--date", NOON, "--cache"]) == 2
    assert "evidence without custody" in capsys.readouterr().err
    with started_engine(EngineChoice(cache=True), open_at(plant, "HEAD", NOON, "pinned").project.file.limits) as cached:
        assert cached.name == "regorus"
