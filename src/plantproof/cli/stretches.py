"""What holds on some days, kept between runs."""

from __future__ import annotations

import msgspec

from plantproof.cache import Cache
from plantproof.files import encode_json
from plantproof.model.steady import Steady

STRETCHES = "site-days"
MOST_STRETCHES = 64


class Stretches:
    """What holds on a stretch of days, by kind and key."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def find(self, kind: str, key: str, on: str) -> bytes | None:
        """What was kept under a key, where it holds on the date."""
        for stretch in self._stretches(kind, key):
            if stretch.holds(on):
                return self._cache.get(kind, f"{key} {stretch.first}")
        return None

    def keep(self, kind: str, key: str, stretch: Steady, data: bytes) -> None:
        """Keep what holds on a stretch of days."""
        self._cache.put(kind, f"{key} {stretch.first}", data)
        before = self._stretches(kind, key)
        others = [each for each in before if each.last < stretch.first or stretch.last < each.first]
        self._cache.put(STRETCHES, f"{kind} {key}", encode_json([stretch, *others][:MOST_STRETCHES]))

    def _stretches(self, kind: str, key: str) -> list[Steady]:
        data = self._cache.get(STRETCHES, f"{kind} {key}")
        try:
            return [] if data is None else msgspec.json.decode(data, type=list[Steady])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
