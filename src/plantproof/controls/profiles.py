"""Profiles: which requirements of one framework apply, tailored with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from plantproof.controls.catalogs import current_names, has_levels, selected_control
from plantproof.controls.notation import parameter, resolve
from plantproof.errors import Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.catalog import Catalog, Objectives, Parameters, Profile, Tailoring
from plantproof.model.intent import SelectedControl, SelectedFramework
from plantproof.spelling import did_you_mean
from plantproof.text import plain

FOLDER = "controls/profiles"


class ProfileFile(NamedTuple):
    """A profile with the file that it was read from, which knows the lines."""

    profile: Profile
    document: YamlDocument


class Selection(NamedTuple):
    """What `select` found: the framework, unless there is a problem."""

    framework: SelectedFramework | None
    problems: list[Problem]


def profile_path(name: str) -> str:
    """Where a profile lies."""
    return f"{FOLDER}/{name}.yaml"


def load_profile(data: bytes, path: str) -> ProfileFile:
    """One profile. Raises `InputError` with every mistake of form; whether it fits its catalog is for `select`."""
    document = parse_yaml(data, path)
    return ProfileFile(document.convert(Profile), document)


def chain_of(
    name: str, read: Callable[[str], ProfileFile | None], exists: Callable[[str], bool]
) -> tuple[list[ProfileFile], list[Problem]]:
    """A profile with all that it extends, each once, what is extended before what extends it.

    `read` gives a profile by its name, or None where there is none or where its own mistakes were told already. Cycles
    and missing profiles are problems.
    """
    chain: dict[str, ProfileFile] = {}
    problems: list[Problem] = []

    def follow(current: str, above: tuple[str, ...]) -> None:
        file = read(current)
        if file is None or current in chain:
            return
        for number, base in enumerate(file.profile.extends):
            here = ("extends", number)
            if base in (*above, current):
                trail = [*above, current, base]
                circle = " -> ".join(trail[trail.index(base) :])
                problems.append(file.document.problem(here, f"profiles extend each other in a circle: {circle}"))
            elif file.profile.extends.index(base) != number:
                problems.append(file.document.problem(here, f"`{base}` is extended twice"))
            elif not exists(base):
                message = f"no profile `{base}` in {FOLDER}/"
                problems.append(file.document.problem(here, message, "the name is that of the file, without .yaml"))
            else:
                follow(base, (*above, current))
        chain[current] = file

    follow(name, ())
    return list(chain.values()), problems


def select(
    catalog: Catalog,
    chain: Sequence[ProfileFile],
    objectives: Objectives | None = None,
    parameters: Parameters | None = None,
) -> Selection:
    """The requirements that a chain of profiles selects and tailors; the last profile gives the result its name.

    Selected is what any profile of the chain selects (by baseline, by level or by name). Levels that a project sets
    itself count before anything is selected by level; what they take out is among what is removed. Later profiles
    overrule earlier ones in tailoring and parameters.
    """
    problems = [problem for file in chain for problem in _framework_problems(file, catalog)]
    if problems:  # whatever else the files say would be measured against the wrong catalog
        return Selection(None, problems)
    all_controls = {name: selected_control(catalog, name, objectives) for name in catalog.controls}
    tailorings: list[tuple[ProfileFile, int, str, Tailoring]] = []
    for file in chain:
        problems += _form_problems(file, catalog)
        for number, tailoring in enumerate(file.profile.tailoring):
            found = _resolved(file, ("tailoring", number, "control"), tailoring.control, catalog)
            if isinstance(found, Problem):
                problems.append(found)
                continue
            if found not in all_controls:
                message = f"{tailoring.control} is a group"
                problems.append(
                    file.document.problem(("tailoring", number, "control"), message, "tailor its requirements singly")
                )
                continue
            problems += _tailoring_problems(file, number, tailoring, catalog)
            tailorings.append((file, number, found, tailoring))
    published = dict(all_controls)
    for _, _, name, tailoring in tailorings:
        if tailoring.action == "level" and tailoring.level is not None:
            changed = {"level": tailoring.level, "contested": None, "confidence": "", "tailoring": tailoring}
            all_controls[name] = msgspec.structs.replace(all_controls[name], **changed)

    chosen, removed = _choose(catalog, chain, all_controls, tailorings, problems)
    for name, tailoring in _raised_out(chain, published, all_controls):
        if name not in chosen:
            removed.setdefault(name, tailoring)
    values = _parameter_values(catalog, chain, parameters, problems)
    if not chosen and not problems:
        file = chain[-1]
        hint = "give it a `baseline`, a `level`, `controls` or something to extend"
        problems.append(file.document.problem((), f"the profile {file.profile.id} selects no requirement", hint))
    if problems:
        return Selection(None, problems)
    framework = SelectedFramework(
        catalog=catalog,
        profile=chain[-1].profile,
        controls=tuple(chosen[name] for name in all_controls if name in chosen),
        all_controls=tuple(chosen.get(name, control) for name, control in all_controls.items()),
        removed=tuple((name, removed[name]) for name in all_controls if name in removed),
        parameters=dict(sorted(values.items())),
    )
    return Selection(framework, [])


def _choose(
    catalog: Catalog,
    chain: Sequence[ProfileFile],
    all_controls: dict[str, SelectedControl],
    tailorings: Sequence[tuple[ProfileFile, int, str, Tailoring]],
    problems: list[Problem],
) -> tuple[dict[str, SelectedControl], dict[str, Tailoring]]:
    """What is selected after tailoring, and what was taken out. Adds to `problems` what has nothing to act on."""
    chosen: dict[str, SelectedControl] = {}
    removed: dict[str, Tailoring] = {}
    for file in chain:
        for name in _selected_by(file, catalog, all_controls, problems):
            chosen.setdefault(name, all_controls[name])
            removed.pop(name, None)
        for owner, number, name, tailoring in tailorings:
            if owner is not file:
                continue
            here = ("tailoring", number, "control")
            if tailoring.action == "add":
                if name in chosen:
                    problems.append(file.document.problem(here, f"`{name}` is selected already: nothing to add"))
                chosen[name] = msgspec.structs.replace(all_controls[name], tailoring=tailoring)
                removed.pop(name, None)
            elif tailoring.action != "level" and name not in chosen:
                message = f"`{name}` is not selected by this profile or what it extends"
                problems.append(file.document.problem(here, message, f"there is nothing to {_DOES[tailoring.action]}"))
            elif tailoring.action == "remove":
                del chosen[name]
                removed[name] = tailoring
            elif tailoring.action == "not-applicable":
                chosen[name] = msgspec.structs.replace(chosen[name], tailoring=tailoring)
    return chosen, removed


def _raised_out(
    chain: Sequence[ProfileFile], published: dict[str, SelectedControl], now: dict[str, SelectedControl]
) -> Iterator[tuple[str, Tailoring]]:
    """The requirements that a profile would select by the level that is published, and does not by the one that the
    project gives them: taken out like those that are removed, and no less in need of an approver and an end."""
    for level in {file.profile.level for file in chain if file.profile.level is not None}:
        for name, control in now.items():
            tailoring = control.tailoring
            if tailoring is not None and (published[name].level or 0) <= level < (control.level or 0):
                reason = f"level {control.level} instead of {published[name].level}: {tailoring.reason}"
                yield name, msgspec.structs.replace(tailoring, action="remove", reason=reason)


_DOES = {"remove": "remove", "not-applicable": "call not applicable"}


def _selected_by(
    file: ProfileFile, catalog: Catalog, all_controls: dict[str, SelectedControl], problems: list[Problem]
) -> Iterator[str]:
    """The names that one profile selects by itself, in no particular order."""
    profile = file.profile
    yield from catalog.baselines.get(profile.baseline, ())
    if profile.level is not None and has_levels(catalog):
        yield from (name for name, control in all_controls.items() if (control.level or 0) <= profile.level)
    seen: dict[str, str] = {}
    for number, text in enumerate(profile.controls):
        name = _resolved(file, ("controls", number), text, catalog)
        if isinstance(name, Problem):
            problems.append(name)
            continue
        members = [name] if name in all_controls else [c.id for c in all_controls.values() if _within(c.group, name)]
        for member in members:
            if member in seen:
                message = f"`{member}` is there twice, as `{seen[member]}` and as `{text}`"
                problems.append(file.document.problem(("controls", number), message))
                break
            seen[member] = text
            yield member


def _within(group: str, wanted: str) -> bool:
    """Whether a group is the one wanted or stands in it, as the category `PR.AA` in the function `PR`."""
    return group == wanted or group.startswith(f"{wanted}.")


def _resolved(file: ProfileFile, pointer: tuple[str | int, ...], text: str, catalog: Catalog) -> str | Problem:
    found = resolve(text, catalog)
    return file.document.problem(pointer, found.message, found.hint) if isinstance(found, Problem) else found


def _framework_problems(file: ProfileFile, catalog: Catalog) -> Iterator[Problem]:
    if file.profile.framework != catalog.id:
        message = f"the profile is of `{file.profile.framework}`, but what extends it is of `{catalog.id}`"
        yield file.document.problem(("framework",), message, "a profile extends profiles of its own framework only")


def _form_problems(file: ProfileFile, catalog: Catalog) -> Iterator[Problem]:
    """What is wrong with a profile by itself, given its catalog."""
    profile, document = file
    stem = PurePosixPath(document.path).stem
    if profile.id != stem:
        yield document.problem(("id",), f"the id `{profile.id}` is not the name of the file", f"write `{stem}`")
    if profile.baseline and profile.baseline not in catalog.baselines:
        hint = did_you_mean(profile.baseline, catalog.baselines) or (
            f"there are: {', '.join(sorted(catalog.baselines))}" if catalog.baselines else "it has none"
        )
        yield document.problem(("baseline",), f"no baseline `{profile.baseline}` in {catalog.id}", hint)
    if profile.level is not None and not has_levels(catalog):
        hint = "use a baseline" if catalog.baselines else "name them under `controls`"
        yield document.problem(("level",), f"the requirements of {catalog.id} have no levels", hint)
    seen: set[tuple[str, str]] = set()
    for number, tailoring in enumerate(profile.tailoring):
        name = resolve(tailoring.control, catalog)
        if isinstance(name, Problem):
            continue
        kind = "level" if tailoring.action == "level" else "selection"
        if (name, kind) in seen:
            yield document.problem(("tailoring", number), f"`{name}` is tailored twice here", "keep one of them")
        seen.add((name, kind))


def _tailoring_problems(file: ProfileFile, number: int, tailoring: Tailoring, catalog: Catalog) -> Iterator[Problem]:
    """What a tailoring must say: always why; where it takes something away, also who approved it and until when."""
    document, here, action = file.document, ("tailoring", number), tailoring.action
    if not plain(tailoring.reason):
        yield document.problem((*here, "reason"), f"`{action}` of {tailoring.control} gives no reason")
    if action in _DOES:
        missing = [name for name in ("approver", "review_by") if not plain(getattr(tailoring, name) or "")]
        if missing:
            message = f"`{action}` of {tailoring.control} does not name its {' and '.join(missing)}"
            yield document.problem(here, message, "taking a requirement away has an approver and an end")
    if action == "level" and not has_levels(catalog):
        yield document.problem(here, f"the requirements of {catalog.id} have no levels")
    elif action == "level" and tailoring.level is None:
        yield document.problem(here, f"no level given for {tailoring.control}", "write `level: 2`")
    elif action != "level" and tailoring.level is not None:
        yield document.problem((*here, "level"), f"`{action}` takes no level", "use `action: level`")


def _parameter_values(
    catalog: Catalog, chain: Sequence[ProfileFile], parameters: Parameters | None, problems: list[Problem]
) -> dict[str, str | int | float | bool | list[str]]:
    """The values of parameters under their names of now; later profiles overrule earlier ones."""
    values: dict[str, str | int | float | bool | list[str]] = {}
    for file in chain:
        own: dict[str, str] = {}
        for text, value in file.profile.parameters.items():
            here = ("parameters", text)
            written = parameter(text) if catalog.ids == "nist-800-53" else None
            if catalog.ids != "nist-800-53":
                values[text] = value
                continue
            names = current_names(parameters, written) if written and parameters else ()
            if len(names) != 1:
                hint = f"it became {' and '.join(names)}: set each" if names else "write it as `ac-02_odp.01`"
                problems.append(file.document.problem(here, f"no single parameter is called `{text}`", hint))
            elif names[0] in own:
                problems.append(file.document.problem(here, f"`{text}` and `{own[names[0]]}` are one parameter"))
            else:
                own[names[0]] = text
                values[names[0]] = value
    return values
