"""The public pages of sheets, for what leaves the site: a million of them without asking the router each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify

from maillage.catalogue.rows import Row


@cache
def _prefixes() -> dict[str, str]:
    with translation.override("fr"):
        return {name: reverse(name, args=("x",)).removesuffix("x/") for name in ("offer", "structure")}


@dataclass(frozen=True, slots=True)
class Addresses:
    """`site` is the beginning of every address, such as `https://essor.example.org`; empty when nobody said it: no address then."""

    site: str = ""

    def structure(self, row: Row) -> str:
        """The page of a structure's row."""
        return self._page("structure", row["name"], row["uid"])

    def offer(self, row: Row) -> str:
        """The page of an offer's row."""
        return self._page("offer", row["name"], row["uid"])

    def relay(self, row: Row) -> str:
        """The page of a relay's row: a place on the page of its structure."""
        page = self._page("structure", row["structure__name"], row["structure__uid"])
        return f"{page}#{row['uid']}" if page else ""

    @lru_cache(maxsize=64)  # noqa: B019  # each format of one sheet asks in turn; the addresses of a site are few
    def _page(self, name: str, words: str, uid: str) -> str:
        if not self.site:
            return ""
        said = slugify(words)[:60].strip("-")
        return f"{self.site}{_prefixes()[name]}{f'{said}-{uid}' if said else uid}/"
