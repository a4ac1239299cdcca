"""An aid → one offer of its first funder, and a structure for each funder."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, coverage, figures, files
from maillage.interop.sources.aides_entreprises.shape import flat
from maillage.interop.sources.contract import Mapped, Raw, Unknown
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import MISSING, Findings, labels
from maillage.interop.sources.perimeters import territory
from maillage.territories import queries
from maillage.territories.queries import Territory

_FOLDER = Path(__file__).parent
_TEXTS = ("aid_objet", "aid_operations_el", "aid_conditions", "aid_montant", "aid_benef")
_FLAGS = {"femmes": "femmes", "jeunes": "jeunes", "handicapes": "handicap"}
_AGE_LEAST = re.compile(r"(?:plus de|au moins|\+ ?de) (\d+) ans|(\d+) ans et (?:plus|\+)", re.IGNORECASE)
_AGE_MOST = re.compile(r"(?:moins de|- ?de) (\d+) ans", re.IGNORECASE)
_NO_LIMIT = 10**6


def clean(raw: Raw) -> Raw:
    """Texts tidied, lists made one shape. Raises ValueError for a broken record, or one without name."""
    files.refuse_broken(raw.payload)
    name = aids.line(raw.payload.get("aid_nom"))
    if not name:
        raise ValueError("cette aide n’a pas de nom.")
    texts = {key: aids.text(raw.payload.get(key)) for key in _TEXTS}
    return Raw(raw.ref, {**raw.payload, **flat(raw.payload), **texts, "aid_nom": name}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer: an aid that is online and not long closed."""
    record, findings = raw.payload, Findings()
    if findings.one(labels(_FOLDER, "status"), str(record.get("status") or "0")) != "online":
        return aids.left_out("L’aide est supprimée ou hors ligne chez son producteur.")
    closes = findings.kept(figures.day, str(record.get("date_fin") or ""))
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    forms = findings.several(labels(_FOLDER, "profils"), record["profils"])
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    funders = [structure(name) for name in record["financeurs"] if aids.line(name)]
    if not funders:
        findings.review.append("Le financeur n’est pas nommé : indiquez la structure qui porte l’aide.")
        funders = [structure("aides-entreprises.fr", website="https://aides-entreprises.fr")]
    where, excluded = _coverage(record, findings)
    amount = figures.amount(record["aid_montant"])
    months = _age(str(record.get("age_entreprise") or ""), findings)
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": funders[0]["id"],
        "name": record["aid_nom"][:300],
        "summary": aids.summary(record["aid_objet"]),
        "description": aids.sections(
            ("", record["aid_objet"]),
            ("Opérations éligibles", record["aid_operations_el"]),
            ("Bénéficiaires", record["aid_benef"]),
            ("Conditions", record["aid_conditions"]),
            ("Montant", record["aid_montant"]),
            ("Avec", ", ".join(str(one["name"]) for one in funders[1:])),
        ),
        "kind": aids.first_kind(findings.several(labels(_FOLDER, "natures"), record["natures"])) or "financement",
        "needs": findings.several(labels(_FOLDER, "projets"), record["projets"]),
        "legal_forms": forms,
        "audiences": _audiences(record),
        "conditions": [*_size(str(record.get("effectif") or ""), findings), *_months(months)],
        "coverage": coverage.written(where),
        "excluded": coverage.keys(excluded),
        "amount_min": amount.least,
        "amount_max": amount.most,
        "rate_max": amount.rate,
        "closes": closes,
        "url": next((one for one in (*record["formulaire"], *record["source"]) if aids.http(one)), ""),
        "source_url": next((one for one in record["source"] if aids.http(one)), "https://aides-entreprises.fr"),
        "updated": _updated(record),
    }
    instruments = findings.several(labels(_FOLDER, "instruments"), record["natures"])
    offer["instrument"] = instruments[0] if instruments and offer["kind"] == "financement" else ""
    least, most = months
    aids.add_stages(findings, offer, record["aid_nom"], offer["summary"], months=most, months_at_least=least)
    return findings.mapped(structures=list({one["id"]: one for one in funders}.values()), offers=[offer])


