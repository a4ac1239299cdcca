"""The two long texts of a programme are forms written as text: « Heading : value » lines. This reads them back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maillage.interop.sources.aids import plain

_STEPS = "Etapes pour activer le dispositif"
_PROJECTS = "Projets liés au dispositif d'aide"
_HEADINGS = {
    "Montant de l'aide ou cout": "amount",
    "Durée de l'aide": "duration",
    "Contact public pour les questions sur le dispositif": "contact",
    "Eligibilité Sectorielle": "sectors_said",
    "Secteurs principalement concernés par le dispositif": "sections",
    "Eligibilité lié à la durée d'existence de l'entreprise": "age",
}
_LINK = re.compile(r"Lien externe de présentation de l'aide\s*(https?://\S+)")


@dataclass
class Parts:
    """What the description and the eligibility of a programme say, heading by heading; texts without Markdown signs."""

    intro: str = ""
    projects: list[str] = field(default_factory=list)
    amount: str = ""
    duration: str = ""
    contact: str = ""
    steps: str = ""
    link: str = ""
    sectors_said: str = ""
    sections: str = ""
    age: str = ""
    eligibility: str = ""


def parts(description: str, eligibility: str) -> Parts:
    """The parts of a programme. A heading that is absent leaves its part empty; other lines stay in the text they stand in."""
    found = Parts()
    link = _LINK.search(description)
    if link:
        found.link = link[1]
        description = description[: link.start()]
    before, _, steps = description.partition(f"{_STEPS} :")
    found.steps = plain(steps)
    intro: list[str] = []
    here = intro
    for line in before.splitlines():
        heading, colon, value = line.partition(":")
        if colon and heading.strip() in _HEADINGS:
            setattr(found, _HEADINGS[heading.strip()], plain(value))
            here = intro
        elif line.strip().startswith(_PROJECTS):
            here = found.projects
        elif here is found.projects and not line.strip():
            here = intro
        else:
            here.append(line.strip())
    found.intro = plain("\n".join(intro))
    rest: list[str] = []
    for line in eligibility.splitlines():
        heading, colon, value = line.partition(":")
        if colon and heading.strip() in _HEADINGS:
            setattr(found, _HEADINGS[heading.strip()], plain(value))
        if not (colon and heading.strip() == "Secteurs principalement concernés par le dispositif"):
            rest.append(line.strip())
    found.eligibility = plain("\n".join(rest))
    return found
