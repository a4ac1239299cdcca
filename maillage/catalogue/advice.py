"""The criteria of the quality score in words: what each wants, and what would raise it. In the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.catalogue.quality import Score


def wants() -> dict[str, tuple[str, str]]:
    """Criterion → what it wants, and what to do when it is not full."""
    return {
        "adresse_bien_definie": (_("Une adresse pour un accueil sur place"), _("Écrivez l’adresse où les gens sont reçus.")),
        "modes_mobilisation_bien_definis": (
            _("Une façon de demander l’aide, et pour qui"),
            _("Donnez un téléphone, une adresse électronique ou la page où demander."),
        ),
        "au_moins_un_public": (
            _("Au moins un public"),
            _("Choisissez un public que data.inclusion connaît, ou aucun si l’offre est pour tout le monde."),
        ),
        "au_moins_une_thematique": (_("Au moins une thématique"), _("Choisissez les étapes du projet.")),
        "au_moins_un_moyen_de_contact": (
            _("Au moins un moyen de contact"),
            _("Donnez un téléphone, une adresse électronique ou une page."),
        ),
        "courriel_bien_defini": (_("Une adresse électronique"), _("Écrivez l’adresse à laquelle demander l’aide.")),
        "date_maj_recente": (
            _("Une fiche mise à jour depuis moins de six mois"),
            _("Relisez la fiche, puis marquez-la comme vérifiée."),
        ),
        "frais_bien_definis": (
            _("Le coût, et des précisions s’il y en a un"),
            _("Dites si c’est gratuit, et sinon combien cela coûte."),
        ),
        "description_bien_definie": (
            _("Une description de 200 à 2\u202f000 signes"),
            _("Dites en quelques phrases ce que l’offre apporte, à qui et comment."),
        ),
        "telephone_bien_defini": (_("Un téléphone"), _("Écrivez le numéro à appeler.")),
    }


def advice(name: str) -> str:
    """What to do about a criterion."""
    return wants()[name][1]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check-list: what is wanted, whether it is there, what to do otherwise, and its value (0 to 1)."""

    wanted: str
    done: bool
    todo: str
    value: float


def checklist(score: Score) -> list[Check]:
    """The check-list of a score: what would raise it most comes first."""
    words = wants()
    return [
        Check(words[one.name][0], one.value == 1, words[one.name][1], one.value)
        for one in sorted(score.criteria, key=lambda one: one.value)
    ]
