"""How long evidence speaks: fresh until the last day of its age limit, and never dated after the assessment."""

from __future__ import annotations

from datetime import date, timedelta

from plantproof.errors import InputError, Problem
from plantproof.model.evidence import Claims, Source
from plantproof.model.plant import SourceState
from plantproof.model.project_file import ProjectFile, SourceSettings

DEFAULT_MAX_AGE_DAYS = 90
"""Where neither the source nor the project says: a quarter, the longest interval of the review calendars."""


def day(text: str) -> date:
    """The UTC day of a date as records write it. Raises ValueError for one that no calendar has."""
    return date.fromisoformat(text[:10])


def max_age_days(kind: str, settings: SourceSettings, project: ProjectFile) -> int:
    """The source's own limit, else the project's for the kind, else its default, else `DEFAULT_MAX_AGE_DAYS`."""
    if settings.max_age_days is not None:
        return settings.max_age_days
    return project.max_age_days.get(kind, project.max_age_days.get("default", DEFAULT_MAX_AGE_DAYS))


def source_states(claims: Claims, project: ProjectFile, on: str) -> tuple[SourceState, ...]:
    """Freshness of every source by kind, on the date `on` (verdicts.md 15). Sources sorted by name.

    Age counts from the end of what was observed, or from the collection where the source does not say. Raises
    InputError for evidence that is dated after `on`, and for dates that no calendar has: all of them at once.
    """
    problems: list[Problem] = []
    states = []
    settings = project.sites[claims.site].sources if claims.site in project.sites else {}
    for source in sorted(claims.sources, key=lambda item: item.name):
        seen = _last_day(source, on, problems)
        fresh_until: dict[str, str] = {}
        stale_kinds: dict[str, str] = {}
        kinds = set(source.records) | {cover.kind for cover in source.custody.covers}
        for kind in sorted(kinds) if seen else ():
            limit = max_age_days(kind, settings.get(source.name, SourceSettings()), project)
            try:
                last = (seen or date.min) + timedelta(days=limit)
                ended = last + timedelta(days=1)
            except OverflowError:
                last = ended = date.max
            fresh_until[kind] = last.isoformat()
            if last < day(on):
                stale_kinds[kind] = ended.isoformat()
        states.append(
            SourceState(
                site=claims.site,
                name=source.name,
                custody=source.custody,
                custody_path=source.custody_path,
                stale_kinds=stale_kinds,
                fresh_until=fresh_until,
            )
        )
    if problems:
        raise InputError(*problems)
    return tuple(states)


def _last_day(source: Source, on: str, problems: list[Problem]) -> date | None:
    """The day up to which the source speaks. None, with a problem, where custody's dates cannot be right."""
    custody = source.custody
    days = {}
    for field in ("observed_from", "observed_to", "collected_at"):
        text = getattr(custody, field)
        if text is None:
            continue
        try:
            days[field] = day(text)
        except ValueError:
            problems.append(Problem(source.custody_path, 0, f"`{field}: {text}` is no date of any calendar"))
            return None
        if days[field] > day(on):
            problems.append(
                Problem(
                    source.custody_path,
                    0,
                    f"`{field}: {text}` is after the date of the assessment, {on}",
                    f"assess on a later date with `--date {text[:10]}`, or check the collector's clock",
                )
            )
            return None
    # Nothing is observed after it was collected; a window that ends later must not make evidence last longer.
    return min(days["collected_at"], days.get("observed_to", days["collected_at"]))


def lapses(claims: Claims, states: tuple[SourceState, ...], on: str) -> tuple[tuple[str, str], ...]:
    """(first day without, what lapses then) for all that lapses after `on`: freshness of sources, and attestations."""
    found = [(_day_after(each.expires), f"attestation {each.id}") for each in claims.attestations]
    return tuple(sorted((*lapses_of_sources(states, on), *(item for item in found if item[0] > on))))


def lapses_of_sources(states: tuple[SourceState, ...], on: str) -> tuple[tuple[str, str], ...]:
    """The same for the freshness of sources alone."""
    found = []
    for state in states:
        by_day: dict[str, list[str]] = {}
        for kind, last in state.fresh_until.items():
            by_day.setdefault(last, []).append(kind)
        for last, kinds in by_day.items():
            found.append((_day_after(last), f"evidence of {state.name} ({', '.join(sorted(kinds))})"))
    return tuple(sorted(item for item in found if item[0] > on))


def _day_after(text: str) -> str:
    try:
        return (day(text) + timedelta(days=1)).isoformat()
    except (OverflowError, ValueError):
        return text[:10]  # the last day that there is, or one that is in no calendar
