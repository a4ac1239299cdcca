"""Small forms of the office: filters of the lists, acts, reports, accounts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Person, Role
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay
from maillage.catalogue.queries import Filters, place_named, today
from maillage.territories import queries as territories
from maillage.vocabulary.labels import choices


class FilterForm(forms.Form):
    """Filters of a list. What is not understood restricts nothing; the page says so beside the field."""

    use_required_attribute = False

    texte = forms.CharField(
        label=_("Nom ou identifiant"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *Status.choices])
    nature = forms.ChoiceField(label=_("Nature"), required=False)
    territoire = forms.CharField(label=_("Territoire"), required=False, max_length=100)
    verification = forms.ChoiceField(
        label=_("Vérification"),
        required=False,
        choices=[("", _("Toutes")), ("jamais", _("Jamais vérifiées")), ("ancienne", _("Vérifiées il y a plus d’un an"))],
    )
    bientot = forms.BooleanField(label=_("Ferme dans les 30 jours"), required=False)

    def __init__(self, data: Any, *, kind: str) -> None:
        super().__init__(data)
        nature = self.fields["nature"]
        assert isinstance(nature, forms.ChoiceField)
        if kind == Offer.KIND:
            nature.choices = [("", _("Toutes")), *choices("kind")]
        elif kind == Relay.KIND:
            nature.label = _("Niveau")
            nature.choices = [("", _("Tous")), *choices("level")]
        else:
            del self.fields["nature"]
        if kind != Offer.KIND:
            del self.fields["bientot"]

    def clean_territoire(self) -> str:
        """A place that exists."""
        text: str = self.cleaned_data["territoire"]
        self.place = place_named(text)
        if text.strip() and self.place is None:
            raise forms.ValidationError(_("Ce territoire n’est pas connu : la liste n’en tient pas compte."))
        return text

    def filters(self) -> Filters:
        """The filters that were understood."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            text=data.get("texte", ""),
            status=data.get("etat", ""),
            nature=data.get("nature", ""),
            place=getattr(self, "place", None),
            freshness=data.get("verification", ""),
            closing=data.get("bientot", False),
        )

    def query(self) -> str:
        """The query string that keeps the filters on the next page."""
        kept = [(name, str(self.data.get(name, ""))) for name in self.fields]
        return urlencode([(name, value) for name, value in kept if value])


class NoteForm(forms.Form):
    """A word for the history, with an act."""

    note = forms.CharField(
        label=_("Un mot pour l’historique"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(NoteForm):
    """An act that needs a reason: returning, suspending, archiving."""

    note = forms.CharField(
        label=_("Pourquoi\u202f?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cette raison reste dans l’historique de la fiche."),
        error_messages={"required": _("Écrivez pourquoi, en quelques mots.")},
    )


class VerifyForm(NoteForm):
    """Who confirmed the sheet, and when."""

    field_order = ("on", "by", "note")

    on = forms.DateField(
        label=_("Vérifiée le"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Écrivez le jour."), "invalid": _("Cette date n’est pas comprise.")},
    )
    by = forms.CharField(
        label=_("Vérifiée par"),
        max_length=200,
        help_text=_("La fonction et la structure suffisent : « chargée d’accueil, réseau local ». Ce texte est public."),
        error_messages={"required": _("Écrivez qui a confirmé la fiche.")},
    )

    def clean_on(self) -> Any:
        """Not in the future."""
        on = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("Ce jour n’est pas encore venu."))
        return on


class AnswerForm(forms.Form):
    """What was done about a report."""

    answer = forms.CharField(
        label=_("Suite donnée"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez ce qui a été fait, même « rien à changer ».")},
    )


class AskForm(forms.Form):
    """A correction asked of those who may edit a published sheet."""

    message = forms.CharField(
        label=_("Que faut-il corriger\u202f?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Écrivez ce qu’il faut corriger.")},
    )


def territory_field() -> forms.CharField:
    """The territory entrusted to an officer of a local authority."""
    return forms.CharField(
        label=_("Territoire"),
        required=False,
        max_length=40,
        help_text=_("Pour l’agent d’une collectivité\u00a0: departement:53, epci:200048551, commune:53130…"),
    )


def with_territory(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    """Read the territory as (level, code); an error on the form when an officer has none, or one that does not exist."""
    level, _colon, code = str(data.get("territory") or "").strip().partition(":")
    place = territories.place(level, code) if level and code else None
    if data.get("territory") and place is None:
        form.add_error("territory", _("Ce territoire n’existe pas. Écrivez par exemple departement:53."))
    elif data.get("role") == Role.LOCAL and place is None:
        form.add_error("territory", _("L’agent d’une collectivité a un territoire. Écrivez par exemple departement:53."))
    data["territory"] = (level, code) if place else ("", "")
    return data


class NewPersonForm(forms.Form):
    """A new account."""

    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    name = forms.CharField(label=_("Nom"), max_length=120, required=False, help_text=_("Affiché dans l’historique des fiches."))
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)
    territory = territory_field()

    def clean_email(self) -> str:
        """One account per address, whatever its case."""
        email: str = self.cleaned_data["email"].strip().lower()
        if Person.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Un compte existe déjà pour cette adresse."))
        return email

    def clean(self) -> dict[str, Any]:
        """An officer of a local authority has a territory."""
        return with_territory(self, super().clean() or {})


class PersonForm(forms.Form):
    """The role of an account, its territory for an officer, and whether it is open."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)
    territory = territory_field()
    is_active = forms.BooleanField(label=_("Compte ouvert"), required=False)

    def clean(self) -> dict[str, Any]:
        """An officer of a local authority has a territory."""
        return with_territory(self, super().clean() or {})
