"""A campaign as text: the form of the office, and each line of an imported file. One set of rules and of sentences for both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from maillage.catalogue.models import Structure
from maillage.crowdfunding.images import LARGEST_BYTES, LARGEST_SIDE, NotAnImage, Picture, read_picture
from maillage.crowdfunding.models import LARGEST, Campaign
from maillage.crowdfunding.reading import decimal_of
from maillage.crowdfunding.rules import rules
from maillage.kit.typography import money, number
from maillage.territories import queries as territories
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import choices

#: Name of a field (and of a column) → attribute of a campaign.
ATTRIBUTES: Mapping[str, str] = {
    "nom": "name",
    "phrase": "summary",
    "presentation": "description",
    "porteur": "holder",
    "structure": "structure",
    "commune": "commune",
    "plateforme": "platform",
    "forme": "form",
    "theme": "sector",
    "objectif": "goal",
    "collecte": "collected",
    "contributeurs": "contributors",
    "chiffres_au": "as_of",
    "premier_jour": "opens",
    "dernier_jour": "closes",
    "minimum": "minimum",
    "tout_ou_rien": "all_or_nothing",
    "contrepartie": "counterpart",
    "adresse": "url",
    "image_alt": "image_alt",
}
#: No campaign of ours began before crowdfunding did, and none is prepared ten years ahead.
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2099, 12, 31)
#: A campaign longer than this is a mistake of typing.
LONGEST_DAYS = 731
_REASONS = {
    "size": lazy("Cette image est trop lourde\u202f: %(size)s Ko au plus. Enregistrez-la plus petite."),
    "kind": lazy(
        "Ce fichier n’est pas une image PNG ou JPEG, quel que soit son nom. Enregistrez l’image dans l’un de ces formats."
    ),
    "damaged": lazy("Cette image est abîmée ou incomplète\u202f: enregistrez-la de nouveau."),
    "pixels": lazy("Cette image est trop grande\u202f: %(side)s points de côté au plus."),
}


class AmountField(forms.CharField):
    """An amount in euros, as one writes it."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount. Refuses what is negative, absurd or not a number, in a sentence."""
        text = super().clean(value)
        if not text:
            return None
        amount = decimal_of(text)
        if amount is None:
            raise forms.ValidationError(
                _("«\u202f%(value)s\u202f» n’est pas un montant\u202f: écrivez un nombre positif, par exemple %(example)s.")
                % {"value": text[:40], "example": money(Decimal(1500))}
            )
        if amount > LARGEST:
            raise forms.ValidationError(_("C’est trop\u202f: %(most)s au plus.") % {"most": money(LARGEST)})
        if amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Un montant s’arrête aux centimes."))
        return amount


