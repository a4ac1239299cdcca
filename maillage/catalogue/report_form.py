"""The form of « Signaler une erreur ». It needs no cookie: a signed time says when the page was asked for."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models import ErrorReport

#: A person needs at least this long to read and choose (seconds); programs that fill in every form do not.
QUICKEST = 2
#: A page left open longer than this (seconds) must be sent once more.
LONGEST = 24 * 3600
_SALT = "maillage.catalogue.report"


def ticket(uid: str) -> str:
    """What the page carries: for which sheet and when it was asked for, signed."""
    return signing.dumps([uid, int(time.time())], salt=_SALT)


class ReportForm(forms.Form):
    """What is wrong, in which words, and an e-mail address if an answer is wanted."""

    reason = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=[choice for choice in ErrorReport.Reason.choices if choice[0] != ErrorReport.Reason.STRUCTURE],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez ce qui ne va pas."),
            "invalid_choice": _("Choisissez une des réponses proposées."),
        },
    )
    message = forms.CharField(
        label=_("Dites-nous ce que vous savez"),
        help_text=_("N’écrivez pas d’information personnelle sur quelqu’un."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _("Ce texte est trop long : %(limit_value)d caractères au plus, il en a %(show_value)d.")},
    )
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Seulement si vous souhaitez une réponse. Elle ne sert à rien d’autre."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Cette adresse n’est pas complète. Exemple : nom@exemple.fr")},
    )
    # hidden from people; programs fill it in
    website = forms.CharField(label=_("Laissez ce champ vide"), required=False, max_length=200)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args: Any, uid: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.uid = uid

    def clean_website(self) -> str:
        """The trap must stay empty."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Laissez vide le champ « Laissez ce champ vide » : il sert à arrêter les robots."))
        return ""

    def clean(self) -> dict[str, Any]:
        """The page must have been asked for by somebody, for this sheet, a little while ago."""
        try:
            uid, asked = signing.loads(self.cleaned_data.get("ticket") or "", salt=_SALT, max_age=LONGEST)
        except signing.BadSignature:  # SignatureExpired too
            raise ValidationError(
                _("La page est restée ouverte trop longtemps. Envoyez-la encore une fois."), code="ticket"
            ) from None
        if uid != self.uid:
            raise ValidationError(_("La page ne correspond plus à cette fiche. Envoyez-la encore une fois."), code="ticket")
        if time.time() - asked < QUICKEST:
            raise ValidationError(_("C’est parti trop vite pour être lu. Envoyez encore une fois."), code="quick")
        return self.cleaned_data
