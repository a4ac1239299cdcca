"""What the sources of places share: a place of any producer → a relay, its position, its hours. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import opening_hours

from maillage.interop.sources import contacts
from maillage.interop.sources.aids import http, line
from maillage.interop.sources.communes import Located, find
from maillage.interop.sources.coverage import COLLECTIVITIES
from maillage.interop.sources.maps import Findings
from maillage.interop.sources.texts import tidy
from maillage.territories.queries import distance_km

#: A point farther than this from the town hall is wrong, or the commune is (km). Arles, the widest commune, is 40 km across.
FAR = 25.0
#: Overseas collectivities by département code: we have neither their communes nor a CRESS there.
OUTSIDE = COLLECTIVITIES
SAID_OUTSIDE = "Le lieu est dans une collectivité d’outre-mer qui n’est pas dans notre référentiel des territoires."
_POSTCODE = re.compile(r"\d{5}")


def cell(value: Any) -> str:
    """A cell as text, tidied, on one line. Contacts are sorted out where they are read, by `reach`."""
    written = str(value)
    plain = written.isprintable() and "<" not in written and "&" not in written  # nearly every cell: no HTML to read
    return " ".join((written if plain else tidy(written)).split())


def where(
    findings: Findings,
    *,
    code: str = "",
    name: str = "",
    postcode: str = "",
    departement: str = "",
    address: str = "",
    lon: str = "",
    lat: str = "",
) -> dict[str, Any]:
    """The fields of a place: address, commune of today, postal code, point. What does not agree is told in the review."""  # fmt: skip
    postcode = postcode.strip().zfill(5) if postcode.strip() else ""
    found: Located | None = find(code.strip(), name, postcode, departement.strip())
    place: dict[str, Any] = {"address": line(address)[:300], "postcode": postcode if _POSTCODE.fullmatch(postcode) else ""}
    if found is None:
        findings.review.append(
            f"La commune « {name.strip() or code} » ({postcode or departement}) n’a pas été reconnue : indiquez-la."
        )
        return place
    if found.doubt:
        findings.review.append(found.doubt)
    place["commune"] = found.commune.code
    point = _point(lon, lat)
    if point:
        km = distance_km(*point, found.commune.lon, found.commune.lat)
        if km > FAR:
            findings.review.append(
                f"Le point donné est à {km:.0f} km de {found.commune.name} : il n’a pas été repris, vérifiez la commune."
            )
        else:
            place["lon"], place["lat"] = point
    return place


def _point(lon: str, lat: str) -> tuple[float, float] | None:
    try:
        found = float(str(lon).replace(",", ".")), float(str(lat).replace(",", "."))
    except ValueError:
        return None
    return found if -180 <= found[0] <= 180 and -90 <= found[1] <= 90 else None


def hours(findings: Findings, written: str) -> str:
    """Opening hours as they were written. Those that OSM's syntax does not read are kept, and told in the review."""
    said = " ".join(written.split())
    if said and not opening_hours.validate(said):
        findings.review.append(
            f"Les horaires « {said[:120]} » ne suivent pas la syntaxe OSM : corrigez-les pour « ouvert en ce moment »."
        )
    return said


def reach(findings: Findings, cells: Mapping[str, str], *, phone: str = "", email: str = "", website: str = "") -> dict[str, str]:
    """Telephone, e-mail and website from the named columns, by the rule on contacts."""
    return {
        "phone": findings.kept(contacts.phone, _first(cells.get(phone, ""))) if phone else "",
        "email": findings.kept(contacts.email, _first(cells.get(email, ""))) if email else "",
        "website": http(_first(cells.get(website, ""))) if website else "",
    }


def _first(written: str) -> str:
    """The first of several values that producers put in one cell."""
    return re.split(r"[|,]|;\s*(?=\S+@)| / ", written.strip())[0].strip()
