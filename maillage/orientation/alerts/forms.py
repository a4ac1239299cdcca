"""The form of an alert: an address and a frequency. It needs no cookie: a signed time says when the page was asked for."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.orientation.models import Alert

#: A person needs at least this long to fill the form in (seconds); a page left open longer than the other must be sent once more.
QUICKEST, LONGEST = 2, 24 * 3600
_SALT = "maillage.orientation.alert-form"


def ticket() -> str:
    """What the page carries: when it was asked for, signed."""
    return signing.dumps(int(time.time()), salt=_SALT)


class AlertForm(forms.Form):
    """Where to write, and how often."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Elle sert à cette alerte, et à rien d’autre."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Écrivez votre adresse électronique."),
            "invalid": _("Cette adresse n’est pas complète. Exemple : nom@exemple.fr"),
        },
    )
    frequency = forms.ChoiceField(
        label=_("Nous vous écrivons"),
        choices=Alert.Frequency.choices,
        initial=Alert.Frequency.WEEKLY,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez à quel rythme nous vous écrivons."),
            "invalid_choice": _("Choisissez un des rythmes proposés."),
        },
    )
    # hidden from people; programs fill it in
    website = forms.CharField(label=_("Laissez ce champ vide"), required=False, max_length=200)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def clean_website(self) -> str:
        """The trap must stay empty."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Laissez vide le champ « Laissez ce champ vide » : il sert à arrêter les robots."))
        return ""

    def clean(self) -> dict[str, Any]:
        """The page must have been asked for by somebody, a little while ago."""
        try:
            asked = signing.loads(self.cleaned_data.get("ticket") or "", salt=_SALT, max_age=LONGEST)
        except signing.BadSignature:  # SignatureExpired too
            raise ValidationError(
                _("La page est restée ouverte trop longtemps. Envoyez-la encore une fois."), code="ticket"
            ) from None
        if time.time() - asked < QUICKEST:
            raise ValidationError(_("C’est parti trop vite pour être lu. Envoyez encore une fois."), code="quick")
        return self.cleaned_data
