"""The three forms of the office: structure, offer, relay. Each gives the values of the fields of its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from stdnum.fr import siren, siret

from maillage.catalogue.access import AnySheet
from maillage.catalogue.closures import Closure, joined, split
from maillage.catalogue.enums import Nonprofit, Recurrence, Status
from maillage.catalogue.forms.fields import (
    CodeField,
    CodesField,
    CommuneField,
    HoursField,
    LinesField,
    PhoneField,
    TerritoriesField,
    WebField,
)
from maillage.catalogue.forms.rows import ConditionForm, ExceptionForm, Record, RoleForm, RowForm, Rows, SourceForm
from maillage.kit.typography import dialled


def _text(label: Any, length: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=kwargs.pop("required", False), **kwargs)


def _area(label: Any, rows: int = 5, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
    )


def _number(label: Any, unit: str, **kwargs: Any) -> forms.DecimalField:
    kwargs = {"max_digits": 14, "decimal_places": 2, "min_value": 0, **kwargs}
    return forms.DecimalField(
        label=label,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": unit}),
        **kwargs,
    )


class SheetForm(forms.Form):
    """What every sheet has. `groups` gives the titled parts of the page: (title, hint, names of fields or of rows)."""

    use_required_attribute = False
    ROWS: ClassVar[Mapping[str, type[RowForm]]] = {"sources": SourceForm}
    GROUPS: ClassVar[tuple[tuple[Any, Any, tuple[str, ...]], ...]] = ()

    name = _text(lazy("Nom"), required=True)
    address = _text(lazy("Adresse"), help_text=lazy("Numéro et rue, ou nom du lieu."))
    commune = CommuneField(label=lazy("Commune"), required=False, max_length=120, help_text=lazy("Nom, ou nom et code postal."))
    postcode = _text(lazy("Code postal"), 5)
    lon = forms.FloatField(
        label=lazy("Longitude"), required=False, min_value=-180, max_value=180, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), help_text=lazy("Vide : le centre de la commune est utilisé."),
    )  # fmt: skip
    lat = forms.FloatField(
        label=lazy("Latitude"), required=False, min_value=-90, max_value=90, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    phone = PhoneField(label=lazy("Téléphone"), required=False, max_length=60, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = forms.EmailField(label=lazy("Adresse électronique"), required=False, max_length=254)
    hide_contact = forms.BooleanField(
        label=lazy("Ne montrer ce téléphone et cette adresse qu’aux personnes qui le demandent"), required=False,
    )  # fmt: skip
    licence = _text(lazy("Licence des informations"), 120)
    source_url = WebField(label=lazy("Page de la source"))
    notes = _area(lazy("Points à vérifier"), 3, help_text=lazy("Pour l’équipe : les visiteurs ne le voient pas."))

    def __init__(self, data: Any = None, *, sheet: AnySheet | None = None) -> None:
        self.sheet = sheet
        initial = {name: getattr(sheet, name) for name in self.base_fields if hasattr(sheet, name)} if sheet else {}
        if sheet:
            initial |= {"phone": sheet.own_phone, "email": sheet.own_email, "hide_contact": bool(sheet.hidden_contact)}
            if "opening_hours" in initial:
                initial["opening_hours"] = split(initial["opening_hours"])[0]
        super().__init__(data, initial=initial)
        for name, field in self.fields.items():
            if isinstance(field, CodesField):
                field.keep(initial.get(name) or [])
            elif isinstance(field, CodeField):
                field.keep(initial.get(name) or "")
        self.rows = {name: Rows(name, form, getattr(sheet, name, None) or [], data) for name, form in self.ROWS.items()}

    def is_valid(self) -> bool:
        """Are the fields right, and every row?"""
        judged = [super().is_valid(), *(rows.is_valid() for rows in self.rows.values())]  # all, so that each shows its errors
        return all(judged)

    def clean_postcode(self) -> str:
        """Five digits."""
        postcode: str = self.cleaned_data["postcode"]
        if postcode and not (postcode.isdigit() and len(postcode) == 5):
            raise forms.ValidationError(_("Un code postal a cinq chiffres."))
        return postcode

    def clean_phone(self) -> str:
        """The number, as the sheet spells it when it is the same: what nobody touched is no change, and stays the source's."""
        phone: str = self.cleaned_data["phone"]
        before = self.sheet.own_phone if self.sheet else ""
        return before if phone and dialled(before) == dialled(phone) != "" else phone

    def values(self) -> Record:
        """The values of the sheet's fields, once the form is valid."""
        values = {**self.cleaned_data, **{name: rows.clean_records() for name, rows in self.rows.items()}}
        hidden = values.pop("hide_contact", False) and {name: values[name] for name in ("phone", "email") if values[name]}
        values["hidden_contact"] = hidden or {}
        if hidden:
            values["phone"] = values["email"] = ""
        if "exceptions" in values:
            values["opening_hours"] = joined(values["opening_hours"], map(_closure, values.pop("exceptions")))
        return values

    def asks_for_redisplay(self) -> bool:
        """Was a button pressed that changes the page (search a territory, add rows) rather than save?"""
        return any(name.startswith(("find-", "more-", "hours-")) for name in self.data)

    def forget_errors(self) -> None:
        """Show what was typed without judging it yet: the person asked for something else than saving."""
        for form in (self, *(row for rows in self.rows.values() for row in rows.forms)):
            form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]  # Django keeps what it found here
            form.cleaned_data = {}

    def problems(self) -> list[tuple[str, str]]:
        """(id of the input, sentence) of every error, in the order of the page."""
        found: list[tuple[str, str]] = [("", str(message)) for message in self.non_field_errors()]
        for _title, _hint, names in self.GROUPS:
            for name in names:
                if name in self.rows:
                    found += self.rows[name].errors()
                elif name in self.errors:
                    found += [(self[name].auto_id, f"{self.fields[name].label} : {message}") for message in self.errors[name]]
        return found


