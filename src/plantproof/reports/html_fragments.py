"""Pieces of markup that several pages share and that are made outside the templates."""

from __future__ import annotations

from markupsafe import Markup

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
