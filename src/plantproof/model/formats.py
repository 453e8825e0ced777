"""Every file format by name: where such files lie and which type reads them, and its JSON Schema."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from plantproof.model.adopted import AdoptedGap, AdoptedHead
from plantproof.model.approved import ApprovedDevice, ApprovedHead
from plantproof.model.assessment import Assessment
from plantproof.model.catalog import Catalog, Objectives, Parameters, Profile
from plantproof.model.change import ChangeFile
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.delta import Delta
from plantproof.model.evidence import Attestation, Custody, IdentityLine
from plantproof.model.history import History
from plantproof.model.mapping import Mapping
from plantproof.model.policy import PolicyMetadata
from plantproof.model.programme import ProgrammeFile
from plantproof.model.project_file import ProjectFile
from plantproof.model.records import KINDS, Sighting
from plantproof.model.report import PackDefinition
from plantproof.model.site import Site
from plantproof.model.waiver import Waiver


class Format(NamedTuple):
    """`where` says in words and wildcards which files are of the format; `type` reads and checks them."""

    where: str
    type: type[msgspec.Struct]


FORMATS: dict[str, Format] = {
    "adopted": Format("controls/adopted/<site>.jsonl, the first line", AdoptedHead),
    "adopted-gap": Format("controls/adopted/<site>.jsonl, every further line", AdoptedGap),
    "approved": Format("controls/approved/<site>/<change>.jsonl, the first line", ApprovedHead),
    "approved-device": Format("controls/approved/<site>/<change>.jsonl, every further line", ApprovedDevice),
    "assessment": Format("assessment.json in a pack; `check --format json`", Assessment),
    "attestation": Format("evidence/<site>/attestations/*.yaml", Attestation),
    "catalog": Format("controls/catalogs/*.yaml", Catalog),
    "change": Format("controls/changes/<id>.yaml", ChangeFile),
    "crosswalk": Format("mappers/crosswalks/*.yaml", Crosswalk),
    "custody": Format("evidence/<site>/<source>/custody.yaml", Custody),
    "delta": Format("`diff --format json`", Delta),
    "history": Format("`report history --format json`", History),
    "identity": Format("evidence/<site>/identities.jsonl, a line", IdentityLine),
    "mapping": Format("mappers/*.yaml", Mapping),
    "objectives": Format("controls/catalogs/<id>.objectives.yaml", Objectives),
    "pack-definition": Format("reports/packs/*.yaml", PackDefinition),
    "parameters": Format("controls/catalogs/<id>.parameters.yaml", Parameters),
    "policy-metadata": Format("the custom part of a policy's METADATA block", PolicyMetadata),
    "profile": Format("controls/profiles/*.yaml", Profile),
    "programme": Format("controls/programme/*.yaml", ProgrammeFile),
    "project": Format("plantproof.yaml", ProjectFile),
    **{
        f"record-{kind}": Format(f"evidence/<site>/<source>/records/{kind}.jsonl, a line", struct)
        for kind, struct in sorted(KINDS.items())
    },
    "sighting": Format("evidence/<site>/<source>/sightings/*.jsonl, a line", Sighting),
    "site": Format("controls/sites/<site>.yaml", Site),
    "waiver": Format("controls/waivers/*.yaml", Waiver),
}


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a format in FORMATS, as editors and `plantproof validate` use it."""
    schema = msgspec.json.schema(FORMATS[name].type)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"plantproof/{name}/1", **schema}
