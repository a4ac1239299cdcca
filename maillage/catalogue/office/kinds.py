"""The three kinds of sheets in the words of the office: in addresses and on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a kind of sheet: `slug` in addresses, then French forms."""

    kind: str
    slug: str
    one: str | Promise
    many: str | Promise


KINDS: Mapping[str, Words] = {
    "structure": Words("structure", "structures", _("structure"), _("structures")),
    "offer": Words("offer", "offres", _("offre"), _("offres")),
    "relay": Words("relay", "relais", _("relais"), _("relais")),
}
_BY_SLUG = {words.slug: words.kind for words in KINDS.values()}


class KindConverter:
    """`offres` in an address is the kind `offer`."""

    regex = "|".join(_BY_SLUG)

    def to_python(self, value: str) -> str:
        """The kind."""
        return _BY_SLUG[value]

    def to_url(self, value: str) -> str:
        """The word of the address."""
        return KINDS[value].slug
