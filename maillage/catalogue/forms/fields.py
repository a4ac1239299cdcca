"""Form fields for what sheets hold: vocabulary codes, lists of lines, territories, communes, hours, telephones, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from maillage.catalogue.coverage import places_of
from maillage.catalogue.forms.hours import problem
from maillage.catalogue.places import find
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.vocabulary.labels import choices
from maillage.vocabulary.words import vocabulary


class CodesField(forms.MultipleChoiceField):
    """Codes of one list of the vocabulary, as check boxes. A code that the vocabulary lost stays and can be unticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, list_name: str, **kwargs: Any) -> None:
        self.list_name = list_name
        super().__init__(choices=lambda: choices(list_name), required=False, **kwargs)

    def keep(self, codes: Iterable[str]) -> None:
        """Offer these codes too, though the vocabulary does not know them any more."""
        self.kept = tuple(codes)
        unknown = [code for code in self.kept if not vocabulary().knows(self.list_name, code)]
        if unknown:
            self.choices = [
                *choices(self.list_name),
                *((code, _("%(code)s (code inconnu)") % {"code": code}) for code in unknown),
            ]

    def clean(self, value: Any) -> list[str]:
        """The codes ticked: those the sheet had keep their order, the new ones follow."""
        ticked: list[str] = super().clean(value)
        before = [code for code in getattr(self, "kept", ()) if code in ticked]
        return [*before, *(code for code in ticked if code not in before)]


class CodeField(forms.ChoiceField):
    """One code of a list of the vocabulary, or none."""

    def __init__(self, list_name: str, *, empty: str = "", required: bool = False, **kwargs: Any) -> None:
        self.list_name = list_name
        self.empty = empty
        super().__init__(choices=lambda: [("", self.empty or "—"), *choices(list_name)], required=required, **kwargs)

    def keep(self, code: str) -> None:
        """Offer this code too, though the vocabulary does not know it any more."""
        if code and not vocabulary().knows(self.list_name, code):
            self.choices = [
                ("", self.empty or "—"), *choices(self.list_name), (code, _("%(code)s (code inconnu)") % {"code": code})
            ]  # fmt: skip


