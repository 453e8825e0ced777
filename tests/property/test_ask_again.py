"""The law of asking again: a site asked about the edited policies alone comes to what it comes to judged as a whole."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from tests.support.carried_world import ON, SITES, World, shown
from tests.support.memory_tree import MemoryTree

from plantproof.ask_again import ask_again, edited_policies
from plantproof.carry_over import AsOne
from plantproof.errors import InputError
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.pipeline import Judge, judge_site, load_judge
from plantproof.plant.packing import packed, unpacked
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.project import open_project

Edit = Callable[[str, random.Random], str]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


def always(text: str, chance: random.Random) -> str:
    """Every subject fails."""
    return text + '\nviolations contains v if {\n\tinput\n\tv := {"message": "it is so"}\n}\n'


def never(text: str, chance: random.Random) -> str:
    """No subject fails as it did."""
    return text.replace("violations contains v if {", "violations contains v if {\n\tinput == 1")


def another_number(text: str, chance: random.Random) -> str:
    """One number of the rules is another one."""
    head, package, rules = text.partition("\npackage ")
    numbers = list(re.finditer(r"(?<![\w.\"])\d+(?![\w.\"])", rules))
    if not numbers:
        return text
    chosen = chance.choice(numbers)
    return head + package + rules[: chosen.start()] + str(int(chosen[0]) + 1) + rules[chosen.end() :]


def other_words(text: str, chance: random.Random) -> str:
    """Title, severity and remedy are worded otherwise."""
    text = re.sub(r"(?m)^# title: (.*)$", r"# title: Now \1", text, count=1)
    text = re.sub(r"(?m)^(#\s+action: )(.*)$", r"\1First \2", text, count=1)
    return re.sub(r"(?m)^(#\s+severity: )\w+$", r"\1low", text, count=1)


EDITS: dict[str, Edit] = {"always": always, "never": never, "number": another_number, "words": other_words}


class Editor:
    """The reference project with edited policies."""

    def __init__(self, world: World) -> None:
        self._world = world
        tree = world.project.tree
        self._files = {path: tree.read(path) for path in tree.paths() if not path.startswith("evidence/")}
        rego = [path for path in self._files if path.startswith("policies/") and path.endswith(".rego")]
        self.policies = [
            path for path in rego if not path.endswith("_test.rego") and b"\n# custom:" in self._files[path]
        ]

    def edited(self, paths: list[str], edit: Edit, chance: random.Random) -> Judge:
        texts = {path: edit(self._files[path].decode(), chance).encode() for path in paths}
        reasons = "overrides:\n" + "".join(
            f"  - path: {path}\n    reason: another wording is tried\n" for path in texts
        )
        texts["plantproof.yaml"] = self._files["plantproof.yaml"] + reasons.encode()
        project = open_project(MemoryTree({**self._files, **texts}), accept_content=True)
        assert isinstance(self._world.engine, EmbeddedEngine)
        return load_judge(project, self._world.engine.workers)


def asked(
    world: World, before: SiteConclusions, was: Judge, now: Judge, site: str, told: Counter[str]
) -> SiteConclusions | None:
    edited = edited_policies(was, now)
    tree, file = MemoryTree(world.files), world.project.file
    kept = unpacked(packed(judge_site(tree, file, was, site, on=ON, engine=world.engine).plant))
    assert kept is not None
    found = ask_again(before, AsOne(before), edited, kept, tree, now, on=ON, engine=world.engine)
    told["asked" if found else "whole"] += 1
    return found and found.whole(before)


@pytest.mark.parametrize("name", sorted(EDITS))
def test_asking_again_gives_what_judging_the_whole_gives(name: str, world: World) -> None:
    chance = random.Random(name)  # noqa: S311  a seeded edit, not a secret
    editor = Editor(world)
    told: Counter[str] = Counter()
    for site in SITES:
        judge, before = world.judge, world.known[site]
        for _ in range(2):
            paths = chance.sample(editor.policies, chance.choice([1, 2, 4]))
            try:
                now = editor.edited(paths, EDITS[name], chance)
            except InputError:
                continue
            found = asked(world, before, judge, now, site, told)
            whole = world.judged(world.files, site, judge=now)
            if found is not None:
                assert shown(found) == shown(whole), paths
                assert found.standing == whole.standing, paths
                assert found.steady is not None
                assert whole.steady is not None
                assert whole.steady.first <= found.steady.first <= ON <= found.steady.last <= whole.steady.last
            judge, before = now, found or whole
    assert told["asked"], told
