"""Words for invented sheets: plausible, varied, and clearly of nowhere."""

from __future__ import annotations

STRUCTURE_NAMES = {
    "reseau-local-ess": ("Les Passeurs {of}", "Le Réseau des Possibles {of}", "L’Alliance solidaire {of}"),
    "cercle-1": (
        "L’Atelier des projets {of}",
        "La Fabrique coopérative {of}",
        "Le Tremplin rural {of}",
        "Appui et Territoires {of}",
    ),
    "acteur": (
        "Coopérative du {word}",
        "Association {word} et Compagnie",
        "La Maison du {word}",
        "Collectif {word}",
        "Le Pôle {word}",
        "Union {word}",
    ),
    "financeur": ("Fonds solidaire {word}", "Caisse {word}", "Fondation {word}", "Club d’épargne {word}"),
}
NAME_WORDS = (
    "Phare", "Goéland", "Granit", "Tilleul", "Sillon", "Clocher", "Levain", "Courlis", "Moulin", "Fanal", "Roseau", "Verger",
    "Ricochet", "Sémaphore", "Balancier", "Compas", "Ponton", "Passage", "Tournesol", "Héron", "Lierre", "Chêne", "Galet", "Estran",
)  # fmt: skip

OFFER_NAMES = {
    "conseil": ("Permanence « {need} »", "Accompagnement {need}", "Diagnostic {need}", "Rendez-vous {need}", "Parcours {stage}"),
    "formation": ("Formation « {need} »", "Atelier {need}", "Cycle {stage}", "Journée {need}"),
    "hebergement": ("Couveuse {word}", "Bureaux partagés {word}", "Incubateur {word}", "Pépinière {word}"),
    "mise-en-reseau": ("Cercle de pairs {need}", "Rencontres {sector}", "Parrainage {stage}"),
    "information": ("Réunion d’information {stage}", "Guide {need}", "Accueil {need}"),
    "financement": (
        "{instrument} {word}",
        "{instrument} « {sector} »",
        "Fonds {stage} — {instrument}",
        "Coup de pouce {word} ({instrument})",
    ),
}

OPENINGS = {
    "conseil": "Un échange avec quelqu’un qui connaît le terrain, puis un plan de travail écrit.",
    "formation": "On apprend en petit groupe, à partir des projets de chacun.",
    "hebergement": "Une place pour tester, travailler et croiser d’autres porteurs de projet.",
    "mise-en-reseau": "On rencontre celles et ceux qui sont passés par là.",
    "information": "On comprend qui fait quoi, et par où commencer.",
    "financement": "Une aide pour {stage}, après étude du dossier.",
}

DETAILS = (
    "Le premier rendez-vous dure une heure, sur place ou au téléphone.",
    "Un compte rendu est envoyé dans la semaine.",
    "Le groupe compte douze personnes au plus.",
    "La demande se fait par téléphone ou par courriel ; une réponse est donnée sous quinze jours.",
    "Le comité se réunit chaque mois et entend chaque porteur de projet.",
    "Priorité est donnée aux communes sans autre permanence.",
    "Un bilan a lieu au bout de six mois.",
    "L’appui peut se faire à deux structures, avec l’accord du porteur de projet.",
)
