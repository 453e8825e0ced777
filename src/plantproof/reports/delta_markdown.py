"""The comment on a merge request: one, edited in place, at most 60 kB, silent where nothing moved."""

from __future__ import annotations

from plantproof.model.delta import Delta
from plantproof.reports import delta_words as words
from plantproof.reports.delta_markdown_sections import SECTIONS
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.markdown import code, prose, size, table
from plantproof.reports.markdown_sections import laid_out
from plantproof.reports.reporters import Options
from plantproof.reports.words import counted

MARKER = "<!-- plantproof:diff -->"
"""The first line of each comment: by it, and by its author, the comment is found again."""
ALL_RESOLVED = f"{MARKER}\n✓ Nothing left to do: what was reported here is resolved.\n"
"""What becomes of a comment when its change moves nothing any more."""

COMMENT_LIMIT = 60_000
"""GitHub takes 65,536 characters."""
SUMMARY_LIMIT = 900_000
"""A job summary of GitHub takes 1 MiB a step."""


def report(results: DeltaResults, options: Options) -> bytes:
    """`diff --format markdown`: the comment, empty where nothing moved."""
    return render(results, options, COMMENT_LIMIT).encode()


def report_summary(results: DeltaResults, options: Options) -> bytes:
    """`diff --format job-summary`: the same with more room, and a line also where nothing moved."""
    text = render(results, options, SUMMARY_LIMIT).removeprefix(f"{MARKER}\n")
    return (text or f"✓ Plantproof: {prose(words.summary(results.delta))}\n").encode()


def render(results: DeltaResults, options: Options, limit: int) -> str:
    """The comment in at most `limit` bytes: what does not fit is left out by severity, counted, and said where to
    find."""
    delta = results.delta
    sections = [found for make in SECTIONS if (found := make(results, options)) is not None]
    if not words.speaks(delta) and not any(section.speaks for section in sections) and not results.gate:
        return ""
    if words.resolved(delta) and not any(section.speaks for section in sections) and not results.gate:
        return f"{MARKER}\n✓ {prose(words.nothing_left(delta.counts))}\n"
    head = f"{MARKER}\n{_head(results)}"
    foot = _foot(delta)
    return laid_out(head, sections, foot, limit - size(_ALL), f"{_ALL}{_again(delta)}")


_ALL = "; to see all: "


def _again(delta: Delta) -> str:
    head = "--working-tree" if not delta.head.commit else delta.head.ref
    base = words.short_ref(delta.asked_base or delta.base.ref)
    return code(f"plantproof diff {base} {head} --verbose", 200)


def _head(results: DeltaResults) -> str:
    delta = results.delta
    lines = [f"### Plantproof: {prose(words.headline(delta) or 'no gap moved', 200)}", ""]
    if results.gate:
        lines += [f"**✗ The gate does not open:** {prose(results.gate.words, 1000)}.", ""]
    else:
        lines += ["✓ The gate opens.", ""]
    moved = [site for site in delta.sites if words.count_words(site.counts)]
    touched = moved[:_SITES]
    if touched:
        lines += [
            table(
                [
                    "Site",
                    "Opened",
                    "Worse",
                    "Not known any more",
                    "Changed",
                    "Known now",
                    "Better",
                    "Closed",
                    "Gaps now",
                ],
                [
                    [
                        prose(site.title or site.site, 60),
                        *(
                            f"{number:,}"
                            for number in (
                                site.counts.opened,
                                site.counts.worse,
                                site.counts.unknown_failed + site.counts.unknown_passed,
                                site.counts.changed,
                                site.counts.known_failed + site.counts.known_passed,
                                site.counts.better,
                                site.counts.closed,
                                site.counts.gaps_now,
                            )
                        ),
                    ]
                    for site in touched
                ],
                numbers=8,
            ),
            "",
        ]
    if len(moved) > _SITES:
        lines += [f"… and {counted(len(moved) - _SITES, 'site')} more", ""]
    return "\n".join(lines)


_SITES = 20


def _foot(delta: Delta) -> str:
    untouched = f" Untouched: {counted(len(delta.untouched), 'site')}." if delta.untouched else ""
    if delta.collected_again:
        untouched = f" Seen again as before: {counted(len(delta.collected_again), 'site')}.{untouched}"
    left = f" (where the change left {code(words.short_ref(delta.asked_base), 60)})" if delta.asked_base else ""
    base, head = prose(words.side_words(delta.base), 120), prose(words.side_words(delta.head), 120)
    return (
        f"<sub>{base}{left} against {head}, both judged on {delta.on} by the judge of the base.{untouched} "
        f"Self-assessment evidence, not a certificate.</sub>\n"
    )