def _closure(record: Record) -> Closure:
    first, last = (date.fromisoformat(record[name]) for name in ("first", "last"))
    return Closure(first, last, record["times"], record["why"])


_PLACE = ("address", "postcode", "commune", "lon", "lat")
_SOURCE = (
    lazy("D’où viennent ces informations"),
    lazy("Chaque fait a sa source : la page lue et le jour où elle l’a été."),
    ("sources", "source_url", "licence", "notes"),
)


class StructureForm(SheetForm):
    """A structure."""

    ROWS: ClassVar[Mapping[str, type[RowForm]]] = {"exceptions": ExceptionForm, "roles": RoleForm, "sources": SourceForm}
    GROUPS = (
        (lazy("La structure"), "", ("name", "description", "types", "legal_form", "nonprofit", "siren", "siret", "rna")),
        (
            lazy("La joindre"),
            "",
            ("phone", "email", "hide_contact", "website", *_PLACE, "opening_hours", "exceptions", "accessibility", "languages"),
        ),
        (
            lazy("Ses rôles"),
            lazy("Un rôle a un territoire et des dates. Un label a aussi l’autorité qui l’accorde."),
            ("roles", "networks"),
        ),
        _SOURCE,
    )

    description = _area(lazy("Présentation"), help_text=lazy("Ce qu’elle fait et pour qui, en quelques phrases simples."))
    types = LinesField(label=lazy("Types"), required=False, help_text=lazy("Un par ligne, par exemple : cress, dla, federation."))
    legal_form = CodeField("legal_form", label=lazy("Forme juridique"))
    nonprofit = forms.ChoiceField(label=lazy("Nature"), choices=[("", "—"), *Nonprofit.choices], required=False)
    siren = _text("SIREN", 20, help_text=lazy("Neuf chiffres."))
    siret = _text("SIRET", 24, help_text=lazy("Quatorze chiffres."))
    rna = _text("RNA", 10, help_text=lazy("W et neuf chiffres."))
    networks = LinesField(label=lazy("Réseaux"), required=False, help_text=lazy("Un par ligne."))
    website = WebField(label=lazy("Site"))
    opening_hours = HoursField(label=lazy("Horaires"), required=False, max_length=500)
    accessibility = _text(lazy("Accessibilité du lieu"), 1000)
    languages = LinesField(label=lazy("Langues parlées"), required=False, help_text=lazy("Une par ligne."))

    def clean_siren(self) -> str:
        """Nine digits with a right key."""
        text: str = self.cleaned_data["siren"]
        if text and not siren.is_valid(text):
            raise forms.ValidationError(_("Ce numéro SIREN n’est pas juste : vérifiez ses neuf chiffres."))
        return siren.compact(text) if text else ""

    def clean_siret(self) -> str:
        """Fourteen digits with a right key."""
        text: str = self.cleaned_data["siret"]
        if text and not siret.is_valid(text):
            raise forms.ValidationError(_("Ce numéro SIRET n’est pas juste : vérifiez ses quatorze chiffres."))
        return siret.compact(text) if text else ""

    def clean_rna(self) -> str:
        """W and nine digits (or letters overseas)."""
        text: str = self.cleaned_data["rna"].upper()
        if text and not (len(text) == 10 and text[0] == "W" and text[1:].isalnum()):
            raise forms.ValidationError(_("Un numéro RNA s’écrit W puis neuf chiffres."))
        return text