class LinesField(forms.CharField):
    """A list of short texts, one per line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The lines that hold something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class Chosen(NamedTuple):
    """What the territory editor sends: the keys ticked, and what is still in its search box."""

    keys: list[str]
    search: str


class TerritoriesWidget(forms.Widget):
    """Ticked territories, and a search box whose results are boxes to tick (see templates/office/territories.html)."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Chosen:
        """The keys, each once, and the search."""
        keys = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return Chosen(list(dict.fromkeys(keys)), str(data.get(f"{name}-search", "")).strip())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Unticked boxes send nothing: nothing sent means an empty list."""
        return False


class TerritoriesField(forms.Field):
    """Territory keys. A name typed in the search, of which nothing was ticked, is never dropped: it is asked about."""

    widget = TerritoriesWidget

    def clean(self, value: Chosen) -> list[str]:
        """The keys, all of territories of today."""
        keys = list(value.keys)
        unknown = [key for key, place in places_of(keys) if place is None]
        if unknown:
            raise ValidationError(_("Ce territoire n’existe pas ou plus : %(keys)s. Décochez-le.") % {"keys": ", ".join(unknown)})
        if value.search and not any(place.key in keys for place in find(value.search)):
            raise ValidationError(
                _("« %(text)s » est cherché mais pas ajouté : cochez le territoire voulu dans la liste, ou videz la recherche.")
                % {"text": value.search}
            )
        if self.required and not keys:
            raise ValidationError(_("Choisissez au moins un territoire."))
        return keys


class TerritoryChoice(NamedTuple):
    """One box of the territory editor."""

    key: str
    place: Place | None
    ticked: bool
    label: str


def territory_label(key: str, place: Place | None) -> str:
    """« Mayenne (département 53) »: the name never goes without its level."""
    if place is None:
        return _("%(key)s (n’existe plus)") % {"key": key}
    names = {
        "commune": _("commune, %(code)s"),
        "epci": _("intercommunalité"),
        "departement": _("département %(code)s"),
        "region": _("région"),
        "france": _("tout le pays"),
    }
    return f"{place.long_name} ({names[place.level] % {'code': place.code}})"


def territory_choices(value: Chosen | Sequence[str] | None) -> list[TerritoryChoice]:
    """The boxes to show: what is ticked, then what the search found."""
    chosen = value if isinstance(value, Chosen) else Chosen(list(value or ()), "")
    boxes = [TerritoryChoice(key, place, True, territory_label(key, place)) for key, place in places_of(chosen.keys)]
    found = [place for place in find(chosen.search) if place.key not in chosen.keys] if chosen.search else []
    return boxes + [TerritoryChoice(place.key, place, False, territory_label(place.key, place)) for place in found]


class TerritoryField(forms.CharField):
    """One territory, typed as a name and kept as a key (`departement:53`)."""

    def prepare_value(self, value: Any) -> Any:
        """A key is shown as its name and level."""
        if isinstance(value, str) and (value == "france" or ":" in value):
            [(key, place)] = places_of([value])
            return territory_label(key, place) if place else value
        return value

    def clean(self, value: Any) -> str:
        """The key. Several places of that name: the error lists what to write."""
        text: str = super().clean(value)
        if not text:
            return ""
        if text == "france" or ":" in text:
            [(key, place)] = places_of([text])
            if place:
                return key
        found = find(text.partition(" (")[0].strip(), limit=30)
        labelled = [place for place in found if territory_label(place.key, place) == text]
        exact = labelled or [
            place for place in found if place.long_name.lower() == text.lower() or place.name.lower() == text.lower()
        ]
        if len(exact) == 1:
            return exact[0].key
        candidates = exact or found
        if not candidates:
            raise ValidationError(_("« %(text)s » n’est pas un territoire connu.") % {"text": text})
        raise ValidationError(
            _("Précisez le territoire. Écrivez par exemple : %(names)s.")
            % {"names": " ; ".join(territory_label(place.key, place) for place in candidates[:5])}
        )


class CommuneField(forms.CharField):
    """A commune typed by name, name and postal code, or INSEE code; kept as its INSEE code."""

    def prepare_value(self, value: Any) -> Any:
        """A code is shown as the name and the code."""
        found = territories.commune(value) if isinstance(value, str) and len(value) == 5 else None
        return f"{found.name} ({found.code})" if found else value

    def clean(self, value: Any) -> str:
        """The INSEE code. Homonyms: the error lists them."""
        text: str = super().clean(value)
        if not text:
            return ""
        coded = re.search(r"\(([0-9AB]{5})\)\s*$", text)
        if coded and (found := territories.commune(coded[1])):
            return found.code
        answer = territories.resolve(text, codes_first=False)
        if answer.commune:
            return answer.commune.code
        names = " ; ".join(f"{found.commune.name} ({found.commune.code})" for found in answer.others[:6])
        if not names:
            raise ValidationError(_("« %(text)s » n’est pas une commune connue.") % {"text": text})
        raise ValidationError(_("Précisez la commune. Écrivez par exemple : %(names)s.") % {"names": names})


class HoursField(forms.CharField):
    """Opening hours in OSM syntax."""

    def clean(self, value: Any) -> str:
        """The text, once it is right."""
        text: str = super().clean(value)
        if wrong := problem(text):
            raise ValidationError(wrong)
        return text


class PhoneField(forms.CharField):
    """A French telephone number, written the French way; short numbers (3949) are kept as they are."""

    def clean(self, value: Any) -> str:
        """The number in its usual spelling."""
        text: str = super().clean(value)
        if not text or re.fullmatch(r"[0-9 ]{3,7}", text):
            return text
        try:
            number = phonenumbers.parse(text, "FR")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Ce numéro n’a pas la forme d’un numéro de téléphone. Écrivez par exemple 02 43 00 00 00."))
        french = number.country_code == 33
        style = phonenumbers.PhoneNumberFormat.NATIONAL if french else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        written: str = phonenumbers.format_number(number, style)
        return written


class WebField(forms.CharField):
    """The address of a page. « www.exemple.fr » becomes https://www.exemple.fr."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=1000, required=False, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)
        example = lazy("Écrivez une adresse comme https://www.exemple.fr.")
        self.validators.append(URLValidator(schemes=("http", "https"), message=example))

    def to_python(self, value: Any) -> str:
        """Add https:// when no scheme was typed."""
        text = super().to_python(value) or ""
        return f"https://{text}" if text and "://" not in text and re.match(r"[\w.-]+\.\w{2,}", text) else text
