"""Which pages the HTML pack has, and what each template is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from plantproof.files import encode_json
from plantproof.reports.drawing import draw_site
from plantproof.reports.drawing_layout import links_of
from plantproof.reports.html_addresses import ASSETS_ON_A_PAGE, GAPS_ON_A_PAGE, Addresses, page_count
from plantproof.reports.html_fragments import asset_rows, drawing_with_legend
from plantproof.reports.view_names import slug
from plantproof.reports.view_site_types import AssetView, UnitView
from plantproof.reports.view_types import SiteView, View
from plantproof.reports.words import counted
from plantproof.text import visible

OVERVIEW = ("Overview", "index.html")
CAUSES = ("Causes", "causes/index.html")
COLUMNS = (
    ("Asset", False, False),
    ("Role", True, False),
    ("Product", False, False),
    ("Firmware", False, False),
    ("Zone", True, False),
    ("Criticality", True, False),
    ("Gaps", False, True),
    ("Worst", True, False),
    ("Sources", False, False),
    ("Remarks", False, False),
)
"""Of the asset table: name, whether a filter offers its values, whether it is a number."""
SITE = ("Site", True, False)
"""Where there are several sites, the last column."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page before it is laid out."""

    path: str
    template: str
    here: str
    section: str
    values: dict[str, Any] = {}
    crumbs: list[tuple[str, str]] = msgspec.field(default_factory=lambda: [OVERVIEW])
    script: bool = False
    notices: list[str] = []
    """What must be said on this page besides the banners."""


def pages_of(view: View, to: Addresses) -> Iterator[Page]:
    """Every page but the narrative, one by one, so that a large pack is never held as pages and bytes at once."""
    drawing = _drawing(view.sites[0], to, "") if len(view.sites) == 1 else ""
    yield Page(
        path="index.html",
        template="index.html.j2",
        here="Overview",
        section="index.html",
        crumbs=[],
        notices=view.notices,
        values={"drawing": drawing},
    )
    yield from _sites(view, to)
    yield from _frameworks(view, to)
    yield from _causes(view, to)
    if to.own_gap_pages:
        yield from _gaps(view, to)
    yield from _evidence(view, to)
    yield from _assets(view, to)


def _drawing(site: SiteView, to: Addresses, root: str) -> Markup:
    svg = draw_site(site, lambda kind, identity: root + to.unit(site.id, kind, identity))
    _, outside = links_of(site)
    return drawing_with_legend(svg, counted(outside, "crossing") if outside else "")


def _sites(view: View, to: Addresses) -> Iterator[Page]:
    levels_notice = sorted({f.notice for f in view.frameworks if f.notice and to.has_levels(f.framework)})
    for site in view.sites:
        home = (site.title, to.site(site.id))
        yield Page(
            path=home[1],
            template="site.html.j2",
            here=site.title,
            section=home[1],
            values={"site": site, "drawing": _drawing(site, to, "../")},
            notices=levels_notice,
        )
        units: list[UnitView] = [*site.zones, *site.conduits]
        for unit in units:
            yield Page(
                path=to.unit(site.id, unit.kind, unit.id),
                template="unit.html.j2",
                here=unit.title,
                section=home[1],
                crumbs=[OVERVIEW, home],
                values={"u": unit},
                notices=levels_notice,
            )


def _frameworks(view: View, to: Addresses) -> Iterator[Page]:
    for framework in view.frameworks:
        home = (framework.short, to.framework(framework.key))
        notices = [framework.notice] if framework.notice else []
        yield Page(
            path=home[1],
            template="framework.html.j2",
            here=framework.short,
            section=home[1],
            values={"f": framework},
            notices=notices,
        )
        for group in framework.groups:
            for control in group.controls:
                yield Page(
                    path=to.control_of(framework.key, control.id),
                    template="control.html.j2",
                    here=control.id,
                    section=home[1],
                    crumbs=[OVERVIEW, home],
                    values={"c": control},
                    notices=notices,
                )


