"""The plants of sites, merged once and kept: whoever asks other questions of the same evidence reads none of it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from plantproof.cli.stretches import Stretches
from plantproof.files import encode_json
from plantproof.mappers.bindings import bindings_of
from plantproof.model.evidence import Identities
from plantproof.model.plant import Plant
from plantproof.model.steady import steady_around
from plantproof.pipeline import Judge
from plantproof.plant.packing import packed, unpacked
from plantproof.plant.turns import turns_of_plant
from plantproof.policies.needs import needs_of
from plantproof.tree import Entry

PLANT, NEWEST = "site-plant", "site-newest"


class PlantName(NamedTuple):
    """The names of all that the plant of a site depends on, but the date; with its evidence, and with any."""

    key: str
    any: str


class Newest(NamedTuple):
    """What was kept last of a site: its name, and the files of the evidence behind it."""

    key: str
    files: list[Entry]


class KeptPlants(Stretches):
    """Plants by their names."""

    def plant_named(self, key: str, on: str) -> Plant | None:
        """The plant of a site that was kept under a name, as it is on the date."""
        data = self.find(PLANT, key, on)
        plant = None if data is None else unpacked(data)
        return plant and msgspec.structs.replace(plant, date=on)

    def plant_before(self, name: PlantName) -> Newest | None:
        """Of which evidence the plant was built that was kept last of a site."""
        return self.newest_named(name.any)

    def keep_plant(self, name: PlantName, plant: Plant, identities: Identities, files: list[Entry]) -> None:
        """Keep the plant of a site, which these files of evidence say."""
        stretch = steady_around(plant.date, turns_of_plant(plant.sources, identities))
        self.keep(PLANT, name.key, stretch, packed(plant))
        self._cache.put(NEWEST, name.any, encode_json(Newest(name.key, files)))

    def newest_named(self, key: str) -> Newest | None:
        """What was kept last under a name that leaves the evidence out."""
        data = self._cache.get(NEWEST, key)
        try:
            return None if data is None else msgspec.json.decode(data, type=Newest)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None


def asked_of_plants(judge: Judge) -> str:
    """What is asked of the plant of any site, as `build_plant` takes it."""
    bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
    kinds = {judge.bundle.policies[policy].metadata.subject for policy, _ in bindings}
    return encode_json([needs_of(judge.bundle), kinds]).decode()
