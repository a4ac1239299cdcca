"""What a holder, a structure and the animation write. Names of fields are those of the addresses of an orientation where they mean the same."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import phonenumbers
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.accompaniment.candidates import Wanted
from maillage.accompaniment.enums import Channel, Reason, Useful
from maillage.accompaniment.plain import forbidden
from maillage.accompaniment.secrets import new_uid
from maillage.catalogue.models import Structure
from maillage.kit.typography import dialled
from maillage.territories import queries as territories
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import choices
from maillage.vocabulary.words import vocabulary

#: A person needs at least this long to read what will be sent and to agree (seconds); a page left open longer is sent once more.
QUICKEST, LONGEST = 3, 24 * 3600
_SALT = "maillage.accompaniment.request"
#: A text area holds so many characters at most.
TEXT = 3000
#: The parameters of an orientation that a request keeps.
LISTS = {"besoin": "need", "secteur": "sector"}


def ticket(uid: str = "", at: int | None = None) -> str:
    """What the page carries, signed: the id of the request it will make, and when it was asked for."""
    return signing.dumps([uid or new_uid(), int(time.time()) if at is None else at], salt=_SALT)


def read_ticket(text: str) -> tuple[str, float | None]:
    """The id, and how long ago the page was asked for in seconds (None: too long ago). Raises signing.BadSignature."""
    uid, asked = signing.loads(text, salt=_SALT)
    age = time.time() - int(asked)
    return str(uid), age if age <= LONGEST else None


def _text(
    label: Any, most: int = TEXT, *, required: bool = False, help_text: Any = "", rows: int = 4, missing: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": missing,
            "max_length": _("Ce texte est trop long\u202f: %(limit_value)d caractères au plus, il en a %(show_value)d."),
        },
    )


def _line(label: Any, most: int, *, help_text: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"max_length": _("C’est trop long\u202f: %(limit_value)d caractères au plus.")},
    )


class AskForm(forms.Form):
    """What is needed, how to be reached, where the project is. Everything but the need and one way to answer is optional."""

    demande = _text(
        _("De quoi avez-vous besoin\u202f?"),
        required=True,
        help_text=_(
            "Avec vos mots, en quelques phrases. N’écrivez ni numéro de sécurité sociale, ni coordonnées bancaires, ni information de santé."
        ),
        rows=6,
        missing=_("Dites en une phrase de quoi vous avez besoin."),
    )
    nom = _line(_("Votre nom, comme vous voulez qu’on vous appelle"), 120, autocomplete="name")
    courriel = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Vous y recevrez un reçu, puis chaque nouvelle."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Cette adresse n’est pas complète. Exemple\u202f: nom@exemple.fr")},
    )
    telephone = _line(_("Votre téléphone"), 30, help_text=_("Par exemple 06 12 34 56 78."), autocomplete="tel", inputmode="tel")
    moyen = forms.ChoiceField(
        label=_("Comment préférez-vous être joint\u202f?"),
        choices=Channel.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choisissez une des réponses proposées.")},
    )
    moment = _line(_("À quel moment\u202f?"), 120, help_text=_("Par exemple\u202f: le mardi après 17 h."))
    etape = forms.ChoiceField(
        label=_("Où en est le projet\u202f?"),
        required=False,
        error_messages={"invalid_choice": _("Choisissez une étape de la liste, ou «\u202fJe ne sais pas\u202f».")},
    )
    commune = forms.CharField(required=False, max_length=120)
    besoin = forms.MultipleChoiceField(
        label=_("Sur quels sujets\u202f?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choisissez les sujets dans la liste.")},
    )
    secteur = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": _("Ce secteur n’existe pas.")})
    forme = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("Cette forme juridique n’existe pas.")})
    # hidden from people; programs fill it in
    site = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homonyms: list[tuple[str, str]] = []
        self.found_commune: territories.Commune | None = None
        unknown = [("", _("Je ne sais pas"))]
        self.fields["etape"].choices = [*unknown, *choices("stage")]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["forme"].choices = [*unknown, *choices("legal_form")]  # type: ignore[attr-defined]
        for name, listed in LISTS.items():
            self.fields[name].choices = choices(listed)  # type: ignore[attr-defined]

    def clean_site(self) -> str:
        """The trap must stay empty."""
        if self.cleaned_data["site"]:
            raise ValidationError(
                _("Laissez vide le champ «\u202fLaissez ce champ vide\u202f»\u202f: il sert à arrêter les robots.")
            )
        return ""

    def clean_demande(self) -> str:
        """No number that nobody should send."""
        text: str = self.cleaned_data["demande"].strip()
        what = forbidden(text)
        if what == "nir":
            raise ValidationError(
                _(
                    "Votre texte semble contenir un numéro de sécurité sociale. Retirez-le\u202f: personne n’en a besoin pour vous répondre."
                )
            )
        if what == "iban":
            raise ValidationError(
                _(
                    "Votre texte semble contenir des coordonnées bancaires. Retirez-les\u202f: personne n’en a besoin pour vous répondre."
                )
            )
        return text

    def clean_courriel(self) -> str:
        """In lower case, so that the same person is counted once."""
        return str(self.cleaned_data["courriel"]).strip().lower()

    def clean_telephone(self) -> str:
        """As it is dialled."""
        raw = self.cleaned_data["telephone"].strip()
        if not raw:
            return ""
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(raw, "FR"))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            raise ValidationError(_("Ce numéro n’est pas complet. Exemple\u202f: 06 12 34 56 78"))
        return dialled(raw)

    def clean_commune(self) -> str:
        """The INSEE code of the commune that was typed or chosen; a choice when several have this name."""
        chosen = territories.commune(self.data.get("commune_choisie", ""))
        if chosen:
            self.found_commune = chosen
            return chosen.code
        typed = self.cleaned_data["commune"].strip()
        if not typed:
            return ""
        resolution = territories.resolve(typed, codes_first="saisie" not in self.data)
        self.found_commune = resolution.commune
        if resolution.commune is None:
            self.homonyms = [(one.commune.code, commune_label(one.commune, one.former_name)) for one in resolution.others[:12]]
            if self.homonyms:
                raise ValidationError(_("Plusieurs communes peuvent convenir\u202f: choisissez la vôtre sous le champ."))
            raise ValidationError(
                _("Nous ne trouvons pas cette commune. Essayez son nom entier ou son code postal, ou laissez vide.")
            )
        return resolution.commune.code

    def clean(self) -> dict[str, Any]:
        """At least one way to answer, and the one that is preferred."""
        said = self.cleaned_data
        wrong = {"courriel", "telephone"} & set(self.errors)
        if not wrong and not said.get("courriel") and not said.get("telephone"):
            self.add_error(
                "courriel",
                _("Donnez une adresse électronique ou un téléphone\u202f: sans l’un des deux, personne ne peut vous répondre."),
            )
        elif not wrong and said.get("moyen") == Channel.PHONE and not said.get("telephone"):
            self.add_error("telephone", _("Vous préférez le téléphone\u202f: donnez votre numéro, ou choisissez un autre moyen."))
        elif not wrong and said.get("moyen") == Channel.EMAIL and not said.get("courriel"):
            self.add_error("courriel", _("Vous préférez le courriel\u202f: donnez votre adresse, ou choisissez un autre moyen."))
        return said

    def wanted(self) -> Wanted:
        """What decides who is competent."""
        said = self.cleaned_data
        return Wanted(said["etape"], self.found_commune, tuple(said["besoin"]), tuple(said["secteur"]), said["forme"])

    def fields_of_request(self) -> dict[str, Any]:
        """The fields of `models.Request`."""
        said = self.cleaned_data
        return {
            "needed": said["demande"],
            "holder_name": said["nom"].strip(),
            "email": said["courriel"],
            "phone": said["telephone"],
            "channel": said["moyen"] or Channel.ANY,
            "moment": said["moment"].strip(),
            "stage": said["etape"],
            "commune": said["commune"],
            "needs": list(said["besoin"]),
            "sectors": list(said["secteur"]),
            "legal_form": said["forme"],
        }


def from_address(parameters: QueryDict) -> dict[str, Any]:
    """What an address of the orientation says, for the first sight of the form. What is not understood is left aside: the form asks again."""
    words = vocabulary()
    typed = parameters.get("commune", "")[:80]
    found = territories.resolve(typed, codes_first="saisie" not in parameters).commune if typed and "\0" not in typed else None
    stage, form = parameters.get("etape", ""), parameters.get("forme", "")
    return {
        "etape": stage if words.knows("stage", stage) else "",
        "forme": form if words.knows("legal_form", form) else "",
        "commune": f"{found.name} {found.postcode}" if found else "",
        **{name: [code for code in parameters.getlist(name)[:60] if words.knows(listed, code)] for name, listed in LISTS.items()},
    }


def kept_pairs(form: AskForm, data: QueryDict) -> list[tuple[str, str]]:
    """What was typed and understood, to carry in hidden fields: nothing is kept on our side before the request leaves."""
    names = ("demande", "nom", "courriel", "telephone", "moyen", "moment", "etape", "forme", "besoin", "secteur")
    pairs = [(name, value) for name in (*names, "structure", "offre", "relais") for value in data.getlist(name)[:60] if value]
    return [*pairs, ("commune", form.cleaned_data["commune"])]


class WordForm(forms.Form):
    """One more word."""

    mot = _text(_("Votre message"), 1000, required=True, missing=_("Écrivez votre message avant de l’envoyer."))


class AcceptForm(forms.Form):
    """The structure accepts."""

    qui = forms.CharField(
        label=_("Qui contactera la personne\u202f?"),
        max_length=120,
        help_text=_("Un prénom, une fonction\u202f: la personne saura qui l’appelle."),
        error_messages={"required": _("Dites qui contactera la personne."), "max_length": _("120 caractères au plus.")},
    )
    mot = _text(_("Un mot pour la personne"), 1000)


class DeclineForm(forms.Form):
    """The structure declines, with a coded reason."""

    motif = forms.ChoiceField(
        label=_("Pourquoi\u202f?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison."), "invalid_choice": _("Choisissez une des raisons proposées.")},
    )
    mot = _text(_("Un mot pour la personne"), 1000)

    def clean(self) -> dict[str, Any]:
        """« Autre » is explained."""
        said = self.cleaned_data
        if said.get("motif") == Reason.OTHER and not said.get("mot", "").strip():
            self.add_error("mot", _("Dites la raison en une phrase."))
        return said


class KnownForm(forms.Form):
    """The structure supports this project already."""

    mot = _text(_("Un mot pour la personne"), 1000)


class ToStructureForm(forms.Form):
    """Another structure: one of those proposed, or a name."""

    vers = forms.ChoiceField(
        label=_("Vers quelle structure\u202f?"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choisissez une structure de la liste, ou écrivez son nom.")},
    )  # fmt: skip
    autre = _line(_("Une autre structure du catalogue"), 200, help_text=_("Son nom, tel qu’il est sur sa fiche."))
    mot = _text(_("Pourquoi elle"), 1000)

    def __init__(self, *args: Any, proposed: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named: list[tuple[str, str]] = []
        self.structure: Structure | None = None
        self.fields["vers"].choices = list(proposed.items())  # type: ignore[attr-defined]  # a ChoiceField
        typed = self.data.get(self.add_prefix("vers"), "") if self.is_bound else ""
        if typed and typed not in proposed:  # one of the homonyms shown after a first try
            name = Structure.objects.visible().filter(uid=typed[:12]).values_list("name", flat=True).first()
            if name:
                self.fields["vers"].choices.append((typed, name))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one visible structure."""
        said = self.cleaned_data
        name = said.get("autre", "").strip()
        visible = Structure.objects.visible().order_by("name", "pk")
        if name:
            found = list(visible.filter(name__iexact=name)[:13]) or list(visible.filter(name__icontains=name)[:13])
            if len(found) == 1:
                self.structure = found[0]
            elif len(found) > 1:
                self.named = [(one.uid, one.name) for one in found[:12]]
                self.add_error(
                    "autre",
                    _(
                        "Plusieurs structures ont ce nom\u202f: choisissez parmi celles qui sont maintenant proposées, et videz ce champ."
                    ),
                )
                known = dict(self.fields["vers"].choices)  # type: ignore[attr-defined]
                self.fields["vers"].choices = list((known | dict(self.named)).items())  # type: ignore[attr-defined]
            else:
                self.add_error("autre", _("Aucune structure du catalogue ne porte ce nom. Écrivez un mot de son nom."))
        elif said.get("vers"):
            self.structure = visible.filter(uid=said["vers"]).first()
            if self.structure is None:
                self.add_error("vers", _("Cette structure n’est plus dans le catalogue. Choisissez-en une autre."))
        elif "vers" not in self.errors:
            self.add_error("vers", _("Choisissez une structure, ou écrivez son nom."))
        return said


class UsefulForm(forms.Form):
    """« Était-ce utile ? »"""

    utile = forms.ChoiceField(
        choices=Useful.choices,
        error_messages={"required": _("Choisissez une réponse."), "invalid_choice": _("Choisissez une des réponses proposées.")},
    )
    suite = _text(
        _("Qu’est-ce qui a suivi\u202f?"),
        1000,
        help_text=_("Un rendez-vous, un dossier, rien encore… La structure lira votre réponse."),
    )


class CloseForm(forms.Form):
    """The animation closes, and says why."""

    mot = _text(
        _("Ce que vous expliquez à la personne"),
        1000,
        required=True,
        missing=_("Expliquez-le en une phrase\u202f: la personne la lira."),
    )
