"""Everything that a profile says, in words, once for the page, the PDF and the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.catalogue.index import Snapshot
from maillage.diagnosis.drawing import Spoke, spokes
from maillage.diagnosis.filling import Filling
from maillage.diagnosis.grid import UNANSWERED, Answer
from maillage.diagnosis.scoring import FamilyProfile, Index, Profile, profile
from maillage.diagnosis.support import Track, tracks
from maillage.diagnosis.wording import GATE_SENTENCES, INDICES, SHORT, disclaimer
from maillage.kit.typography import typographic
from maillage.vocabulary.portals import Portal

#: The columns of the table of a profile, after the family and its indices: the answers they count.
COUNTED = (
    (Answer.YES,),
    (Answer.PARTLY,),
    (Answer.NOT_YET,),
    (Answer.NO,),
    (Answer.UNKNOWN, UNANSWERED),
    (Answer.NOT_RELEVANT,),
)


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """A family in words: `index` is established, `possible` says what open answers may change ("" when they change nothing)."""

    code: str
    title: str
    short: str
    plain: str
    level: Index
    index: str
    possible: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A profile in the reader's language. `strengths`: titles; `answers`: per family, (code, title, answer)."""

    profile: Profile
    summary: tuple[str, ...]
    gate: str
    families: tuple[FamilyWords, ...]
    drawn: tuple[Spoke, ...]
    strengths: tuple[str, ...]
    more_strengths: int
    tracks: tuple[tuple[str, str, Track], ...]
    answers: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    disclaimer: str


def columns() -> list[str]:
    """The headings of the table of a profile."""
    return [
        _("Famille"),
        _("Indices"),
        _("Oui, avec preuve"),
        _("En partie"),
        _("Pas encore"),
        _("Non"),
        _("Je ne sais pas, ou sans réponse"),
        _("Sans objet"),
    ]


def result(filling: Filling, snapshot: Snapshot, portal: Portal, today: date) -> Result:
    """The profile of a filling, with the offers that help here."""
    grid, language = filling.version.grid, get_language()
    found = profile(grid, filling.answers)
    families = tuple(
        FamilyWords(
            family.code,
            typographic(family.title.said(language)),
            typographic(family.short.said(language)),
            typographic(family.plain.said(language)),
            measured.index,
            str(INDICES[measured.index]),
            _possible(measured),
            tuple(sum(measured.counts.get(letter, 0) for letter in letters) for letters in COUNTED),
        )
        for family, measured in zip(grid.families, found.families, strict=True)
    )
    yes = sum(1 for letter in filling.answers.values() if letter == Answer.YES)
    return Result(
        profile=found,
        summary=tuple(_summary(found, families)),
        gate=str(GATE_SENTENCES[found.gate]) if grid.gate else "",
        families=families,
        drawn=tuple(spokes(found.families, [family.short for family in families])),
        strengths=tuple(typographic(criterion.title.said(language)) for criterion in found.strengths),
        more_strengths=yes - len(found.strengths),
        tracks=tuple(
            (typographic(track.criterion.title.said(language)), typographic(track.criterion.advice.said(language)), track)
            for track in tracks(found.tracks, filling.where, snapshot, portal, today)
        ),
        answers=tuple(
            (
                family.title,
                tuple(
                    (each.code, typographic(each.title.said(language)), str(SHORT[filling.answers.get(each.code, UNANSWERED)]))
                    for each in grid.of_family(family.code)
                ),
            )
            for family in families
        ),
        disclaimer=str(disclaimer()),
    )


def _possible(measured: FamilyProfile) -> str:
    if measured.index == measured.index_possible or not measured.open:
        return ""
    words: Promise = INDICES[measured.index_possible]
    return ngettext(
        "%(index)s possibles\u202f: %(count)d critère reste ouvert",
        "%(index)s possibles\u202f: %(count)d critères restent ouverts",
        measured.open,
    ) % {"index": words, "count": measured.open}


def _summary(found: Profile, families: tuple[FamilyWords, ...]) -> list[str]:
    if not found.answered:
        return [_("Aucun critère n’a encore de réponse\u202f: le profil est vide.")]
    lines = []
    empty = [words.title for words, measured in zip(families, found.families, strict=True) if not measured.has_items]
    if found.converges:
        lines.append(_("Vos réponses forment un faisceau d’indices convergents dans les trois familles."))
    elif empty:
        lines.append(
            _(
                "Sans aucun indice dans «\u202f%(families)s\u202f», les indices des autres familles ne peuvent pas être dits convergents."
            )
            % {"families": "\u202f», «\u202f".join(empty)}
        )
    else:
        lines.append(_("Chaque famille a des indices. Ils ne convergent pas encore dans les trois."))
    left = sum(measured.open for measured in found.families)
    if left:
        lines.append(
            ngettext(
                "%(count)d critère est sans réponse ou «\u202fje ne sais pas\u202f»\u202f: la partie claire du dessin montre ce qu’il peut encore changer.",
                "%(count)d critères sont sans réponse ou «\u202fje ne sais pas\u202f»\u202f: la partie claire du dessin montre ce qu’ils peuvent encore changer.",
                left,
            )
            % {"count": left}
        )
    return lines


def as_json(
    filling: Filling, said: Result, evidence: Mapping[str, str], documents: Mapping[str, list[str]], url: str
) -> dict[str, Any]:
    """The result for a program. Codes are stable; texts are in the reader's language."""
    grid, language = filling.version.grid, get_language()
    return {
        "format": "maillage-autodiagnostic-1",
        "url": url,
        "notice": said.disclaimer,
        "grid": {
            "code": filling.version.code,
            "version": filling.version.number,
            "digest": filling.version.digest,
            "title": grid.title.said(language),
        },
        "stage": filling.where.stage or None,
        "commune": filling.where.commune.code if filling.where.commune else None,
        "code": filling.code,
        "gate": {"answer": said.profile.gate, "sentence": said.gate} if grid.gate else None,
        "families": [
            {
                "code": measured.code,
                "title": words.title,
                "index": measured.index,
                "index_possible": measured.index_possible,
                "answers": {answer.name.lower(): measured.counts.get(answer, 0) for answer in Answer}
                | {"unanswered": measured.counts.get(UNANSWERED, 0)},
            }
            for words, measured in zip(said.families, said.profile.families, strict=True)
        ],
        "criteria": [
            {
                "code": each.code,
                "family": each.family,
                "question": each.question.said(language),
                "answer": Answer(filling.answers[each.code]).name.lower() if each.code in filling.answers else None,
                **({"evidence": evidence[each.code]} if each.code in evidence else {}),
                **({"documents": documents[each.code]} if each.code in documents else {}),
            }
            for each in grid.criteria
        ],
        "tracks": [
            {"criterion": track.criterion.code, "need": track.criterion.need, "offers": track.count, "path": track.url}
            for _title, _advice, track in said.tracks
        ],
    }
