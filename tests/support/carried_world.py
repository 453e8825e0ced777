"""The reference plants in memory, judged as a whole or carried over from another state of their evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from tests.support.collected_again import Files, fitting
from tests.support.documents import ROOT
from tests.support.memory_tree import MemoryTree

from plantproof.carry_over import AsOne, carry_over
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.stored_site import StoredSite
from plantproof.git_opening import open_repository
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.adopted import Adopted, AdoptedHead
from plantproof.model.assessment import Gap
from plantproof.model.policy import Join
from plantproof.pipeline import Judge, assess_site, load_judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Engine
from plantproof.project import Project, open_project
from plantproof.review.adoption import adopt

ON = "2026-11-20"
SITES = ("northmill", "eastbrook")
Record = dict[str, Any]


class World:
    """The reference project in memory, and what each of its sites comes to."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        tree = open_repository(ROOT).working_tree()
        self.project: Project = open_project(tree, accept_content=True)
        self.judge: Judge = load_judge(self.project, engine.workers)
        self.engine: Engine = engine
        self.files: Files = {path: tree.read(path) for path in tree.paths("evidence")}
        self.known = {site: self.judged(self.files, site) for site in SITES}

    def judged(
        self, files: Files, site: str, *, judge: Judge | None = None, on: str = ON, modes: dict[str, str] | None = None
    ) -> SiteConclusions:
        tree = MemoryTree(files, modes)
        return assess_site(tree, self.project.file, judge or self.judge, site, on=on, engine=self.engine)

    def carried(
        self,
        site: str,
        before: SiteConclusions,
        old: Files,
        new: Files,
        told: Counter[str],
        *,
        judge: Judge | None = None,
        on: str = ON,
        engine: Engine | None = None,
        modes: dict[str, str] | None = None,
    ) -> SiteConclusions | None:
        """What carrying gives for the whole site; None, and `told` why, where it gives nothing."""
        blobs = Blobs()
        found = carry_over(
            before,
            AsOne(before),
            StoredSite(MemoryTree(old), site, blobs),
            StoredSite(MemoryTree(new, modes), site, blobs),
            self.project.file,
            judge or self.judge,
            on=on,
            engine=engine or self.engine,
            told=lambda why: told.update([why.split(":")[0]]),
        )
        return None if found is None else found.whole(before)


def shown(found: SiteConclusions) -> dict[str, Any]:
    """What anybody is shown of the conclusions."""
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(found, steady=None, standing=None))
    return plain


def edited(files: Files, path: str, change: Callable[[list[Record]], object]) -> Files:
    """One file of lines changed, as another collection would write it, with the custody that fits."""
    lines = [msgspec.json.decode(line) for line in files[path].splitlines()]
    change(lines)
    return written(files, path, b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines))


def written(files: Files, path: str, data: bytes) -> Files:
    """One file with other bytes, and the custody made to fit."""
    custody = "/".join(path.split("/")[:3]) + "/custody.yaml"
    return fitting({**files, path: data}, custody)


def set_field(identifier: str, **fields: Any) -> Callable[[list[Record]], None]:
    """To change fields of one record; `None` takes a field away."""

    def change(lines: list[Record]) -> None:
        (line,) = (each for each in lines if each["id"] == identifier)
        line.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del line[name]

    return change


def removed(identifier: str) -> Callable[[list[Record]], None]:
    """To take one record away."""

    def change(lines: list[Record]) -> None:
        lines[:] = [each for each in lines if each["id"] != identifier]

    return change


def added(**record: Any) -> Callable[[list[Record]], None]:
    """To add one record, in its place."""

    def change(lines: list[Record]) -> None:
        lines.append(record)
        lines.sort(key=lambda each: str(each["id"]))

    return change


class Start(NamedTuple):
    """A state to carry over from: its evidence, what must hold, and what it came to on some day."""

    files: Files
    judge: Judge
    before: SiteConclusions


