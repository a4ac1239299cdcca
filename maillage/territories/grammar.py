"""French articles: « la Sarthe », « du Mans », « dans les Hauts-de-France », « de la CC du Pays de Craon ».

The article of a name is a code of INSEE (TNCC, https://www.insee.fr/fr/information/2560684): 0 none before a consonant, 1 none
before a vowel or silent h, 2 le, 3 la, 4 les, 5 l’, 6 aux, 7 las, 8 los. Communes carry their article inside the name (« Le
Mans »), départements and régions do not (« Sarthe »). Usage departs from it for the places listed below.
"""

from __future__ import annotations

from typing import NamedTuple


class Forms(NamedTuple):
    """The three forms that sentences need: after a verb, after a noun, and to say where."""

    the: str
    of: str
    at: str


_ARTICLES = {
    2: ("le ", "du ", "dans le "),
    3: ("la ", "de la ", "dans la "),
    4: ("les ", "des ", "dans les "),
    5: ("l’", "de l’", "dans l’"),
}

#: Départements whose usual forms are not those of their TNCC. « Maine-et-Loire » has no article there, speakers give it one.
_DEPARTEMENTS = {
    "28": Forms("l’Eure-et-Loir", "d’Eure-et-Loir", "en Eure-et-Loir"),
    "35": Forms("l’Ille-et-Vilaine", "d’Ille-et-Vilaine", "en Ille-et-Vilaine"),
    "37": Forms("l’Indre-et-Loire", "d’Indre-et-Loire", "en Indre-et-Loire"),
    "41": Forms("le Loir-et-Cher", "du Loir-et-Cher", "dans le Loir-et-Cher"),
    "47": Forms("le Lot-et-Garonne", "du Lot-et-Garonne", "dans le Lot-et-Garonne"),
    "49": Forms("le Maine-et-Loire", "de Maine-et-Loire", "en Maine-et-Loire"),
    "54": Forms("la Meurthe-et-Moselle", "de Meurthe-et-Moselle", "en Meurthe-et-Moselle"),
    "71": Forms("la Saône-et-Loire", "de Saône-et-Loire", "en Saône-et-Loire"),
    "75": Forms("Paris", "de Paris", "à Paris"),
    "77": Forms("la Seine-et-Marne", "de Seine-et-Marne", "en Seine-et-Marne"),
    "971": Forms("la Guadeloupe", "de la Guadeloupe", "en Guadeloupe"),
    "972": Forms("la Martinique", "de la Martinique", "en Martinique"),
    "973": Forms("la Guyane", "de la Guyane", "en Guyane"),
    "974": Forms("La Réunion", "de La Réunion", "à La Réunion"),
    "976": Forms("Mayotte", "de Mayotte", "à Mayotte"),
}

_REGIONS = {
    "01": _DEPARTEMENTS["971"],
    "02": _DEPARTEMENTS["972"],
    "03": _DEPARTEMENTS["973"],
    "04": _DEPARTEMENTS["974"],
    "06": _DEPARTEMENTS["976"],
    "11": Forms("l’Île-de-France", "d’Île-de-France", "en Île-de-France"),
    "24": Forms("le Centre-Val de Loire", "du Centre-Val de Loire", "dans le Centre-Val de Loire"),
    "27": Forms("la Bourgogne-Franche-Comté", "de Bourgogne-Franche-Comté", "en Bourgogne-Franche-Comté"),
    "28": Forms("la Normandie", "de Normandie", "en Normandie"),
    "53": Forms("la Bretagne", "de Bretagne", "en Bretagne"),
    "75": Forms("la Nouvelle-Aquitaine", "de Nouvelle-Aquitaine", "en Nouvelle-Aquitaine"),
    "76": Forms("l’Occitanie", "d’Occitanie", "en Occitanie"),
    "84": Forms("l’Auvergne-Rhône-Alpes", "d’Auvergne-Rhône-Alpes", "en Auvergne-Rhône-Alpes"),
    "93": Forms("la Provence-Alpes-Côte d’Azur", "de Provence-Alpes-Côte d’Azur", "en Provence-Alpes-Côte d’Azur"),
    "94": Forms("la Corse", "de Corse", "en Corse"),
}

FRANCE = Forms("toute la France", "de toute la France", "dans toute la France")

#: What the short names of EPCI stand for (categories of the general code of local authorities).
_EPCI_KINDS = {
    "CC ": "communauté de communes ",
    "CA ": "communauté d’agglomération ",
    "CU ": "communauté urbaine ",
}


def commune_forms(name: str, name_type: int) -> Forms:
    """The forms of a commune's name, which starts with its article: « Le Mans » gives « du Mans », « au Mans »."""
    if name_type == 2 and name.startswith("Le "):
        return Forms(name, f"du {name[3:]}", f"au {name[3:]}")
    if name_type == 4 and name.startswith("Les "):
        return Forms(name, f"des {name[4:]}", f"aux {name[4:]}")
    before_vowel = name_type in (1, 6)
    return Forms(name, f"d’{name}" if before_vowel else f"de {name}", f"à {name}")


def departement_forms(code: str, name: str, name_type: int) -> Forms:
    """The forms of a département: « la Sarthe », « de la Sarthe », « dans la Sarthe »."""
    return _DEPARTEMENTS.get(code) or _with_article(name, name_type)


def region_forms(code: str, name: str, name_type: int) -> Forms:
    """The forms of a région: « les Hauts-de-France », « des Hauts-de-France », « dans les Hauts-de-France »."""
    return _REGIONS.get(code) or _with_article(name, name_type)


def epci_forms(name: str) -> Forms:
    """The forms of an EPCI: « la CC du Pays de Craon », « de l’Eurométropole de Strasbourg », « de Nantes Métropole »."""
    if name.startswith((*_EPCI_KINDS, "Métropole ")):
        return _with_article(name, 3)
    if name.startswith("Eurométropole "):
        return _with_article(name, 5)
    return Forms(name, f"d’{name}" if name[0] in "AEÉÈIOU" else f"de {name}", f"à {name}")


def epci_long_name(name: str) -> str:
    """The name of an EPCI with its category spelt out: « Communauté de communes du Pays de Craon »."""
    for short, long in _EPCI_KINDS.items():
        if name.startswith(short):
            return long[0].upper() + long[1:] + name[len(short) :]
    return name


def _with_article(name: str, name_type: int) -> Forms:
    the, of, at = _ARTICLES.get(name_type, ("", "de ", "à "))
    return Forms(the + name, of + name, at + name)
