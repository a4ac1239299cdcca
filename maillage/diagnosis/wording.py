"""What the answers, the indices and the comparisons are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.diagnosis.compare import Agreement, Move
from maillage.diagnosis.grid import UNANSWERED, Answer, Gate
from maillage.diagnosis.scoring import Index

ANSWERS: Mapping[str, Promise] = {
    Answer.YES: _("Oui, et je peux le montrer"),
    Answer.PARTLY: _("En partie"),
    Answer.NOT_YET: _("Pas encore"),
    Answer.NO: _("Non"),
    Answer.NOT_RELEVANT: _("Sans objet pour mon projet"),
    Answer.UNKNOWN: _("Je ne sais pas"),
}
#: The verbs of the journal, said of a version of a grid.
VERBS: Mapping[str, Promise] = {
    "created": _("a commencé une version de la grille"),
    "edited": _("a modifié la grille"),
    "published": _("a publié la grille"),
    "archived": _("a archivé la grille"),
    "suspended": _("ne propose plus la grille"),
    "reopened": _("propose de nouveau la grille"),
}
#: In tables and lists.
SHORT: Mapping[str, Promise] = {
    Answer.YES: _("Oui, avec preuve"),
    Answer.PARTLY: _("En partie"),
    Answer.NOT_YET: _("Pas encore"),
    Answer.NO: _("Non"),
    Answer.NOT_RELEVANT: _("Sans objet"),
    Answer.UNKNOWN: _("Je ne sais pas"),
    UNANSWERED: _("Sans réponse"),
}
GATES: Mapping[str, Promise] = {
    Gate.FIRST: _("Un besoin mal couvert"),
    Gate.SECOND: _("Une façon de faire nouvelle"),
    Gate.BOTH: _("Les deux"),
    Gate.NEITHER: _("Ni l’un ni l’autre"),
    Gate.UNKNOWN: _("Je ne sais pas"),
    UNANSWERED: _("Sans réponse"),
}
#: What the answer to the gate question means.
GATE_SENTENCES: Mapping[Gate | None, Promise] = {
    Gate.FIRST: _("Vous dites répondre à un besoin social mal couvert\u202f: c’est le 1° de l’article 15 de la loi du 31 juillet 2014."),
    Gate.SECOND: _("Vous dites répondre à un besoin social par une façon de faire nouvelle\u202f: c’est le 2° de l’article 15 de la loi du 31 juillet 2014."),
    Gate.BOTH: _("Vous dites ouvrir les deux portes de l’article 15 de la loi du 31 juillet 2014\u202f: le besoin et la façon d’y répondre."),
    Gate.NEITHER: _("Vous ne reconnaissez votre projet dans aucune des deux portes de l’article 15 de la loi du 31 juillet 2014. Il peut être utile sans être une innovation sociale\u202f: parlez-en avec quelqu’un."),
    Gate.UNKNOWN: _("Vous ne savez pas encore par quelle porte de l’article 15 de la loi du 31 juillet 2014 entre votre projet\u202f: c’est une bonne question à poser à quelqu’un."),
    None: _("La question de la loi n’a pas encore de réponse."),
}  # fmt: skip
INDICES: Mapping[Index, Promise] = {
    Index.CONVERGING: _("Indices convergents"),
    Index.PARTIAL: _("Indices partiels"),
    Index.WEAK: _("Indices faibles"),
    Index.NONE: _("Famille sans objet"),
}
AGREEMENTS: Mapping[Agreement, Promise] = {
    Agreement.SAME: _("D’accord"),
    Agreement.NEAR: _("Presque d’accord"),
    Agreement.APART: _("À discuter"),
    Agreement.ONE_SIDED: _("Un seul avis"),
    Agreement.NEITHER: _("Personne ne sait"),
}
MOVES: Mapping[Move, Promise] = {
    Move.UP: _("A progressé"),
    Move.DOWN: _("A reculé"),
    Move.SAME: _("Inchangé"),
    Move.KNOWN: _("Maintenant connu"),
    Move.OTHER: _("N’est plus comparable"),
    Move.NEW: _("Nouveau critère"),
}


def disclaimer() -> Promise:
    """What a profile is worth: said on every result, whatever its form."""
    return _(
        "C’est une auto-évaluation, sans valeur juridique. Elle ne donne ni note, ni label, ni classement, et n’ouvre aucun droit. Elle sert à voir où vous en êtes et à en parler."
    )