def _causes(view: View, to: Addresses) -> Iterator[Page]:
    yield Page(path=CAUSES[1], template="causes.html.j2", here="Causes", section=CAUSES[1])
    for cause in view.causes:
        on_a_page = len(cause.gap_ids) or 1 if to.own_gap_pages else GAPS_ON_A_PAGE
        pages = page_count(len(cause.gap_ids), on_a_page)
        paths = [to.cause_page(cause.site, cause.key, number) for number in range(1, pages + 1)]
        for index, path in enumerate(paths):
            yield Page(
                path=path,
                template="cause.html.j2",
                here=cause.title,
                section=CAUSES[1],
                crumbs=[OVERVIEW, CAUSES],
                script=to.own_gap_pages,
                values={
                    "c": cause,
                    "ids": cause.gap_ids[index * on_a_page : (index + 1) * on_a_page],
                    "number": index + 1,
                    "pages": pages,
                    "page_paths": paths,
                    "own_pages": to.own_gap_pages,
                },
            )


def _gaps(view: View, to: Addresses) -> Iterator[Page]:
    causes = {(cause.site, cause.key): cause for cause in view.causes}
    for gap in view.gaps:
        cause = causes.get((gap.site, gap.cause))
        crumbs = [OVERVIEW, CAUSES]
        if cause:
            crumbs.append((cause.title, to.cause(cause.site, cause.key)))
        yield Page(
            path=to.gap(gap.id),
            template="gap.html.j2",
            here=gap.name,
            section=CAUSES[1],
            crumbs=crumbs,
            values={"gap": gap, "cause": cause},
        )


def _evidence(view: View, to: Addresses) -> Iterator[Page]:
    sources = ("Evidence", "evidence/index.html")
    yield Page(path=sources[1], template="sources.html.j2", here="Evidence", section=sources[1])
    for site in view.sites:
        for source in site.sources:
            yield Page(
                path=to.source(site.id, source.name),
                template="source.html.j2",
                here=source.name,
                section=sources[1],
                crumbs=[OVERVIEW, sources],
                values={"s": source},
            )
    policies = ("Policies", "policies/index.html")
    yield Page(path=policies[1], template="policies.html.j2", here="Policies", section=policies[1], script=True)
    for policy in view.policies:
        yield Page(
            path=to.policy(policy.site, policy.policy, policy.parameters),
            template="policy.html.j2",
            here=policy.title,
            section=policies[1],
            crumbs=[OVERVIEW, policies],
            values={"p": policy},
        )


def _assets(view: View, to: Addresses) -> Iterator[Page]:
    assets = [asset for site in view.sites for asset in site.assets]
    titles = {site.id: site.title for site in view.sites} if len(view.sites) > 1 else {}
    columns = (*COLUMNS, SITE) if titles else COLUMNS
    pages = page_count(len(assets), ASSETS_ON_A_PAGE)
    paths = [to.assets(number) for number in range(1, pages + 1)]
    for index, path in enumerate(paths):
        yield Page(
            path=path,
            template="assets.html.j2",
            here="Assets" if index == 0 else f"Assets, page {index + 1}",
            section=paths[0],
            crumbs=[OVERVIEW] if index == 0 else [OVERVIEW, ("Assets", paths[0])],
            script=index == 0,
            values={
                "rows": asset_rows(
                    [
                        ("asset-" + slug(f"{asset.site}/{asset.id}"), asset_cells(asset, titles))
                        for asset in assets[index * ASSETS_ON_A_PAGE : (index + 1) * ASSETS_ON_A_PAGE]
                    ],
                    [numeric for _, _, numeric in columns],
                ),
                "columns": columns,
                "number": index + 1,
                "pages": pages,
                "page_paths": paths,
                "data": _columns(assets, titles) if pages > 1 and index == 0 else "",
            },
        )


def asset_cells(asset: AssetView, titles: Mapping[str, str]) -> tuple[str, ...]:
    """One asset as the cells of its row, in the order of COLUMNS; with that of its site where `titles` has sites."""
    return (
        asset.name,
        asset.role,
        asset.product,
        asset.firmware,
        asset.zones,
        asset.criticality,
        str(asset.gaps),
        asset.worst,
        asset.sources,
        asset.remarks,
        *([titles.get(asset.site, asset.site)] if titles else []),
    )


def _columns(assets: list[AssetView], titles: Mapping[str, str]) -> Markup:
    """All rows for the script, each column as its different values and one index a row; not compressed, since what
    compresses differs between machines. `<` is written so that no text can end the element."""
    columns = []
    for cells in zip(*(asset_cells(asset, titles) for asset in assets), strict=True):
        values = sorted(set(cells))
        place = {value: index for index, value in enumerate(values)}
        columns.append({"values": [visible(value) for value in values], "rows": [place[cell] for cell in cells]})
    text = encode_json(columns).decode()
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - JSON with both signs spelled out
