"""The orientation answer as text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.orientation.answer import Answer, Contact, Match
from maillage.orientation.matching import wording
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label, labels

WIDTH = 100
#: Points to check that are choices of the person rather than conditions: the table shows them no more than the page does.
FACTS_OF_OFFER = frozenset({"acces", "cout"})


def answer_as_text(answer: Answer, offset: int = 0) -> str:
    """What the results page says, in the same order: people, results, near misses, and what would make it more precise."""
    lines = [_situation(answer.situation), ""]
    if answer.contacts:
        lines += [_("À QUI PARLER"), *(_contact(contact) for contact in answer.contacts), ""]
    lines.append(ngettext("%(count)d RÉSULTAT", "%(count)d RÉSULTATS", answer.total) % {"count": answer.total})
    if answer.by_kind:
        lines.append("  " + ", ".join(f"{label('kind', kind)} {count}" for kind, count in answer.by_kind.items()))
    lines += [_result(number, match) for number, match in enumerate(answer.results, start=offset + 1)]
    if offset + len(answer.results) < answer.total:
        lines.append(
            _("  … %(shown)d montrés sur %(total)d (--limite, --debut)") % {"shown": len(answer.results), "total": answer.total}
        )
    for field, code, total in answer.relaxations:
        lines.append("  " + _relaxation(field, code, total))
    if answer.near_total:
        lines += ["", _("PRESQUE (%(count)d), une seule condition bloque") % {"count": answer.near_total}]
        lines += [_near(match) for match in answer.near_misses]
    if answer.question:
        settles = ngettext("préciserait %(count)d résultat", "préciserait %(count)d résultats", answer.question.settles)
        lines += ["", f"{answer.question.label} ({settles % {'count': answer.question.settles}})"]
    return "\n".join(lines)


def _situation(situation: Situation) -> str:
    parts = []
    if situation.stage:
        parts.append(label("stage", situation.stage))
    if situation.commune:
        departement = territories.place("departement", situation.commune.departement)
        parts.append(f"{situation.commune.name} ({departement.name if departement else situation.commune.code})")
    parts += labels("need", situation.needs) + labels("sector", situation.sectors)
    parts += [label("legal_form", situation.legal_form)] if situation.legal_form else []
    parts += labels("audience", situation.audiences) + labels("mode", situation.modes) + labels("cost", situation.costs)
    parts += labels("kind", situation.kinds) + ([f"« {situation.text} »"] if situation.text else [])
    return " · ".join(parts) if parts else _("Rien n’a été dit du projet\u202f: tout est montré.")


def _contact(contact: Contact) -> str:
    place = ", ".join(part for part in (contact.address, contact.opening) if part)
    means = " · ".join(part for part in (contact.phone, contact.email, contact.website) if part)
    head = f"  {contact.name} — {label('role', contact.role) or label('level', contact.level)} ({contact.reason})"
    return "\n".join([head, *(f"      {line}" for line in (means, place) if line)])


def _result(number: int, match: Match) -> str:
    offer = match.offer
    lines = [f"{number:>3}. {offer.name}", f"{label('kind', offer.kind)} · {offer.structure.name}"]
    lines.append("+ " + " · ".join(reason.label for reason in match.reasons))
    to_check = [reason.label for reason in match.to_check if reason.code not in FACTS_OF_OFFER]
    if to_check:
        lines.append("? " + " · ".join(to_check))
    return _indented(lines)


def _near(match: Match) -> str:
    return _indented([f"  -  {match.offer.name}", match.offer.structure.name, "✗ " + " · ".join(r.label for r in match.blocking)])


def _relaxation(field: str, code: str, total: int) -> str:
    return ngettext("Sans %(what)s\u202f: %(count)d résultat", "Sans %(what)s\u202f: %(count)d résultats", total) % {
        "what": wording.said(field, code),
        "count": total,
    }


def _indented(lines: Iterable[str]) -> str:
    head, *rest = lines
    wrapped = (
        textwrap.fill(line, WIDTH, initial_indent="     ", subsequent_indent="       ", break_on_hyphens=False) for line in rest
    )
    return "\n".join([head, *wrapped])
