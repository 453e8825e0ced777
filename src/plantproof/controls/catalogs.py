"""Catalogs: what a standard asks, as facts. One file a framework, and for NIST two more with the ids around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from plantproof.controls.notation import ParameterName, canonical, oscal_id, parameter_name
from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.catalog import Catalog, CatalogControl, Objectives, Parameters
from plantproof.model.intent import SelectedControl
from plantproof.spelling import did_you_mean

FOLDER = "controls/catalogs"
UNTITLED = "(no title in the sources)"

METHODS = {"E": "EXAMINE", "I": "INTERVIEW", "T": "TEST"}


def catalog_path(framework: str) -> str:
    """Where the catalog of a framework lies."""
    return f"{FOLDER}/{framework}.yaml"


def objectives_path(framework: str) -> str:
    """Where its assessment objectives lie, if it has any."""
    return f"{FOLDER}/{framework}.objectives.yaml"


def parameters_path(framework: str) -> str:
    """Where the names of its parameters lie, if it has any."""
    return f"{FOLDER}/{framework}.parameters.yaml"


def load_catalog(data: bytes, path: str) -> Catalog:
    """One catalog. Raises `InputError` with every mistake, such as ids that are not canonical or of no group."""
    document = parse_yaml(data, path)
    catalog = document.convert(Catalog)
    problems = list(_catalog_problems(document, catalog))
    if problems:
        raise InputError(*problems)
    return catalog


def load_objectives(data: bytes, path: str, catalog: Catalog) -> Objectives:
    """The assessment objectives of a catalog. Raises `InputError` where they are not of its controls."""
    document = parse_yaml(data, path)
    objectives = document.convert(Objectives)
    problems = list(_companion_problems(document, catalog, objectives.catalog, objectives.controls))
    for control, text in objectives.controls.items():
        methods, *leaves = text.split(" ")
        if not methods or not set(methods) <= METHODS.keys() or not leaves:
            problems.append(document.problem(("controls", control), "not of the form `EIT a-1 a-2`"))
        elif len(set(leaves)) != len(leaves):
            problems.append(document.problem(("controls", control), "names an objective twice"))
    if problems:
        raise InputError(*problems)
    return objectives


def load_parameters(data: bytes, path: str, catalog: Catalog) -> Parameters:
    """The parameters of a catalog. Raises `InputError` where they are not of its controls."""
    document = parse_yaml(data, path)
    parameters = document.convert(Parameters)
    problems = list(_companion_problems(document, catalog, parameters.catalog, parameters.controls))
    if problems:
        raise InputError(*problems)
    return parameters


def control_of(catalog: Catalog, name: str) -> CatalogControl:
    """One requirement; a bare title counts as a requirement with nothing but a title."""
    value = catalog.controls[name]
    return CatalogControl(title=value) if isinstance(value, str) else value


def group_of(catalog: Catalog, name: str) -> str:
    """The group that a requirement stands in, by its id: `FR 1`, `ZCR 3`, `AC`, `PR.AA`."""
    if name.startswith("ZCR "):
        return name.partition(".")[0]
    if catalog.ids == "iec":
        return f"FR {name.removeprefix('SR ').partition('.')[0]}"
    if catalog.ids == "csf":
        return name.rpartition("-")[0]
    return name.partition("-")[0]


def has_levels(catalog: Catalog) -> bool:
    """Whether requirements have security levels: those of IEC 62443-3-3 do, those of IEC 62443-3-2 do not."""
    return catalog.ids == "iec" and any(control_of(catalog, name).level is not None for name in catalog.controls)


def parent_of(catalog: Catalog, name: str) -> str:
    """The requirement that an enhancement belongs to; "" for a base requirement."""
    if catalog.ids == "iec":
        return name.partition(" RE ")[0] if " RE " in name else ""
    if catalog.ids == "nist-800-53":
        return name.partition("(")[0] if "(" in name else ""
    return ""


def selected_control(catalog: Catalog, name: str, objectives: Objectives | None = None) -> SelectedControl:
    """One requirement as the catalog has it, not yet tailored."""
    control = control_of(catalog, name)
    methods, *leaves = (objectives.controls.get(name, "") if objectives else "").split(" ")
    return SelectedControl(
        id=name,
        title=control.title or UNTITLED,
        group=group_of(catalog, name),
        level=control.level,
        contested=(control.contested[0], control.contested[1]) if control.contested else None,
        confidence=control.confidence or "",
        parent=parent_of(catalog, name),
        objectives=tuple(objective_id(name, leaf) for leaf in leaves),
        methods=methods,
        note=control.note,
    )


def objective_id(control: str, leaf: str) -> str:
    """The OSCAL id of an objective: of AC-1, `a-1` gives `ac-1_obj.a-1`, `-1` `ac-1_obj-1` and `.` `ac-1_obj`."""
    base = f"{oscal_id(control)}_obj"
    if leaf == ".":
        return base
    return f"{base}{leaf}" if leaf.startswith("-") else f"{base}.{leaf}"


def parameter_names(parameters: Parameters, control: str) -> tuple[str, ...]:
    """All parameters of a control by the names of now, e.g. `ac-02_odp.01`, in order."""
    indexes = {index for _, now in _numbers(parameters, control) for index in now}
    return tuple(parameter_name(control, index) for index in sorted(indexes))


def current_names(parameters: Parameters, written: ParameterName) -> tuple[str, ...]:
    """What a parameter is called now: no name where there is none, several where a former one was split."""
    if not written.former:
        return (written.name,) if written.name in parameter_names(parameters, written.control) else ()
    for former, now in _numbers(parameters, written.control):
        if former == written.former:
            return tuple(parameter_name(written.control, index) for index in now)
    return ()


def _numbers(parameters: Parameters, control: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for item in parameters.controls.get(control, "").split():
        former, _, now = item.partition("=")
        yield int(former or 0), tuple("" if index == "." else index for index in now.split("+"))


def _catalog_problems(document: YamlDocument, catalog: Catalog) -> Iterator[Problem]:
    yield from _named_as_file(document, catalog.id)
    groups = [group.id for group in catalog.groups]
    for number, group in enumerate(groups):
        if groups.index(group) != number:
            yield document.problem(("groups", number, "id"), f"the group `{group}` is there twice")
    known = set(groups)
    for name, value in catalog.controls.items():
        here = ("controls", name)
        spelled = canonical(name, catalog.ids)
        if spelled != name:
            hint = f"write `{spelled}`" if spelled else f"ids of `{catalog.ids}` look otherwise"
            yield document.problem(here, f"`{name}` is not the canonical id", hint)
        elif group_of(catalog, name) not in known:
            yield document.problem(here, f"the group `{group_of(catalog, name)}` of `{name}` is not under `groups`")
        elif (parent := parent_of(catalog, name)) and parent not in catalog.controls:
            yield document.problem(here, f"`{name}` enhances `{parent}`, which is not in the catalog")
        if name in catalog.withdrawn:
            yield document.problem(here, f"`{name}` is under `withdrawn` as well")
        yield from _level_problems(document, catalog, name, value)
    for baseline, members in catalog.baselines.items():
        seen: set[str] = set()
        for number, name in enumerate(members):
            if name not in catalog.controls:
                message = f"`{name}` of the baseline {baseline} is not in the catalog"
                yield document.problem(("baselines", baseline, number), message, did_you_mean(name, catalog.controls))
            elif name in seen:
                yield document.problem(("baselines", baseline, number), f"`{name}` is in {baseline} twice")
            seen.add(name)


def _level_problems(
    document: YamlDocument, catalog: Catalog, name: str, value: str | CatalogControl
) -> Iterator[Problem]:
    level = None if isinstance(value, str) else value.level
    contested = None if isinstance(value, str) else value.contested
    if catalog.ids == "iec" and level is None and not name.startswith("ZCR "):
        yield document.problem(("controls", name), f"`{name}` has no level", "write `{title: ..., level: 1}`")
    if contested and not (level is not None and contested[0] <= level <= contested[1] and contested[0] < contested[1]):
        message = f"`contested` of `{name}` must be the lowest and the highest level, with its level between"
        yield document.problem(("controls", name, "contested"), message)


def _companion_problems(
    document: YamlDocument, catalog: Catalog, belongs_to: str, controls: dict[str, str]
) -> Iterator[Problem]:
    if belongs_to != catalog.id:
        yield document.problem(("catalog",), f"belongs to `{belongs_to}`, but its name says `{catalog.id}`")
        return
    for name in controls:
        if name not in catalog.controls:
            message = f"`{name}` is not in the catalog {catalog.id}"
            yield document.problem(("controls", name), message, did_you_mean(name, catalog.controls))


def _named_as_file(document: YamlDocument, name: str) -> Iterator[Problem]:
    stem = PurePosixPath(document.path).stem
    if stem != name:
        yield document.problem(("id",), f"the id `{name}` is not the name of the file", f"write `{stem}`, or rename it")
