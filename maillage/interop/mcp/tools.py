"""What an assistant may ask: search, one sheet, who is near, what a territory lacks. Public data only, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.catalogue.index import current_index
from maillage.catalogue.models.sheet import uid_of_handle
from maillage.interop.api import lists
from maillage.interop.api.records import offer_record, relay_record, structure_record
from maillage.interop.api.views.reference import supply_as_json
from maillage.orientation import forms
from maillage.orientation.contacts import contacts_for
from maillage.orientation.queries import orient
from maillage.orientation.serialise import answer_as_json, contact_as_json
from maillage.orientation.situation import LIST_OF, PARAMETERS, Situation
from maillage.orientation.text import answer_as_text
from maillage.territories import queries as territories
from maillage.territories.queries import parse_key
from maillage.territories.values import Place
from maillage.vocabulary.portals import Portal, portal_for, portal_of_region
from maillage.vocabulary.words import vocabulary

#: Results of one search, by default and at most: an assistant reads few.
RESULTS, RESULTS_AT_MOST = 10, 50


class NotUnderstood(ValueError):
    """The arguments cannot be used; the message says why and what to write."""


Answered = tuple[dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its name, its title and what it is for (French source texts), its arguments as a JSON schema, what it does."""

    name: str
    title: str
    description: str
    properties: Callable[[], dict[str, Any]]
    required: tuple[str, ...]
    act: Callable[[Mapping[str, Any]], Answered]


def described() -> list[dict[str, Any]]:
    """The tools as the protocol lists them."""
    language = {"type": "string", "enum": [code for code, _name in settings.LANGUAGES], "description": _("Langue des phrases.")}
    return [
        {
            "name": tool.name,
            "title": _(tool.title),
            "description": _(tool.description),
            "inputSchema": {
                "type": "object",
                "properties": {**tool.properties(), "lang": language},
                "required": list(tool.required),
                "additionalProperties": False,
            },
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }
        for tool in TOOLS.values()
    ]


def call(tool: Tool, arguments: Mapping[str, Any]) -> Answered:
    """What a tool answers: an object, and the same as text. Raises NotUnderstood."""
    known = {*tool.properties(), "lang"}
    unknown = [name for name in arguments if name not in known]
    if unknown:
        raise NotUnderstood(
            _("Cet outil n’a pas d’argument «\u202f%(name)s\u202f». Il connaît\u202f: %(known)s.")
            % {"name": forms.shortened(str(unknown[0])), "known": ", ".join(sorted(known))}
        )
    language = arguments.get("lang", settings.LANGUAGE_CODE)
    if not isinstance(language, str) or language not in dict(settings.LANGUAGES):
        raise NotUnderstood(_("lang vaut fr ou en."))
    with translation.override(language):
        return tool.act(arguments)


def _situation_properties() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, parameter in PARAMETERS.items():
        if name == "commune":
            text = _("Commune\u202f: code INSEE, nom, ou nom et code postal.")
            properties[parameter] = {"type": "string", "description": text}
        elif name == "text":
            properties[parameter] = {"type": "string", "description": _("Mots cherchés dans les offres.")}
        else:
            codes = {"type": "string", "enum": list(vocabulary().codes(LIST_OF[name]))}
            properties[parameter] = codes if name in forms.SINGLE else {"type": "array", "items": codes}
    for term in vocabulary().terms("fact").values():
        kind = {"type": "string", "enum": ["oui", "non"]} if term.extra["kind"] == "yes-no" else {"type": "integer", "minimum": 0}
        properties[term.extra["parameter"]] = {**kind, "description": _(term.extra["question"])}
    return {**properties, "limite": {"type": "integer", "minimum": 1, "maximum": RESULTS_AT_MOST, "default": RESULTS}}


def _search(arguments: Mapping[str, Any]) -> Answered:
    limit = arguments.get("limite", RESULTS)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= RESULTS_AT_MOST:
        raise NotUnderstood(_("limite est un nombre entier de 1 à %(most)d.") % {"most": RESULTS_AT_MOST})
    said = {name: value for name, value in arguments.items() if name not in ("limite", "lang")}
    situation = _situation(said)
    answer = orient(situation, _portal(situation), limit=limit)
    content = answer_as_json(answer)
    del content["facets"]  # counts for a screen of filters
    pages = [f"- {match.offer.name}: {settings.SITE_URL}{match.offer.get_absolute_url()}" for match in answer.results]
    return content, "\n".join([answer_as_text(answer), *pages])


def _sheet_properties() -> dict[str, Any]:
    return {"id": {"type": "string", "description": _("L’identifiant public (uid) de la fiche, ou l’adresse de sa page.")}}