class OfferForm(SheetForm):
    """An offer."""

    ROWS: ClassVar[Mapping[str, type[RowForm]]] = {"conditions": ConditionForm, "sources": SourceForm}
    GROUPS = (
        (lazy("L’offre"), "", ("name", "summary", "description", "kind")),
        (
            lazy("Où"),
            lazy("Le territoire appartient à l’offre, jamais à sa structure. Une commune exclue l’est toujours."),
            ("coverage", "excluded", "zonings"),
        ),
        (
            lazy("Pour qui, à quel moment"),
            lazy("Une liste où rien n’est coché n’écarte personne."),
            ("stages", "needs", "sectors", "legal_forms", "audiences"),
        ),
        (
            lazy("Conditions"),
            lazy("Une condition que la personne n’a pas dite est montrée « à vérifier »."),
            ("conditions", "documents"),
        ),
        (
            lazy("Comment y accéder"),
            "",
            ("modes", "cost", "cost_detail", "how_to_apply", "url", "phone", "email", "hide_contact", *_PLACE),
        ),
        (lazy("Argent"), lazy("Pour un financement."), ("instrument", "amount_min", "amount_max", "rate_max")),
        (lazy("Calendrier"), "", ("recurrence", "opens", "closes")),
        _SOURCE,
    )

    summary = _text(
        lazy("En une phrase"), 500, help_text=lazy("Ce que la personne obtient. C’est ce qu’on lit dans les résultats.")
    )
    description = _area(lazy("Description"))
    kind = CodeField("kind", label=lazy("Nature"), required=True)
    stages = CodesField("stage", label=lazy("Étapes"))
    needs = CodesField("need", label=lazy("Besoins"))
    sectors = CodesField("sector", label=lazy("Secteurs"))
    legal_forms = CodesField("legal_form", label=lazy("Formes juridiques"))
    audiences = CodesField("audience", label=lazy("Publics"))
    modes = CodesField("mode", label=lazy("Accueil"))
    cost = CodeField("cost", label=lazy("Coût"))
    cost_detail = _text(lazy("Précisions sur le coût"), 500)
    coverage = TerritoriesField(label=lazy("Territoire couvert"), required=True)
    excluded = TerritoriesField(label=lazy("Territoires exclus"), required=False)
    zonings = CodesField("zoning", label=lazy("Zonages exigés"), help_text=lazy("Il suffit que la commune soit dans l’un d’eux."))
    documents = LinesField(label=lazy("Pièces à fournir"), required=False, help_text=lazy("Une par ligne."))
    how_to_apply = _area(lazy("Comment faire"), 4)
    instrument = CodeField("instrument", label=lazy("Instrument"))
    amount_min = _number(lazy("Montant minimum (€)"), "€")
    amount_max = _number(lazy("Montant maximum (€)"), "€")
    rate_max = _number(lazy("Taux maximum (%)"), "%", max_digits=6, max_value=100)
    opens = _day(lazy("Ouvre le"))
    closes = _day(lazy("Ferme le"))
    recurrence = forms.ChoiceField(label=lazy("Rythme"), choices=[("", "—"), *Recurrence.choices], required=False)
    url = WebField(label=lazy("Page de l’offre"))

    def __init__(self, data: Any = None, *, sheet: AnySheet | None = None) -> None:
        super().__init__(data, sheet=sheet)
        self.fields["coverage"].required = sheet is not None and sheet.status != Status.DRAFT

    def clean(self) -> Record:
        """Amounts and dates go upwards."""
        data = super().clean() or {}
        low, high = data.get("amount_min"), data.get("amount_max")
        if low is not None and high is not None and low > high:
            self.add_error("amount_max", _("Le montant maximum est plus petit que le minimum."))
        if data.get("opens") and data.get("closes") and data["closes"] < data["opens"]:
            self.add_error("closes", _("La fermeture vient avant l’ouverture."))
        return data


