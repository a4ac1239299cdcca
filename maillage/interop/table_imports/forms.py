"""Forms of the screens: the upload, the columns, the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from maillage.catalogue.coverage import places_of
from maillage.catalogue.forms.fields import territory_label
from maillage.catalogue.office.kinds import KINDS
from maillage.interop.problems import Wrong
from maillage.interop.table_imports import cells
from maillage.interop.table_imports.drafts import source_is_taken
from maillage.interop.table_imports.fields import Target, codes_of, target_label, targets
from maillage.interop.table_imports.guessing import split
from maillage.interop.table_imports.matching import SEPARATORS, Host, Matching
from maillage.interop.table_imports.models import TableImport, TableSource
from maillage.interop.table_imports.reading import MOST_BYTES, MOST_ROWS
from maillage.territories.names import fold

#: Fields that may be said once for the whole table, by kind, besides the required ones.
CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "structure": ("types", "legal_form", "nonprofit"),
    "offer": ("kind", "coverage", "instrument", "stages", "needs", "sectors", "cost", "modes", "recurrence"),
    "relay": ("level", "network", "coverage", "languages"),
}
SEPARATOR_LABELS: Mapping[str, str | Promise] = {
    "aucun": lazy("une seule valeur par cellule"),
    "point-virgule": lazy("point-virgule (\u202f;\u202f)"),
    "virgule": lazy("virgule ( , )"),
    "barre": lazy("barre ( | )"),
    "ligne": lazy("retour à la ligne"),
}
IGNORED = "-"


class UploadForm(forms.Form):
    """The file, what it holds, where it comes from."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=lazy("Que contient le tableau\u202f?"),
        help_text=lazy("Une ligne par structure, par offre ou par relais."),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choisissez ce que contient le tableau.")},
    )
    file = forms.FileField(
        label=lazy("Fichier"),
        help_text=lazy("CSV ou XLSX, %(size)s Mo et %(rows)s lignes au plus. Rien n’est publié avant votre confirmation.")
        % {"size": MOST_BYTES // 1_000_000, "rows": f"{MOST_ROWS:,}".replace(",", "\u202f")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": lazy("Choisissez un fichier."),
            "empty": lazy("Ce fichier est vide."),
            "missing": lazy("Choisissez un fichier."),
            "invalid": lazy("Choisissez un fichier."),
        },
    )
    known = forms.ChoiceField(
        label=lazy("Source déjà connue"),
        required=False,
        help_text=lazy("La correspondance des colonnes de la dernière fois est reprise."),
    )
    name = forms.CharField(
        label=lazy("Ou nom de la nouvelle source"),
        required=False,
        max_length=200,
        help_text=lazy("Qui a fait ce tableau : «\u202fDépartement de la Mayenne\u202f», «\u202fAnnuaire du réseau\u202f»…"),
    )
    licence = forms.CharField(
        label=lazy("Licence de la nouvelle source"),
        required=False,
        max_length=120,
        help_text=lazy("Ce que la source permet, par exemple «\u202fLicence Ouverte 2.0\u202f». Chaque fiche la portera."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kind, known = self.fields["kind"], self.fields["known"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(known, forms.ChoiceField)
        kind.choices = [(word.kind, capfirst(str(word.many))) for word in KINDS.values()]
        known.choices = [("", _("Nouvelle source")), *TableSource.objects.order_by("name", "pk").values_list("code", "name")]

    def source_fields(self) -> list[forms.BoundField]:
        """A known source, or the name and the licence of a new one: shown together, without «\u202ffacultatif\u202f»."""
        return [self["known"], self["name"], self["licence"]]

    def clean_file(self) -> Any:
        """Not larger than what is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("Ce fichier dépasse %(size)s Mo : découpez-le en plusieurs fichiers.") % {"size": MOST_BYTES // 1_000_000}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """A source: a known one, or the name and the licence of a new one."""
        data: dict[str, Any] = super().clean() or {}
        self.source = TableSource.objects.filter(code=data.get("known") or "").first()
        if self.source is not None:
            return data
        name = " ".join(data.get("name", "").split())
        code = slugify(name)[:60].strip("-")
        if not code:
            self.add_error("name", _("Choisissez une source connue, ou nommez la nouvelle."))
        elif source_is_taken(code):
            self.add_error("name", _("Une autre source du catalogue porte déjà ce nom : choisissez-en un autre."))
        if not data.get("licence", "").strip():
            self.add_error("licence", _("Écrivez la licence de la source. Si elle n’en dit rien : «\u202fnon précisée\u202f»."))
        if not self.errors:
            self.source = TableSource.objects.filter(code=code).first() or TableSource(
                code=code, name=name, licence=data["licence"].strip()
            )
        return data


def chosen_matching(data: Mapping[str, Any], table: TableImport) -> tuple[Matching, list[tuple[str, str]]]:
    """What the screen of the columns says: a matching, and what is wrong with the values for every row, as (key, sentence)."""
    known = targets(table.kind)
    names = [column["name"] for column in table.columns]
    columns, separators = {}, {}
    for place, name in enumerate(names):
        key = str(data.get(f"champ-{place}", ""))
        columns[name] = key if key in known else ""
        sign = str(data.get(f"separateur-{place}", ""))
        if sign in SEPARATORS:
            separators[name] = sign
    constants, wrong = {}, []
    for target in constant_targets(table.kind):
        text = " ".join(str(data.get(f"constante-{target.key}", "")).split())[:500]
        if not text:
            continue
        constants[target.key] = text
        if reason := _constant_problem(target, text):
            wrong.append((target.key, reason))
    by, _, place_text = str(data.get("structure", "each")).partition("-")
    column = names[int(place_text)] if place_text.isdecimal() and len(place_text) < 4 and int(place_text) < len(names) else ""
    if by not in ("one", "name", "id") or (by in ("name", "id") and not column):
        by = "each"
    identity = str(data.get("identifiant", ""))
    before = Matching.from_json(table.matching)
    matching = Matching(
        columns=columns,
        separators={**before.separators, **separators},
        values=before.values,
        constants=constants,
        identity=names[int(identity)] if identity.isdecimal() and len(identity) < 4 and int(identity) < len(names) else "",
        host=Host(by, column, " ".join(str(data.get("structure-nom", "")).split())[:300]),
    )
    return replace(matching, separators={name: sign for name, sign in matching.separators.items() if name in columns}), wrong


def constant_targets(kind: str) -> list[Target]:
    """The fields that may be said once for every row."""
    return [targets(kind)[key] for key in CONSTANTS[kind]]


def _constant_problem(target: Target, text: str) -> str:
    try:
        if target.coded and text not in codes_of(target.key):
            return _("Choisissez une valeur de la liste.")
        if target.sort == "territory":
            for item in split(text, ";"):
                cells.territory_reader({}, "")(item)
    except Wrong:
        return _(
            "Ce territoire n’est pas reconnu, ou plusieurs portent ce nom : écrivez par exemple «\u202fPays de la Loire\u202f», «\u202fCC du Pays de Craon\u202f» ou «\u202f53\u202f»."
        )
    return ""


def separator_options(kind: str, key: str) -> list[tuple[str, str]]:
    """The separators offered for a column that goes to this field; none when it takes one value."""
    target = targets(kind).get(key)
    return [(word, str(text)) for word, text in SEPARATOR_LABELS.items()] if target and target.may_be_split else []


def field_options(kind: str) -> list[tuple[str, str]]:
    """The fields a column may go to: (key, label with its code)."""
    return [
        (key, f"{target_label(kind, key)} ({key})" + (" *" if target.required else "")) for key, target in targets(kind).items()
    ]


def said_values(data: Mapping[str, Any], table: TableImport) -> dict[str, dict[str, tuple[str, ...]]]:
    """What a person said of the unknown words: key → folded word → codes (none: the word is ignored)."""
    said: dict[str, dict[str, tuple[str, ...]]] = {}
    for place, question in enumerate(table.questions):
        answer = str(data.get(f"valeur-{place}", ""))
        allowed = dict(answers(table.kind, question))
        if answer and answer in allowed:
            word = fold(question["word"]) or question["word"]
            said.setdefault(question["key"], {})[word] = () if answer == IGNORED else (answer,)
    return said


def answers(kind: str, question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What may be answered about an unknown word: (code or key, label); the proposed ones first for territories."""
    if targets(kind)[question["key"]].coded:
        found = list(codes_of(question["key"]).items())
    else:
        found = [(key, territory_label(key, place)) for key, place in places_of([*question["proposed"], "france"])]
    return [*found, (IGNORED, _("ignorer ce mot"))]
