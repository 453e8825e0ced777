"""Where every page of the HTML pack lies. Addresses are relative to its root; a thing without a page has none."""

from __future__ import annotations

from plantproof.reports.view_names import slug
from plantproof.reports.view_types import View

GAP_PAGES = 2000
"""Up to here every gap has a page of its own; above, gaps stand with anchors on the pages of their causes."""
GAPS_ON_A_PAGE = 200
ASSETS_ON_A_PAGE = 1000


def page_count(things: int, on_a_page: int) -> int:
    """How many pages so many things need; one even for none."""
    return max(1, -(-things // on_a_page))


class Addresses:
    """The address of each page, looked up by what it shows."""

    def __init__(self, view: View) -> None:
        self.own_gap_pages = len(view.gaps) <= GAP_PAGES
        self._units = {
            (unit.site, unit.kind, unit.id): f"{unit.kind}s/{slug(unit.site)}/{slug(unit.id)}.html"
            for site in view.sites
            for unit in (*site.zones, *site.conduits)
        }
        self._controls: dict[tuple[str, str], str] = {}
        self._requirements: dict[str, str] = {}
        for framework in view.frameworks:
            for group in framework.groups:
                for control in group.controls:
                    path = self.control_of(framework.key, control.id)
                    self._controls.setdefault((framework.framework, control.id), path)
                    if self.has_levels(framework.framework):
                        self._requirements.setdefault(control.id, path)
        self._causes = {(cause.site, cause.key): f"causes/{slug(f'{cause.site}/{cause.key}')}" for cause in view.causes}
        self._policies = {
            (policy.site, policy.policy, policy.parameters): f"policies/{slug(policy.key)}.html"
            for policy in view.policies
        }
        self._sources = {
            (source.site, source.name): f"evidence/{slug(source.site)}/{slug(source.name)}.html"
            for site in view.sites
            for source in site.sources
        }
        self._gaps = {gap.id: f"gaps/{slug(gap.id)}.html" for gap in view.gaps}
        if not self.own_gap_pages:
            for cause in view.causes:
                for index, gap in enumerate(cause.gap_ids):
                    page = self.cause_page(cause.site, cause.key, index // GAPS_ON_A_PAGE + 1)
                    self._gaps[gap] = f"{page}#{slug(gap)}"

    @staticmethod
    def has_levels(framework: str) -> bool:
        """Whether security levels come from this framework: only IEC 62443 has them."""
        return "62443" in framework

    def framework(self, key: str) -> str:
        return f"frameworks/{slug(key)}.html"

    def control_of(self, framework_key: str, control: str) -> str:
        """The page of a control in one framework as one profile selects it."""
        return f"controls/{slug(framework_key)}/{slug(control)}.html"

    def control(self, framework: str, control: str) -> str:
        """The page of a control of a framework, by whichever profile selects it; nothing where none does."""
        return self._controls.get((framework, control), "")

    def requirement(self, control: str) -> str:
        """The page of a requirement of IEC 62443, which names zones' and conduits' levels."""
        return self._requirements.get(control, "")

    def site(self, site: str) -> str:
        return f"sites/{slug(site)}.html"

    def unit(self, site: str, kind: str, identity: str) -> str:
        return self._units.get((site, kind, identity), "")

    def cause(self, site: str, key: str) -> str:
        path = self._causes.get((site, key), "")
        return f"{path}.html" if path else ""

    def cause_page(self, site: str, key: str, number: int) -> str:
        """One of the pages that the gaps of a cause fill."""
        path = self._causes[site, key]
        return f"{path}.html" if number == 1 else f"{path}-page-{number}.html"

    def gap(self, identity: str) -> str:
        return self._gaps[identity]

    def source(self, site: str, name: str) -> str:
        return self._sources.get((site, name), "")

    def policy(self, site: str, policy: str, parameters: str) -> str:
        return self._policies.get((site, policy, parameters), "")

    def assets(self, number: int) -> str:
        return "assets.html" if number == 1 else f"assets/page-{number}.html"