class RelayForm(SheetForm):
    """A relay."""

    ROWS: ClassVar[Mapping[str, type[RowForm]]] = {"exceptions": ExceptionForm, "sources": SourceForm}
    GROUPS = (
        (lazy("Le relais"), "", ("name", "level", "network", "mark_until", "specialities", "services")),
        (
            lazy("Y aller, le joindre"),
            "",
            (
                "phone",
                "email",
                "hide_contact",
                *_PLACE,
                "opening_hours",
                "exceptions",
                "by_appointment",
                "itinerant",
                "accessibility",
                "languages",
            ),
        ),
        (lazy("Territoire desservi"), lazy("Vide : le relais reçoit toutes les personnes qui viennent."), ("coverage",)),
        _SOURCE,
    )

    level = CodeField("level", label=lazy("Niveau"), required=True)
    network = CodeField("role", label=lazy("Réseau"))
    specialities = CodesField("need", label=lazy("Spécialités"))
    opening_hours = HoursField(label=lazy("Horaires"), required=False, max_length=500)
    by_appointment = forms.BooleanField(label=lazy("Sur rendez-vous"), required=False)
    itinerant = _area(lazy("Permanences itinérantes"), 3)
    accessibility = _text(lazy("Accessibilité du lieu"), 1000)
    languages = LinesField(label=lazy("Langues parlées"), required=False, help_text=lazy("Une par ligne."))
    services = _area(lazy("Services sur place"), 3)
    coverage = TerritoriesField(label=lazy("Territoires"), required=False)
    mark_until = _day(lazy("Label valable jusqu’au"))

    def __init__(self, data: Any = None, *, sheet: AnySheet | None = None) -> None:
        super().__init__(data, sheet=sheet)
        specialities = self.fields["specialities"]
        assert isinstance(specialities, CodesField)
        from maillage.vocabulary.labels import choices  # the reader's language is known only now

        offered = {code for code, _label in choices("need")}
        specialities.choices = [
            *choices("need"),
            *((code, label) for code, label in choices("sector") if code not in offered),
            *((code, code) for code in specialities.kept if code not in offered and code not in dict(choices("sector"))),
        ]


FORMS: Mapping[str, type[SheetForm]] = {"structure": StructureForm, "offer": OfferForm, "relay": RelayForm}
