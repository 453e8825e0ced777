"""Pieces of markup that several pages share and that are made outside the templates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from plantproof.reports.html_addresses import Addresses
from plantproof.reports.view_parts import Named
from plantproof.reports.view_site_types import UnitView
from plantproof.reports.words import Status
from plantproof.text import visible

_KEYS = (("bad", "✗ short of target"), ("warn", "? not known"), ("good", "✓ met"))


def drawing_with_legend(svg: Markup, outside: str) -> Markup:
    """The drawing in a frame that scrolls, with the legend below. `outside` counts what has an end in no zone."""
    keys = Markup(" ").join(
        Markup(
            '<span><svg width="14" height="14" aria-hidden="true" focusable="false">'
            '<rect class="key tone-{}" width="5" height="14" rx="2"/></svg> {}</span>'
        ).format(tone, words)
        for tone, words in _KEYS
    )
    lines = Markup(" ").join(
        Markup(
            '<span><svg width="34" height="10" aria-hidden="true" focusable="false">'
            '<path class="{}" d="M2 5H32"/></svg> {}</span>'
        ).format(css, words)
        for css, words in (("conduit", "conduit"), ("shadow", "something passes, no conduit allows it"))
    )
    note = (
        Markup('<p class="note">{} with an end outside all zones: not drawn.</p>').format(outside)
        if outside
        else Markup("")
    )
    return Markup(
        '<div class="scroll drawing-frame" role="region" aria-label="Drawing of zones and conduits" tabindex="0">{}'
        "</div>"
        '<p class="legend">{} {} <span>SL-T in the order IAC UC SI DC RDF TRE RA</span></p>{}'
    ).format(svg, lines, keys, note)


class Fragments:
    """Links and statuses as markup, each made once for the pages at one depth: large packs repeat them thousands of
    times."""

    def __init__(self, to: Addresses, root: str) -> None:
        self._to = to
        self._root = root
        self._statuses: dict[Status, Markup] = {}
        self._units: dict[tuple[str, str, str], Markup] = {}
        self._controls: dict[tuple[str, str], Markup] = {}
        self._policies: dict[tuple[str, str, str], Markup] = {}

    def status(self, status: Status) -> Markup:
        """Symbol and word; the symbol is not read aloud, since the word says the same."""
        if status not in self._statuses:
            self._statuses[status] = Markup(
                '<span class="status tone-{}"><span aria-hidden="true">{}</span> {}</span>'
            ).format(status.tone, status.symbol, visible(status.word))
        return self._statuses[status]

    def unit(self, site: str, kind: str, named: Named | UnitView) -> Markup:
        """A zone or conduit by its title, with a link where it has a page."""
        key = (site, kind, named.id)
        if key not in self._units:
            self._units[key] = self._link(self._to.unit(site, kind, named.id), escape(visible(named.title)))
        return self._units[key]

    def units(self, site: str, kind: str, named: Sequence[Named]) -> Markup:
        return Markup(", ").join(self.unit(site, kind, each) for each in named) or Markup("–")

    def control(self, framework: str, control: str) -> Markup:
        key = (framework, control)
        if key not in self._controls:
            self._controls[key] = self._link(self._to.control(framework, control), escape(visible(control)))
        return self._controls[key]

    def policy(self, site: str, policy: str, parameters: str) -> Markup:
        key = (site, policy, parameters)
        if key not in self._policies:
            words = Markup("<code>{}</code>").format(breakable(visible(policy)))
            self._policies[key] = self._link(self._to.policy(site, policy, parameters), words)
        return self._policies[key]

    def _link(self, path: str, words: Markup) -> Markup:
        return Markup('<a href="{}{}">{}</a>').format(self._root, path, words) if path else words


def breakable(name: str) -> Markup:
    """A name that a narrow column breaks between its words, and not before its last letter."""
    return Markup("<wbr>").join(re.split(r"(?<=[/_])(?=.)", name))


def asset_rows(rows: Sequence[tuple[str, Sequence[str]]], numeric: Sequence[bool]) -> Markup:
    """Table rows, each with its anchor and cells, escaped in one go a row: a hundred thousand of them cost a second."""
    between = ["</th>", *("</td>" for _ in numeric[1:])]
    opening = ['<th scope="row">', *('<td class="n">' if number else "<td>" for number in numeric[1:])]
    parts: list[str] = []
    for anchor, cells in rows:
        safe = str(escape("\x1f".join(map(visible, cells)))).split("\x1f")
        inner = "".join(start + cell + end for start, cell, end in zip(opening, safe, between, strict=True))
        parts.append(f'<tr id="{anchor}">{inner}</tr>\n')
    return Markup("".join(parts))  # noqa: S704 - cells are escaped above, anchors are slugs
