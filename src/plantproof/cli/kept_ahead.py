"""What was kept of many sites, read by several threads: most of it is the digest of large files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from plantproof.cli.concluded import Concluded, unpacked
from plantproof.cli.kept_sites import SITE, KeptSites

THREADS = 2


class KeptAhead(KeptSites):
    """The results of the sites, which are asked for together."""

    def looked_up(self, sites: Sequence[str], on: str) -> dict[str, str]:
        """Each site with the name under which a result of it that holds on the date should lie; "" where none does."""
        return {site: self._name_on(self.key(site), on) for site in sites}

    def load_all(self, names: Mapping[str, str]) -> Iterator[tuple[str, Concluded | None]]:
        """Each site that was looked up, in that order, with what `load` gives for it. While the caller sees to one, the
        next are read."""
        with ThreadPoolExecutor(THREADS, "kept-sites") as pool:
            # Bytes and no more: msgspec crashes where two threads show it a type for the first time.
            read = pool.map(lambda name: self._cache.get(SITE, name) if name else None, names.values())
            for site, data in zip(names, read, strict=True):
                yield site, None if data is None else unpacked(data)

    def _name_on(self, key: str, on: str) -> str:
        return next((f"{key} {stretch.first}" for stretch in self._stretches(SITE, key) if stretch.holds(on)), "")
