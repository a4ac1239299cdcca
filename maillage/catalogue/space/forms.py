"""Forms of the space: the sheet forms without what a structure does not say of itself, and small ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.access import AnySheet
from maillage.catalogue.actions.edits import NOT_THEIRS
from maillage.catalogue.forms.sheets import FORMS, SheetForm
from maillage.catalogue.models import Membership


def own_form(kind: str, data: Any = None, *, sheet: AnySheet | None = None) -> SheetForm:
    """The form of a sheet as its structure fills it: what only the network or an authority may say is not there."""
    form = FORMS[kind](data, sheet=sheet)
    away = NOT_THEIRS[kind] if sheet is not None or kind != "relay" else NOT_THEIRS[kind] - {"level"}
    for name in away:
        form.fields.pop(name, None)
        form.rows.pop(name, None)
    kept = ((title, hint, tuple(name for name in names if name not in away)) for title, hint, names in form.GROUPS)
    form.GROUPS = tuple(group for group in kept if group[2])  # type: ignore[misc]  # of this form alone
    return form


class ClaimForm(forms.Form):
    """« C’est ma structure » and « Rejoindre »."""

    use_required_attribute = False

    role = forms.ChoiceField(label=_("Ce que vous y faites"), choices=Membership.Role.choices, widget=forms.RadioSelect)
    siren = forms.CharField(
        label=_("Numéro SIREN de la structure"),
        required=False,
        max_length=20,
        help_text=_("Neuf chiffres. Il est public\u202f: il aide la personne qui décide, il ne prouve rien à lui seul."),
    )
    note = forms.CharField(
        label=_("Qui êtes-vous dans la structure\u202f?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Votre fonction, et comment le vérifier\u202f: un numéro du standard, la page de l’équipe."),
        error_messages={"required": _("Dites en une phrase qui vous êtes dans la structure.")},
    )

    def clean_siren(self) -> str:
        """Digits only."""
        return "".join(sign for sign in self.cleaned_data["siren"] if sign.isdigit())


class InviteForm(forms.Form):
    """An address, and what the person will do."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        error_messages={
            "required": _("Écrivez l’adresse de la personne."),
            "invalid": _("Cette adresse n’est pas complète. Exemple\u202f: nom@exemple.fr"),
        },
    )
    role = forms.ChoiceField(label=_("Son rôle"), choices=Membership.Role.choices, initial=Membership.Role.ADVISER)


class CorrectionForm(forms.Form):
    """« À corriger »: what is wrong."""

    message = forms.CharField(
        label=_("Que faut-il corriger\u202f?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Écrivez ce qu’il faut corriger.")},
    )
