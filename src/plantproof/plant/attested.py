"""Which assets people mean in what they state: by id, by an id that was merged, or by a name in any case."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from plantproof.model.evidence import Attestation, Claims
from plantproof.model.site import Site
from plantproof.plant.claims import read_kind
from plantproof.plant.population import NameIndex, population


def names_asked(attestations: Iterable[Attestation], site: Site) -> set[str]:
    """Everything that statements call an asset, and the devices that guard conduits, of which they may speak by naming
    the conduit. Nothing where nobody states anything."""
    stated = list(attestations)
    names = {name for each in stated for name in each.scope.assets}
    return names.union(*(conduit.enforcement_points for conduit in site.conduits)) if stated else names


def named_assets(
    names: Iterable[str], index: NameIndex, canonical: Mapping[str, str], living: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Name -> the ids of the expected assets that it means: several where several bear it, none where all of them have
    left. A name that no asset bears is not among them. An id means what it names, whoever else is called so."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        by_id = canonical.get(name, name)
        meant = (by_id,) if by_id in living else index.find(name)
        if meant:
            found[name] = tuple(each for each in meant if each in living)
    return found


def names_of_nobody(claims: Claims, site: Site) -> list[str]:
    """What statements call an asset and no asset is or was called, sorted: not in the evidence, not in identities, not
    in the site file."""
    names = {name for each in claims.attestations for name in each.scope.assets}
    if not names:
        return []
    sources = {source.name: (source, False) for source in claims.sources}
    canonical = {given: living for given, living in claims.identities.canonical.items() if given != living}
    read = read_kind("asset", sources, {"names"}, [])
    index = population(read, claims, canonical, site, names, on="").index
    return sorted(name for name in names if not index.find(name))