def _coverage(record: Mapping[str, Any], findings: Findings) -> tuple[list[Territory], list[str]]:
    """The territories that the record names; failing that, France for a national or European aid."""
    found: list[Territory] = []
    excluded: list[str] = []
    aliases = labels(_FOLDER, "territoires")
    for name in record["territoires"]:
        alias = aliases.get(name)
        if alias is not MISSING:
            found.append(queries.parse_key(str(alias)))
            continue
        said = territory(name)
        found += [queries.parse_key(key) for key in said.coverage]
        excluded += said.excluded
        if not said.coverage:
            near = ", ".join(place.long_name for key in said.candidates if (place := queries.place(*queries.parse_key(key))))
            findings.review.append(f"Le territoire « {name} » n’a pas été reconnu{f' ({near} ?)' if near else ''} : indiquez-le.")
    for code in record["communes"]:
        commune = queries.commune(code)
        if commune:
            found.append(Territory("commune", commune.code))
        else:
            findings.unknown.append(Unknown("territoires", code))
    level = findings.one(labels(_FOLDER, "couverture_geo"), str(record.get("couverture_geo") or ""))
    if not found and level == "france":
        found = [queries.FRANCE]
    if not found:
        findings.review.append(
            "Le territoire de l’aide n’est pas connu : la France entière est inscrite en attendant, corrigez-la."
        )
        found = [queries.FRANCE]
    return coverage.gathered(found), excluded


def _audiences(record: Mapping[str, Any]) -> list[str]:
    """Who the aid is for, when it is flagged for some and not for all; seniors, whom we do not tell apart, open the list."""
    flags = {key for key in (*_FLAGS, "seniors") if str(record.get(key) or "0") == "1"}
    if len(flags) == len(_FLAGS) + 1 or "seniors" in flags:
        return []
    return [code for key, code in _FLAGS.items() if key in flags]


def _size(written: str, findings: Findings) -> list[dict[str, Any]]:
    """« 2,3 » → at most 49 employees. Every size, or sizes with a hole between them, ask nothing that we can check."""
    bounds = findings.several(labels(_FOLDER, "effectif"), re.split(r"[,|]", written))
    ranges = sorted((int(low), int(high or _NO_LIMIT)) for low, _, high in (one.partition("-") for one in bounds))
    if not ranges or any(after[0] > before[1] + 1 for before, after in itertools.pairwise(ranges)):
        return []
    least, most = ranges[0][0], max(high for _, high in ranges)
    found: list[dict[str, Any]] = []
    if least > 1:
        found.append({"field": "salaries", "operator": ">=", "value": least, "label": f"Au moins {least} salariés"})
    if most < _NO_LIMIT:
        found.append({"field": "salaries", "operator": "<=", "value": most, "label": f"Au plus {most} salariés"})
    return found


def _age(written: str, findings: Findings) -> tuple[int | None, int | None]:
    """The least and greatest age of a firm in months, from the words; a value without known words is reported."""
    least, most = _AGE_LEAST.search(written), _AGE_MOST.search(written)
    if written.strip() and not least and not most:
        findings.several(labels(_FOLDER, "age_entreprise"), re.split(r"[,|]", written))
    if least and most:  # « moins de 3 ans, plus de 3 ans »: every age
        return None, None
    return (
        12 * int(least[1] or least[2]) if least else None,
        12 * int(most[1]) if most else None,
    )


def _months(ages: tuple[int | None, int | None]) -> list[dict[str, Any]]:
    least, most = ages
    found: list[dict[str, Any]] = []
    if least:
        found.append(
            {
                "field": "mois-creation",
                "operator": ">=",
                "value": least,
                "label": f"Entreprise créée depuis {least // 12} ans ou plus",
            }
        )
    if most:
        found.append(
            {"field": "mois-creation", "operator": "<=", "value": most, "label": f"Entreprise de moins de {most // 12} ans"}
        )
    return found


def _updated(record: Mapping[str, Any]) -> str:
    """The date of change when it is a date. Some exports give a number of seconds, which says nothing to a person."""
    for key in ("maj", "aid_validation", "horodatage"):
        try:
            found = figures.day(str(record.get(key) or ""))
        except ValueError:
            continue
        if found:
            return found
    return ""