def _sheet(arguments: Mapping[str, Any]) -> Answered:
    text = _text(arguments, "id")
    uid = uid_of_handle(urlsplit(text).fragment or urlsplit(text).path.rstrip("/").rsplit("/", 1)[-1])
    offer = lists.one_offer(uid)
    if offer:
        return _told(offer_record(offer))
    structure = lists.one_structure(uid)
    if structure:
        return _told(structure_record(structure))
    relay = lists.one_relay(uid)
    if relay:
        return _told(relay_record(relay))
    raise NotUnderstood(_("Aucune fiche publiée n’a cet identifiant. Cherchez-la avec «\u202fsearch\u202f»."))


def _near_properties() -> dict[str, Any]:
    return {"commune": {"type": "string", "description": _("Commune\u202f: code INSEE, nom, ou nom et code postal.")}}


def _near(arguments: Mapping[str, Any]) -> Answered:
    situation = _situation({"commune": _text(arguments, "commune")})
    networks, relays = contacts_for(current_index(), situation, _portal(situation), timezone.now())
    return _told(
        {
            "networks": [contact_as_json(contact) for contact in networks],
            "relays": [contact_as_json(contact) for contact in relays],
        }
    )


def _gaps_properties() -> dict[str, Any]:
    text = _("Un territoire\u202f: departement:53, epci:200048551, region:52, france, ou une commune.")
    return {"territoire": {"type": "string", "description": text}}


def _gaps(arguments: Mapping[str, Any]) -> Answered:
    found = supply_as_json(_place(_text(arguments, "territoire")))
    return found, "\n".join([found["territory"]["name"], *found["gaps"]])


def _place(text: str) -> Place:
    if ":" in text or text == "france":
        try:
            place = territories.place(*parse_key(text))
        except ValueError as error:
            raise NotUnderstood(str(error)) from error
        if place is None:
            raise NotUnderstood(_("Ce territoire n’existe pas."))
        return place
    commune = _situation({"commune": text}).commune
    found = territories.place("commune", commune.code) if commune else None
    if found is None:
        raise NotUnderstood(_("Ce territoire n’existe pas."))
    return found


def _situation(said: Mapping[str, Any]) -> Situation:
    """The situation of some arguments. Raises NotUnderstood with the sentences, and the codes to choose from."""
    parameters: dict[str, list[str]] = {}
    for name, value in said.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str | int | bool) for each in values):
            raise NotUnderstood(_("«\u202f%(name)s\u202f» est un texte, un nombre ou une liste de textes.") % {"name": name})
        parameters[name] = [
            "oui" if each is True else "non" if each is False else str(each).replace("\0", " ") for each in values
        ]
    reading = forms.read(parameters)
    wanted = [problem for problem in reading.problems if problem.wanted]
    if wanted:
        codes = [choice.value for choice in wanted[0].choices]
        raise NotUnderstood(" ".join(problem.sentence for problem in wanted) + (f" ({', '.join(codes)})" if codes else ""))
    return reading.situation


def _portal(situation: Situation) -> Portal:
    own = portal_of_region(situation.commune.region) if situation.commune and not settings.MAILLAGE_PORTAL else None
    return own or portal_for("", settings.MAILLAGE_PORTAL)


def _text(arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise NotUnderstood(_("«\u202f%(name)s\u202f» est un texte, il est nécessaire.") % {"name": name})
    return value.strip()[:500]


def _told(content: dict[str, Any]) -> Answered:
    return content, json.dumps(content, ensure_ascii=False, indent=1)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search",
            gettext_noop("Chercher des appuis"),
            gettext_noop(
                "Les appuis (conseil, formation, financement, locaux…) qui vont à un projet de l’économie sociale et solidaire, expliqués, "
                "et les personnes à qui parler. Dites ce que vous savez\u202f: l’étape, la commune, les besoins. Tout est facultatif."
            ),
            _situation_properties,
            (),
            _search,
        ),
        Tool(
            "sheet",
            gettext_noop("Lire une fiche"),
            gettext_noop(
                "Tout ce que le catalogue dit d’une offre, d’une structure ou d’un relais\u202f: conditions, dates, contact, source, licence."
            ),
            _sheet_properties,
            ("id",),
            _sheet,
        ),
        Tool(
            "relays_near",
            gettext_noop("Trouver quelqu’un près d’une commune"),
            gettext_noop(
                "Le réseau local de référence d’une commune et les lieux d’accueil les plus proches, avec leurs horaires et leur téléphone."
            ),
            _near_properties,
            ("commune",),
            _near,
        ),
        Tool(
            "gaps",
            gettext_noop("Ce qui manque à un territoire"),
            gettext_noop(
                "Combien d’offres ouvertes un territoire a, étape par étape et nature par nature, et ce qui manque, en phrases."
            ),
            _gaps_properties,
            ("territoire",),
            _gaps,
        ),
    )
}
