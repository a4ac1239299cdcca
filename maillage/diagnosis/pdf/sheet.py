"""The profile as an accessible PDF: the same words as its page, as plain strings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.diagnosis import drawing
from maillage.diagnosis.filling import Filling
from maillage.diagnosis.result import Result, columns
from maillage.kit.pdf.compile import pdf_from
from maillage.kit.typography import day, number, typographic
from maillage.vocabulary.labels import label
from maillage.vocabulary.portals import Portal

#: Signs of a proof that are printed: the sheet stays bounded (20 criteria, well under the limit of `compile`).
PROOF_READ = 1_000


def sheet_pdf(
    filling: Filling, said: Result, evidence: Mapping[str, str], portal: Portal, site: str, url: str, now: datetime
) -> bytes:
    """The profile as PDF/UA-1. `site`: the whole address that the paths of the tracks follow; `url`: of its page, "" to print none.

    May raise `kit.pdf.compile.Busy`.
    """
    return pdf_from(
        "maillage.diagnosis.pdf", "sheet.typ", sheet_data(filling, said, evidence, portal, site, url, now), int(now.timestamp())
    )


def sheet_data(
    filling: Filling, said: Result, evidence: Mapping[str, str], portal: Portal, site: str, url: str, now: datetime
) -> dict[str, Any]:
    """Everything that the template prints, as JSON values."""
    heads = columns()
    where = [label("stage", filling.where.stage)] if filling.where.stage else []
    where += [filling.where.commune.name] if filling.where.commune else []
    return {
        "lang": (get_language() or "fr")[:2],
        "title": _("Votre profil d’innovation sociale"),
        "author": portal.name,
        "description": said.disclaimer,
        "accent": portal.accent,
        "grid": _("%(title)s, version %(number)d")
        % {"title": typographic(filling.version.grid.title.said(get_language())), "number": filling.version.number},
        "where": " · ".join(where),
        "disclaimer": said.disclaimer,
        "summary": [*said.summary, *([said.gate] if said.gate else [])],
        "drawing": drawing.whole(said.drawn, drawing.paper(portal.accent)),
        "drawing_alt": " ".join(f"{family.title}\u202f: {family.index}. {family.possible}" for family in said.families),
        "families": [
            {
                "title": family.title,
                "index": family.index,
                "possible": family.possible,
                "counts": [f"{head}\u202f: {count}" for head, count in zip(heads[2:], family.counts, strict=True) if count],
            }
            for family in said.families
        ],
        "strengths": list(said.strengths),
        "tracks": [
            {
                "title": title,
                "advice": advice,
                "offers": ngettext("%(number)s offre nomme ce besoin ici", "%(number)s offres nomment ce besoin ici", track.count)
                % {"number": number(track.count)}
                if track.count
                else _("Aucune offre ne nomme ce besoin ici\u202f: le réseau local vous orientera"),
                "to": site + track.url,
            }
            for title, advice, track in said.tracks
        ],
        "answers": [
            {
                "title": title,
                "lines": [
                    {"name": name, "answer": answered, "proof": typographic(evidence.get(code, "")[:PROOF_READ])}
                    for code, name, answered in lines
                ],
            }
            for title, lines in said.answers
        ],
        "url": url,
        "words": {
            "families": _("Les trois familles"),
            "strengths": _("Vos points forts"),
            "tracks": _("Pistes de travail"),
            "answers": _("Toutes les réponses"),
            "none": _("Aucun critère n’a encore de preuve."),
            "address": _("Cette fiche est aussi une page, à cette adresse\u202f:"),
            "criterion": _("Critère"),
            "answer": _("Réponse"),
        },
        "footer": _("%(portal)s, fiche imprimée le %(day)s") % {"portal": portal.name, "day": day(now.date())},
    }