class DayField(forms.DateField):
    """A day: ISO (2027-03-31) or as one writes it (31/03/2027)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": lazy("Ce n’est pas une date\u202f: écrivez-la comme 31/03/2027.")},
            **options,
        )

    def clean(self, value: Any) -> date | None:
        """The day, within what a campaign may have."""
        found: date | None = super().clean(value)
        if found is not None and not FIRST_DAY <= found <= LAST_DAY:
            raise forms.ValidationError(_("Cette année n’est pas possible pour une campagne."))
        return found


class CampaignForm(forms.Form):
    """A campaign. `structures` are the structures it may name, by uid."""

    use_required_attribute = False

    nom = forms.CharField(label=lazy("Nom du projet"), max_length=200)
    phrase = forms.CharField(label=lazy("Le projet en une phrase"), max_length=300)
    presentation = forms.CharField(label=lazy("Présentation"), max_length=5_000, required=False, widget=forms.Textarea)
    porteur = forms.CharField(
        label=lazy("Qui porte le projet"),
        max_length=200,
        required=False,
        help_text=lazy("Utile quand le projet n’a pas encore de structure."),
    )
    structure = forms.CharField(
        label=lazy("Structure du catalogue"),
        max_length=300,
        required=False,
        help_text=lazy("L’adresse de sa fiche, ou ses douze derniers signes."),
    )
    commune = forms.CharField(label=lazy("Commune"), max_length=100, help_text=lazy("Nom ou code postal"))
    plateforme = forms.ChoiceField(label=lazy("Plateforme"))
    forme = forms.ChoiceField(label=lazy("Forme"))
    theme = forms.ChoiceField(label=lazy("Thème"), required=False)
    objectif = AmountField(label=lazy("Objectif, en euros"), max_length=40)
    collecte = AmountField(label=lazy("Somme collectée, en euros"), max_length=40, required=False)
    contributeurs = forms.IntegerField(
        label=lazy("Nombre de contributeurs"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    chiffres_au = DayField(label=lazy("Chiffres au"), required=False, help_text=lazy("Le jour où ces chiffres ont été relevés."))
    premier_jour = DayField(label=lazy("Premier jour"))
    dernier_jour = DayField(label=lazy("Dernier jour, inclus"))
    minimum = AmountField(label=lazy("Contribution minimale, en euros"), max_length=40, required=False)
    tout_ou_rien = forms.ChoiceField(
        label=lazy("Tout ou rien"),
        required=False,
        choices=[
            ("", lazy("Non précisé")),
            ("oui", lazy("Oui\u202f: sous l’objectif, rien n’est versé")),
            ("non", lazy("Non\u202f: la somme est versée de toute façon")),
        ],
    )
    contrepartie = forms.CharField(label=lazy("Contrepartie"), max_length=500, required=False)
    adresse = forms.CharField(label=lazy("Page de la campagne sur la plateforme"), max_length=1_000)
    image = forms.FileField(label=lazy("Image"), required=False, help_text=lazy("PNG ou JPEG, 1 Mo au plus."))
    image_alt = forms.CharField(
        label=lazy("Ce que montre l’image"),
        max_length=300,
        required=False,
        help_text=lazy("Pour les personnes qui ne la voient pas."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        campaign: Campaign | None = None,
        structures: Mapping[str, Structure] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.campaign = campaign
        self.structures = structures
        self.picture: Picture | None = None
        self.picture_bytes = b""
        known = rules()
        for name, options_of in (
            ("plateforme", [(code, platform.name) for code, platform in known.platforms.items()]),
            ("forme", [(code, form.name.fr) for code, form in known.forms.items()]),
            ("theme", choices("sector")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Choisissez")), *options_of]
            field.error_messages["invalid_choice"] = _("«\u202f%(value)s\u202f» n’est pas dans la liste.")

    def clean_structure(self) -> Structure | None:
        """A structure of the catalogue, by its address or its uid."""
        text: str = self.cleaned_data["structure"].strip()
        if not text:
            return None
        uid = text.rstrip("/")[-12:].lower()
        found = self.structures.get(uid) if self.structures is not None else Structure.objects.filter(uid=uid).first()
        if found is None:
            raise forms.ValidationError(_("Aucune structure du catalogue n’a cette adresse."))
        return found

    def clean_commune(self) -> str:
        """The INSEE code of a commune that exists."""
        text: str = self.cleaned_data["commune"]
        found = territories.resolve(text, codes_first=self.structures is not None)
        if found.commune:
            return found.commune.code
        near = ", ".join(commune_label(each.commune, each.former_name) for each in found.others[:5])
        if near:
            raise forms.ValidationError(
                _("Plusieurs communes sont possibles\u202f: %(near)s. Écrivez le nom avec le code postal.") % {"near": near}
            )
        raise forms.ValidationError(
            _("«\u202f%(value)s\u202f» n’est pas une commune que nous connaissons.") % {"value": text[:40]}
        )

    def clean_objectif(self) -> Decimal:
        """More than nothing."""
        amount: Decimal = self.cleaned_data["objectif"]
        if amount < 1:
            raise forms.ValidationError(_("L’objectif doit être d’au moins 1\u202f€."))
        return amount

    def clean_adresse(self) -> str:
        """An address of the web, so that no data makes another kind of link."""
        text: str = self.cleaned_data["adresse"].strip()
        if not re.fullmatch(r"https?://[^\s/$.?#@][^\s@]*", text):
            raise forms.ValidationError(_("Écrivez l’adresse complète de la page, qui commence par https://."))
        return text

    def clean_image(self) -> None:
        """A PNG or a JPEG, by its first bytes."""
        file = self.cleaned_data.get("image")
        if not isinstance(file, UploadedFile):
            return
        content = file.read(LARGEST_BYTES + 1)
        try:
            self.picture, self.picture_bytes = read_picture(content), content
        except NotAnImage as refusal:
            raise forms.ValidationError(
                _REASONS[str(refusal)] % {"size": number(LARGEST_BYTES // 1000), "side": number(LARGEST_SIDE)}
            ) from refusal

    def clean(self) -> dict[str, Any]:
        """What must agree: the dates, the figures and their day, the picture and its words, who carries the project."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = data.get("premier_jour"), data.get("dernier_jour")
        if opens and closes:
            if closes < opens:
                self.add_error(
                    "dernier_jour", _("Le dernier jour vient avant le premier\u202f: échangez-les ou corrigez l’un des deux.")
                )
            elif (closes - opens).days > LONGEST_DAYS:
                self.add_error("dernier_jour", _("Une campagne ne dure pas plus de deux ans\u202f: vérifiez l’année."))
        _figures_agree(self, data)
        has_picture = self.picture is not None or (self.campaign is not None and hasattr(self.campaign, "image"))
        if has_picture and not data.get("image_alt") and "image_alt" not in self.errors:
            self.add_error("image_alt", _("Dites ce que montre l’image."))
        if not data.get("porteur") and not data.get("structure") and "structure" not in self.errors:
            self.add_error("porteur", _("Dites qui porte le projet, ou choisissez sa structure."))
        return data

    def values(self) -> dict[str, Any]:
        """The attributes of the campaign."""
        values = {attribute: self.cleaned_data[name] for name, attribute in ATTRIBUTES.items()}
        values["collected"] = values["collected"] or Decimal(0)
        values["all_or_nothing"] = {"oui": True, "non": False}.get(values["all_or_nothing"])
        return values


