"""Small forms: what to keep and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.diagnosis.actions import LIVES
from maillage.diagnosis.models import Evidence

_LIFE_WORDS = {30: _("un mois"), 180: _("six mois"), 730: _("deux ans")}
_LIFE_CHOICES = [(days, _LIFE_WORDS[days]) for days in LIVES]
_COUNTED = _(
    "Critère par critère, combien de projets répondent oui ou non\u202f: la chambre régionale voit ainsi ce qui manque sur son territoire. Aucun nombre inférieur à cinq n’est montré. Vos preuves n’en font jamais partie. Vous pourrez changer d’avis."
)


class KeepForm(forms.Form):
    """Until when to keep a diagnosis, and whether its answers are counted with the others."""

    use_required_attribute = False

    days = forms.TypedChoiceField(
        label=_("Garder pendant"),
        choices=_LIFE_CHOICES,
        coerce=int,
        initial=180,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez combien de temps garder ce diagnostic."),
            "invalid_choice": _("Choisissez une des durées proposées."),
        },
    )
    counted = forms.BooleanField(
        label=_("J’accepte que mes réponses soient comptées avec celles des autres, sans mon nom"),
        help_text=_COUNTED,
        required=False,
    )


class ArrangeForm(KeepForm):
    """The same for what is kept already: the end moves only if one asks for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["days"]
        assert isinstance(days, forms.TypedChoiceField)
        days.label = _("Jusqu’à quand le garder")
        days.required = False
        days.empty_value = None
        days.choices = [("", _("ne rien changer")), *_LIFE_CHOICES]
        days.initial = ""


class AnswerForm(forms.Form):
    """The answer to one question under a private link, and what supports it."""

    reponse = forms.CharField(required=False, max_length=1)
    preuve = forms.CharField(
        required=False,
        max_length=Evidence.LONGEST,
        error_messages={"max_length": _("Ce texte est trop long\u202f: %(limit_value)d signes au plus, il en a %(show_value)d.")},
    )

    def __init__(self, data: Any, *, letters: frozenset[str]) -> None:
        super().__init__(data)
        self._letters = letters

    def clean_reponse(self) -> str:
        """One of the answers of the question, or none."""
        letter: str = self.cleaned_data["reponse"]
        if letter and letter not in self._letters:
            raise forms.ValidationError(_("Choisissez une des réponses proposées."))
        return letter