def start(world: World, site: str, kind: str) -> Start:
    """A plant with a circumstance of some kind."""
    root = f"evidence/{site}/"
    files, judge, day = dict(world.files), world.judge, ON
    assets = [row.id for row in world.known[site].site.assets]
    if kind == "merged":
        files[f"{root}identities.jsonl"] += b'{"same":["%s","%s"]}\n' % (assets[3].encode(), assets[20].encode())
    elif kind == "retired":
        gone = sorted({gap.asset for gap in world.known[site].gaps if gap.asset})[:2]
        files[f"{root}identities.jsonl"] += b"".join(
            b'{"approved_by":"Lee","date":"2026-11-20","reason":"gone","retired":"%s"}\n' % each.encode()
            for each in gone
        )
    elif kind == "half-retired":
        # One asset under both of its ids, one under the first alone: that one stays expected.
        pairs = [assets[3:5], assets[20:22]]
        lines = [b'{"same":["%s","%s"]}\n' % (one.encode(), other.encode()) for one, other in pairs]
        lines += [
            b'{"approved_by":"Lee","date":"2026-11-20","reason":"gone","retired":"%s"}\n' % each.encode()
            for each in (*pairs[0], pairs[1][0])
        ]
        files[f"{root}identities.jsonl"] += b"".join(lines)
    elif kind == "adopted":
        judge = with_intent(judge, adopted={site: adopted(world.known[site].gaps[::2], site)})
    elif kind == "children":
        files = without_places(files, root)
    elif kind == "following":
        judge = following(judge)
    elif kind == "stale":
        files = fitting(files, f"{root}nozomi/custody.yaml", collected_at="2026-03-01T05:00:00Z", observed_to=None)
        files = fitting(files, f"{root}nozomi/custody.yaml", observed_from=None)
    elif kind == "earlier":
        steady = world.known[site].steady
        assert steady is not None
        day = max(steady.first, "2026-11-19")
    return Start(files, judge, world.judged(files, site, judge=judge, on=day))


KINDS = ("plain", "merged", "retired", "adopted", "children", "following", "stale", "earlier", "half-retired")


def with_intent(judge: Judge, **fields: Any) -> Judge:
    """What judges, with another intent."""
    return msgspec.structs.replace(judge, intent=msgspec.structs.replace(judge.intent, **fields))


def with_metadata(judge: Judge, policy: str, **fields: Any) -> Judge:
    """What judges, with a policy that declares something else."""
    bundle = judge.bundle
    old = bundle.policies[policy]
    new = msgspec.structs.replace(old, metadata=msgspec.structs.replace(old.metadata, **fields))
    policies = {**bundle.policies, policy: new}
    return msgspec.structs.replace(judge, bundle=msgspec.structs.replace(bundle, policies=policies))


def adopted(gaps: Sequence[Gap], site: str) -> Adopted:
    """Gaps that a plant took over as its debt."""
    head = AdoptedHead(schema="plantproof/adopted/1", site=site, by="Lee", on="2026-11-01")
    _, lines = adopt(gaps, None, on="2026-11-01", review="2027-11-01", owner="Lee")
    return Adopted(head=head, gaps=tuple(lines))


def following(judge: Judge) -> Judge:
    """Policies that judge assets by what they are parts of, by their zone, and by records that are not theirs alone."""
    judge = with_metadata(judge, "integrity/firmware_known", follow={"parent": ["vendor?"]})
    judge = with_metadata(judge, "confidentiality/ssh_version", follow={"zone": ["kind"]})
    joins = judge.bundle.policies["confidentiality/snmp_secure"].metadata.joins
    interface = Join(fields=["name?"], covered="optional")
    judge = with_metadata(judge, "confidentiality/snmp_secure", joins={**joins, "interface": interface})
    # Accounts of assets of which nobody brought accounts are ruled out, or not, by a field of the asset alone.
    asked = {"asset.criticality": ["high"], "enabled": [True]}
    return with_metadata(judge, "identity/no_dormant_accounts", for_=asked)


def without_places(files: Files, root: str) -> Files:
    """Every third asset of which the sources say no address, but what it is a part of."""
    paths = [path for path in sorted(files) if path.startswith(root) and path.endswith("/records/asset.jsonl")]
    known = sorted({msgspec.json.decode(line)["id"] for path in paths for line in files[path].splitlines()})
    racks = dict(zip(known[::3], known[1::3], strict=False))

    def change(lines: list[Record]) -> None:
        for line in lines:
            if line["id"] in racks:
                line.pop("ips", None)
                line.pop("zone", None)
                line["parent"] = racks[line["id"]]

    for path in paths:
        files = edited(files, path, change)
    return files