def _figures_agree(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Figures have their day, and a day its figures."""
    told = data.get("collecte") is not None or data.get("contributeurs") is not None
    if told and not data.get("chiffres_au") and "chiffres_au" not in form.errors:
        form.add_error("chiffres_au", _("Dites de quel jour sont ces chiffres."))
    if not told and data.get("chiffres_au"):
        form.add_error("collecte", _("Vous datez des chiffres\u202f: écrivez la somme collectée, 0 s’il n’y a rien encore."))


class OwnCampaignForm(CampaignForm):
    """A campaign written by its structure: the structure is not asked, it is the one whose space this is."""

    def __init__(self, data: Any = None, files: Any = None, *, structure: Structure, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.own = structure
        del self.fields["structure"], self.fields["porteur"]

    def clean(self) -> dict[str, Any]:
        """As any campaign, of this structure."""
        self.cleaned_data |= {"structure": self.own, "porteur": self.campaign.holder if self.campaign else ""}
        return super().clean()


class FiguresForm(forms.Form):
    """What a published campaign has collected, and on which day."""

    use_required_attribute = False
    #: No picture comes with figures.
    picture: ClassVar[Picture | None] = None
    picture_bytes: ClassVar[bytes] = b""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("collecte", "contributeurs", "chiffres_au"):
            self.fields[name] = deepcopy(CampaignForm.declared_fields[name])

    def clean(self) -> dict[str, Any]:
        """Figures and their day together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        _figures_agree(self, data)
        return data

    def values(self) -> dict[str, Any]:
        """The attributes of the campaign that are figures."""
        values = {ATTRIBUTES[name]: self.cleaned_data[name] for name in self.fields}
        values["collected"] = values["collected"] or Decimal(0)
        return values


def initial(campaign: Campaign) -> dict[str, Any]:
    """What the form shows of a campaign: amounts without useless zeros, the commune in words."""
    shown: dict[str, Any] = {name: getattr(campaign, attribute) for name, attribute in ATTRIBUTES.items()}
    for name in ("objectif", "collecte", "minimum"):
        if isinstance(shown[name], Decimal):
            shown[name] = f"{shown[name]:f}".removesuffix(".00").replace(".", ",")
    if campaign.as_of is None:
        shown["collecte"] = ""
    commune = territories.commune(campaign.commune)
    shown["commune"] = f"{commune.name} {commune.postcode}".strip() if commune else campaign.commune
    shown["structure"] = campaign.structure.uid if campaign.structure else ""
    shown["tout_ou_rien"] = {True: "oui", False: "non", None: ""}[campaign.all_or_nothing]
    return shown
