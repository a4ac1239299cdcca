"""What a siting question may ask, from text to clean values. Absurd values are answered in words, and what was typed stays."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.forms.fields import territory_label
from maillage.catalogue.places import find
from maillage.observatory.siting.problem import COVERING, MEDIAN
from maillage.observatory.typed import READ, place_typed
from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.territories.values import Place
from maillage.territories.wording import commune_label

PLACES_AT_MOST, KM_AT_MOST = 50, 100
#: Beyond so many communes a question takes too long to be proved: ask it région by région.
COMMUNES_AT_MOST = 5_000


def named(text: str) -> list[tuple[str, str]]:
    """The territories to choose from (key, name and level) when a text names several, those of one commune left last."""
    found = find(text.partition(" (")[0].strip()[:READ], limit=12)
    return [(place.key, territory_label(place.key, place)) for place in sorted(found, key=lambda each: each.level == "commune")]


class SitingForm(forms.Form):
    """Where to put the next N: territory, how many, which distance, which method, which communes are possible."""

    territory = forms.CharField(
        label=gettext_lazy("Territoire"),
        max_length=READ,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy("Nom d’une intercommunalité, d’un département ou d’une région."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Nombre de lieux à placer"),
        min_value=1,
        max_value=PLACES_AT_MOST,
        error_messages={
            "min_value": gettext_lazy("Placez au moins un lieu."),
            "max_value": gettext_lazy("Placez au plus %(limit_value)s lieux à la fois."),
            "invalid": gettext_lazy("Écrivez un nombre entier, en chiffres."),
        },
    )
    threshold = forms.IntegerField(
        label=gettext_lazy("Assez près, c’est à moins de (km)"),
        min_value=1,
        max_value=KM_AT_MOST,
        error_messages={
            "min_value": gettext_lazy("Choisissez au moins 1 km."),
            "max_value": gettext_lazy("Choisissez au plus %(limit_value)s km."),
            "invalid": gettext_lazy("Écrivez un nombre entier, en chiffres."),
        },
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Ce qui est cherché"),
        choices=[
            (COVERING, gettext_lazy("Le plus d’habitants assez près d’un lieu")),
            (MEDIAN, gettext_lazy("La plus petite distance moyenne")),
        ],
        widget=forms.RadioSelect,
    )
    candidates = forms.CharField(
        label=gettext_lazy("Communes possibles"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Une par ligne\u202f: nom ou code INSEE. Vide\u202f: toutes les communes du territoire."),
    )
    keep_existing = forms.BooleanField(label=gettext_lazy("Compter les relais qui existent déjà"), required=False, initial=True)

    def clean_territory(self) -> Place:
        """The territory that was named."""
        typed = place_typed(self.cleaned_data["territory"])
        if (place := typed.place) is None:
            raise forms.ValidationError(typed.sentence)
        if place.communes > COMMUNES_AT_MOST:
            raise forms.ValidationError(_("Ce territoire a trop de communes\u202f: demandez région par région."))
        return place

    def clean_candidates(self) -> list[Commune]:
        """The communes typed, one per line, comma or semicolon."""
        found: dict[str, Commune] = {}
        for line in re.split(r"[\n;,]+", self.cleaned_data["candidates"]):
            text = " ".join(line.split())
            if not text:
                continue
            resolution = territories.resolve(text, codes_first=True)
            commune = resolution.commune or self._only_here([other.commune for other in resolution.others])
            if commune is None:
                others = ", ".join(commune_label(other.commune, other.former_name) for other in resolution.others[:4])
                sentence = (
                    _("«\u202f%(text)s\u202f» n’est pas une commune que nous connaissons.")
                    if not others
                    else _("«\u202f%(text)s\u202f» peut être %(others)s\u202f: écrivez le code INSEE.")
                )
                raise forms.ValidationError(sentence % {"text": text[:60], "others": others})
            found[commune.code] = commune
        return list(found.values())

    def _only_here(self, homonyms: list[Commune]) -> Commune | None:
        """The only one of these communes that is in the territory asked, if there is one only."""
        place = self.cleaned_data.get("territory")
        codes = set(territories.commune_codes_of(*place.territory)) if place else set()
        here = [commune for commune in homonyms if commune.code in codes]
        return here[0] if len(here) == 1 else None

    def clean(self) -> dict[str, Any]:
        """Together: no more places than possible communes."""
        values = super().clean() or {}
        possible = values.get("candidates") or []
        if possible and values.get("count") and values["count"] > len(possible):
            self.add_error("count", _("Il y a moins de communes possibles (%(n)s) que de lieux à placer.") % {"n": len(possible)})
        return values
