"""The HTML pack: pages that need no server, no network and, for reading, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from plantproof.reports.drawing import draw_levels
from plantproof.reports.html_addresses import Addresses
from plantproof.reports.html_fragments import Fragments
from plantproof.reports.html_pages import Page, pages_of
from plantproof.reports.narrative import default_narrative, fill_narrative, to_html
from plantproof.reports.view_names import slug
from plantproof.reports.view_types import View
from plantproof.reports.view_values import condition
from plantproof.reports.words import counted
from plantproof.text import visible

NARRATIVE_TITLES = {"scope": "Scope and method", "zones": "Zones in words", "remediation": "Remediation plan"}


def render(view: View, narrative: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """All pages by path, `index.html` first of all to read.

    `narrative` maps scope, zones and remediation to Markdown with placeholders (data, never run); what it leaves out
    comes from the installed texts. Raises InputError where a text names a placeholder that does not exist.
    """
    texts = fill_narrative({**default_narrative(), **(narrative or {})}, view)
    to = Addresses(view)
    environment = _environment(view, to)
    script = _static("table.js")
    files = {"static/style.css": _static("style.css").encode()}
    narrative_pages = [
        Page(
            path=f"narrative/{slug(name)}.html",
            template="narrative.html.j2",
            here=NARRATIVE_TITLES.get(name, name),
            section="narrative/scope.html",
            values={"prose": to_html(text)},
        )
        for name, text in sorted(texts.items())
    ]
    templates: dict[str, Template] = {}
    shown: dict[str, Fragments] = {}
    for page in (*pages_of(view, to), *narrative_pages):
        if page.template not in templates:
            templates[page.template] = environment.get_template(page.template)
        root = "../" * page.path.count("/")
        text = templates[page.template].render(
            root=root,
            show=shown.setdefault(root, Fragments(to, root)),
            page=page.path,
            here=page.here,
            crumbs=page.crumbs,
            section=page.section,
            notices=page.notices,
            script=Markup(script) if page.script else "",  # noqa: S704 - our own file, hashed in the policy
            csp=_policy(script if page.script else ""),
            **page.values,
        )
        files[page.path] = text.encode("utf-8", "replace")
    return files


def _policy(script: str) -> str:
    """Content-Security-Policy: nothing from outside; of scripts only ours, by its hash. `file:` since some browsers do
    not take a page opened from disk for `'self'`."""
    allowed = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'none'"
    if not script:
        return allowed
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{allowed}; script-src 'sha256-{digest}'"


def _static(name: str) -> str:
    return resources.files("plantproof.reports").joinpath("static", name).read_text(encoding="utf-8")


def _environment(view: View, to: Addresses) -> Environment:
    environment = Environment(
        loader=PackageLoader("plantproof.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.globals.update(
        view=view,
        to=to,
        slug=slug,
        condition=condition,
        counted=counted,
        draw_levels=draw_levels,
        gaps={gap.id: gap for gap in view.gaps},
        navigation=[
            ("Overview", "index.html"),
            *((f"Site {site.title}" if len(view.sites) > 1 else "Zones", to.site(site.id)) for site in view.sites[:8]),
            *((framework.short, to.framework(framework.key)) for framework in view.frameworks),
            ("Causes", "causes/index.html"),
            ("Assets", "assets.html"),
            ("Evidence", "evidence/index.html"),
            ("Policies", "policies/index.html"),
            ("In words", "narrative/scope.html"),
        ],
    )
    return environment


def _shown(value: Any) -> Any:
    """What a template prints: text from outside with the invisible spelled out. Escaping follows, by autoescape."""
    return visible(value) if type(value) is str else value
