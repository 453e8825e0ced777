"""What was kept of many sites, read by several threads: most of it is the digest of large files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from plantproof.cli.concluded import Concluded, unpacked
from plantproof.cli.kept_sites import SITE, KeptSites
from plantproof.model.long_lists import NotKeptError

THREADS = 2


class KeptAhead(KeptSites):
    """The results of the sites, which are asked for together."""

    def looked_up(self, sites: Sequence[str], on: str) -> dict[str, str]:
        """Each site with the name under which a result of it that holds on the date should lie; "" where none does."""
        return {site: self._name_on(self.key(site), on) for site in sites}

    def load_all(self, names: Mapping[str, str], *, lists: bool) -> Iterator[tuple[str, Concluded | None]]:
        """Each site that was looked up, in that order, with what `load` gives for it. With `lists` their parts are read
        too: a site of which one is gone is None."""
        with ThreadPoolExecutor(THREADS, "kept-sites") as pool:
            # Bytes and no more: msgspec crashes where two threads show it a type for the first time.
            read = pool.map(lambda name: self._cache.get(SITE, name) if name else None, names.values())
            found = [None if data is None else unpacked(data, self.part) for data in read]
            if lists:
                found = list(self._with_lists(found, pool))
        yield from zip(names, found, strict=True)

    def with_lists(self, found: Concluded) -> Concluded | None:
        """A result with all parts of its long lists; None where one is gone."""
        with ThreadPoolExecutor(THREADS, "kept-parts") as pool:
            return next(self._with_lists([found], pool))

    def _with_lists(self, found: Sequence[Concluded | None], pool: ThreadPoolExecutor) -> Iterator[Concluded | None]:
        parts = (rows for each in found if each for rows in each.lists[:2])
        missing = list(dict.fromkeys(part.name for rows in parts for part in rows.parts if part.name not in rows.held))
        read = dict(zip(missing, pool.map(self.part, missing), strict=True))
        for each in found:
            try:
                yield each and each.with_lists(read.get)
            except NotKeptError:
                yield None

    def _name_on(self, key: str, on: str) -> str:
        return next((f"{key} {stretch.first}" for stretch in self._stretches(SITE, key) if stretch.holds(on)), "")
