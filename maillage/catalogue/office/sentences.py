"""The journal in human French: who did what, and what each field was before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from maillage.catalogue.access import MODELS
from maillage.catalogue.coverage import places_of
from maillage.catalogue.enums import Nonprofit, Operator, Recurrence, Status
from maillage.catalogue.forms.fields import territory_label
from maillage.catalogue.forms.rows import written
from maillage.catalogue.office.extensions import TOLD
from maillage.journal.models import Entry
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label

VERBS = {
    "created": lazy("a créé la fiche"),
    "edited": lazy("a modifié la fiche"),
    "submitted": lazy("a envoyé la fiche en relecture"),
    "returned": lazy("a renvoyé la fiche en rédaction"),
    "published": lazy("a publié la fiche"),
    "suspended": lazy("a suspendu la fiche"),
    "archived": lazy("a archivé la fiche"),
    "reopened": lazy("a rouvert la fiche en brouillon"),
    "verified": lazy("a marqué la fiche comme vérifiée"),
    "withdrawn": lazy("a noté que la source a retiré la fiche"),
    "restored": lazy("a noté que la source propose de nouveau la fiche"),
    "imported": lazy("a importé la fiche"),
    "table-imported": lazy("a importé le tableau"),
    "reported": lazy("a signalé une erreur sur la fiche"),
    "report-handled": lazy("a traité un signalement"),
    "fell-silent": lazy("n’a pas eu de réponse de la structure à propos de la fiche\u202f: elle sort des résultats"),
    "answered": lazy("a eu de nouveau une réponse à propos de la fiche"),
    "reminded": lazy("a demandé à la structure de confirmer la fiche"),
    "rhythm": lazy("a changé le rythme de confirmation de la fiche"),
    "contact-asked": lazy("a demandé le contact de la fiche"),
    "edit-proposed": lazy("a proposé une modification de la fiche"),
    "edit-accepted": lazy("a accepté une modification de la fiche"),
    "edit-refused": lazy("a refusé une modification de la fiche"),
    "edit-taken-back": lazy("a repris sa modification de la fiche"),
    "claimed": lazy("a demandé à tenir la fiche"),
    "join-asked": lazy("a demandé à rejoindre la structure de la fiche"),
    "joined": lazy("a rejoint la structure de la fiche"),
    "join-refused": lazy("a refusé une demande à propos de la fiche"),
    "invited": lazy("a invité quelqu’un dans la structure de la fiche"),
    "invitation-revoked": lazy("a repris une invitation à propos de la fiche"),
    "member-role": lazy("a changé le rôle d’un membre de la structure de la fiche"),
    "member-ended": lazy("a mis fin à une appartenance à la structure de la fiche"),
    "left": lazy("a quitté la structure de la fiche"),
    "orphaned": lazy("a laissé sans gestionnaire la fiche"),
    "account-opened": lazy("a ouvert le compte"),
    "account-changed": lazy("a changé le compte"),
    "confirmed": lazy("a confirmé ce qu’une règle avait déduit"),
    "accepted": lazy("a accepté le changement d’une source"),
    "refused": lazy("a refusé le changement d’une source"),
    "merged": lazy("a fusionné la fiche"),
    "unmerged": lazy("a défait la fusion de la fiche"),
    "kept-apart": lazy("a distingué la fiche"),
    "quarantined": lazy("a mis en quarantaine une lecture de"),
    "released": lazy("a accepté une lecture en quarantaine de"),
    "dismissed": lazy("a écarté une lecture en quarantaine de"),
    "synchronised": lazy("a mis à jour le catalogue depuis"),
    "link-given": lazy("a donné un lien de connexion à"),
}

#: Which list of the vocabulary holds the codes of a field.
_LISTS = {
    "kind": "kind", "stages": "stage", "needs": "need", "sectors": "sector", "legal_forms": "legal_form",
    "legal_form": "legal_form", "audiences": "audience", "modes": "mode", "cost": "cost", "instrument": "instrument",
    "zonings": "zoning", "level": "level", "network": "role", "specialities": "need",
}  # fmt: skip
_CHOICES: dict[str, dict[str, Any]] = {
    "status": dict(Status.choices), "recurrence": dict(Recurrence.choices), "nonprofit": dict(Nonprofit.choices)
}  # fmt: skip
_DATES = {"opens", "closes", "verified_on", "mark_until", "updated", "withdrawn_on", "since", "until", "read_on"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed field in words. For lists: what was added and removed; otherwise before and after."""

    label: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Is it told as additions and removals?"""
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    entry: Entry
    sentence: str
    changes: tuple[FieldChange, ...]


def line(entry: Entry, *, names: bool = True) -> Line:
    """A journal entry in words. Without `names`, people and what they wrote are left out of it (the entry is not to be saved)."""
    if not names:
        entry.actor_name, entry.note = _("Quelqu’un") if entry.actor_id else entry.actor_name, ""
    words = TOLD[entry.subject_kind].verbs if entry.subject_kind in TOLD else {}
    sentence = words.get(entry.verb) or VERBS.get(entry.verb) or entry.verb
    return Line(entry, str(sentence), tuple(field_changes(entry.subject_kind, entry.changes)))


def field_changes(kind: str, changes: dict[str, Any]) -> Iterator[FieldChange]:
    """The changed fields of a sheet, in words."""
    for name, pair in changes.items():
        if not (isinstance(pair, list) and len(pair) == 2):
            continue
        before, after = pair
        title = field_label(kind, name)
        if isinstance(before, list) and isinstance(after, list):
            added = tuple(item_words(kind, name, item) for item in after if item not in before)
            removed = tuple(item_words(kind, name, item) for item in before if item not in after)
            if added or removed:
                yield FieldChange(title, added=added, removed=removed)
            else:
                yield FieldChange(title, before=_("dans un autre ordre"), after=words(kind, name, after))
        else:
            yield FieldChange(title, words(kind, name, before), words(kind, name, after))


def field_label(kind: str, name: str) -> str:
    """The French name of a field."""
    model: type[Model] | None = TOLD[kind].model if kind in TOLD else MODELS.get(kind)
    if model is None:
        return name
    try:
        return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return name


def words(kind: str, name: str, value: Any) -> str:
    """A value as a person reads it; « (vide) » when there is none."""
    if value in (None, "", [], {}):
        return _("(vide)")
    if isinstance(value, list):
        return ", ".join(item_words(kind, name, item) for item in value)
    return item_words(kind, name, value)


def item_words(kind: str, name: str, item: Any) -> str:
    """One value, or one item of a list, as a person reads it."""
    if isinstance(item, dict):
        return _record_words(item)
    if isinstance(item, bool):
        return written(item)
    if name in ("coverage", "excluded"):
        [(key, place)] = places_of([str(item)])
        return territory_label(key, place)
    if name == "commune" and (commune := territories.commune(str(item))):
        return f"{commune.name} ({commune.code})"
    if name == "kept_fields":
        return field_label(kind, str(item))
    if name in _LISTS:
        text = label(_LISTS[name], str(item))
        return label("sector", str(item)) if text == item and name == "specialities" else text
    if name in _CHOICES:
        return str(_CHOICES[name].get(item, item))
    if name in _DATES:
        return _day(item)
    return str(item)


def _record_words(record: dict[str, Any]) -> str:
    if record.keys() <= {"phone", "email"}:
        return ", ".join(str(value) for value in record.values())
    if "field" in record:
        sense = dict(Operator.choices).get(record.get("operator", ""), record.get("operator", ""))
        sentence = record.get("label") or ""
        return f"{label('fact', record['field'])} {sense} {written(record.get('value'))}" + (
            f" « {sentence} »" if sentence else ""
        )
    if "role" in record:
        parts = [label("role", record["role"])]
        territory = record.get("territory") or {}
        if territory:
            key = f"{territory.get('level')}:{territory['code']}" if territory.get("code") else str(territory.get("level"))
            parts += [territory_label(*places_of([key])[0])]
        parts += [_("depuis le %(day)s") % {"day": _day(record["since"])}] if record.get("since") else []
        parts += [_("jusqu’au %(day)s") % {"day": _day(record["until"])}] if record.get("until") else []
        parts += [_("accordé par %(who)s") % {"who": record["authority"]}] if record.get("authority") else []
        return ", ".join(parts)
    if "url" in record:
        return str(record["url"]) + (_(" (lue le %(day)s)") % {"day": _day(record["read_on"])} if record.get("read_on") else "")
    return ", ".join(f"{key} : {value}" for key, value in record.items())


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    except ValueError:
        return str(value)
