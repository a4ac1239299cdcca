"""Forms of the office of the grids: the texts of a version, one criterion, a new grid. French is required, English is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.diagnosis.grid import GATE, Grid
from maillage.vocabulary.labels import choices

_CRITERION_TEXTS = {
    "title": (_("Titre court"), 120),
    "question": (_("Question"), 300),
    "why": (_("Pourquoi c’est important"), 1000),
    "example": (_("Exemple"), 1000),
    "advice": (_("Premier pas conseillé"), 1000),
}
_GATE_TEXTS = {
    "title": (_("Titre de la question d’entrée"), 120),
    "question": (_("Question d’entrée"), 300),
    "why": (_("Pourquoi cette question"), 1000),
    "first": (_("Première porte"), 1000),
    "second": (_("Deuxième porte"), 1000),
}
_SLUG_ERROR = {"invalid": _("Un code s’écrit en minuscules sans accent, avec des traits d’union. Exemple\u202f: besoin-nomme")}


class _Texts(forms.Form):
    """Texts in two languages: a field `name_fr` (required) and a field `name_en` for each."""

    use_required_attribute = False

    def add_texts(self, prefix: str, texts: Mapping[str, Any], *, required: bool = True) -> None:
        """Add the two fields of each text."""
        for name, (label, longest) in texts.items():
            for language, words, needed in (("fr", _("français"), required), ("en", _("anglais"), False)):
                widget: type[forms.Widget] = forms.Textarea if longest > 300 else forms.TextInput
                self.fields[f"{prefix}{name}_{language}"] = forms.CharField(
                    label=f"{label}, {words}",
                    max_length=longest,
                    required=needed,
                    widget=widget(attrs={"rows": 3, "lang": language} if longest > 300 else {"lang": language}),
                )

    def texts(self, prefix: str, names: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """The texts that were written, as a grid's content holds them."""
        return {
            name: {language: self.cleaned_data[f"{prefix}{name}_{language}"].strip() for language in ("fr", "en")}
            for name in names
        }


def text_values(prefix: str, entry: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, str]:
    """The initial values of the fields of an entry of a content."""
    return {
        f"{prefix}{name}_{language}": (entry.get(name) or {}).get(language, "") for name in names for language in ("fr", "en")
    }


class CriterionForm(_Texts):
    """One criterion of a draft."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, error_messages=_SLUG_ERROR,
        help_text=_("Il reconnaît le critère d’une version à l’autre\u202f: gardez-le quand seul le texte change."),
    )  # fmt: skip
    family = forms.ChoiceField(label=_("Famille"))
    need = forms.ChoiceField(label=_("Besoin dont les offres aident"))
    position = forms.IntegerField(label=_("Rang dans la grille"), min_value=1, max_value=60)

    def __init__(self, *args: Any, content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family, need = self.fields["family"], self.fields["need"]
        assert isinstance(family, forms.ChoiceField)
        assert isinstance(need, forms.ChoiceField)
        family.choices = [(entry["code"], entry["title"]["fr"]) for entry in content["family"]]
        need.choices = choices("need")
        self.add_texts("", _CRITERION_TEXTS)
        self._taken = {entry["code"] for entry in content["criterion"]} - {self.initial.get("code")}

    @staticmethod
    def values_of(entry: Mapping[str, Any], position: int) -> dict[str, Any]:
        """The initial values for a criterion of a content."""
        return {
            "code": entry["code"], "family": entry["family"], "need": entry["need"], "position": position,
            **text_values("", entry, _CRITERION_TEXTS),
        }  # fmt: skip

    def clean_code(self) -> str:
        """A code of its own in the grid."""
        code: str = self.cleaned_data["code"].lower()
        if code in self._taken or code == GATE:
            raise forms.ValidationError(_("Ce code sert déjà dans cette grille."))
        return code

    def entry(self) -> dict[str, Any]:
        """The criterion as a content holds it."""
        said = self.cleaned_data
        return {"code": said["code"], "family": said["family"], "need": said["need"], **self.texts("", _CRITERION_TEXTS)}


class TextsForm(_Texts):
    """The texts of a version: title, introduction, gate question, families."""

    minutes = forms.IntegerField(label=_("Minutes pour la remplir"), min_value=1, max_value=240)

    _GRID = {"title": (_("Titre"), 120), "intro": (_("Introduction"), 1000)}  # noqa: RUF012  # read only
    _FAMILY = {"title": (_("titre"), 120), "short": (_("nom court"), 20), "plain": (_("en clair"), 1000)}  # noqa: RUF012

    def __init__(self, data: Any, *, content: Mapping[str, Any]) -> None:
        values: dict[str, Any] = {"minutes": content.get("minutes", 10), **text_values("", content, self._GRID)}
        values |= text_values("gate-", content.get("gate") or {}, _GATE_TEXTS)
        for entry in content["family"]:
            values |= text_values(f"{entry['code']}-", entry, self._FAMILY)
        super().__init__(data, initial=values)
        self._content = content
        self.add_texts("", self._GRID)
        self.add_texts("gate-", _GATE_TEXTS, required=False)
        for entry in content["family"]:
            named = {name: (f"{entry['title']['fr']}\u202f: {label}", longest) for name, (label, longest) in self._FAMILY.items()}
            self.add_texts(f"{entry['code']}-", named)

    def write(self, content: dict[str, Any]) -> None:
        """Put what was written into a content. A gate question without its French question is no gate question."""
        content["minutes"] = self.cleaned_data["minutes"]
        content |= self.texts("", self._GRID)
        gate = self.texts("gate-", _GATE_TEXTS)
        content.pop("gate", None)
        if gate["question"]["fr"]:
            content["gate"] = gate
        for entry in content["family"]:
            entry |= self.texts(f"{entry['code']}-", self._FAMILY)


class NewGridForm(forms.Form):
    """A grid of one's own, copied from another."""

    use_required_attribute = False

    code = forms.SlugField(label=_("Code de la grille, pour son adresse"), max_length=40, error_messages=_SLUG_ERROR)
    source = forms.ChoiceField(label=_("À partir de"))

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = sources

    def clean_code(self) -> str:
        """Small letters."""
        return str(self.cleaned_data["code"]).lower()


def differences(old: Grid | None, new: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a draft changes in the criteria of the version before: titles of those added, removed, changed."""
    before = {criterion.code: criterion for criterion in old.criteria} if old else {}
    after = {entry["code"]: entry for entry in new["criterion"]}

    def said(entry: Mapping[str, Any]) -> Any:
        return [entry["family"], entry["need"], *((entry.get(name) or {}) for name in _CRITERION_TEXTS)]

    def was(code: str) -> Any:
        one = before[code]
        texts = ({"fr": getattr(one, name).fr, "en": getattr(one, name).en} for name in _CRITERION_TEXTS)
        return [one.family, one.need, *texts]

    return {
        "added": [entry["title"]["fr"] for code, entry in after.items() if code not in before],
        "removed": [before[code].title.fr for code in before if code not in after],
        "changed": [entry["title"]["fr"] for code, entry in after.items() if code in before and said(entry) != was(code)],
    }
