"""les-aides.fr, read in rounds: département × domaine × activity within the ESS branch, then the sheets whose revision moved.

A round takes several days of calls. It resumes where it stopped, whatever stopped it, and gives its records when it is over: only
then is it known in which départements an aid is proposed. Until then each read ends by Incomplete, and nothing is missing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from maillage.interop.sources import files
from maillage.interop.sources.contract import Incomplete, Raw, Unreadable
from maillage.interop.sources.les_aides.api import FAILURES_AT_MOST, Api, Failure, NothingThere, Refusal
from maillage.interop.sources.les_aides.worklist import Found, Round, Search, Sheet, WorkList
from maillage.interop.sources.texts import folded
from maillage.territories import queries
from maillage.vocabulary.portals import portals

#: Sections of the NAF, those where the ESS works most first: a round that is not over has already asked what matters.
_SECTIONS = "S,Q,R,P,N,A,C,G,I,E,F,H,J,M,K,L,D"
_ESS = "economie sociale et solidaire"


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid of a round, once it is over; or the records of a file (the JSON that a former round gave)."""
    if origin is not None:
        yield from _from_file(origin)
        return
    work = WorkList(settings.MAILLAGE_DATA / "sources" / "les-aides")
    api = Api(work, timezone.localdate)
    if work.round is None:
        work.round = _new_round(api)
        work.save()
    now = work.round
    try:
        _finish(work, api, now, since)
    except Incomplete as stopped:
        raise Incomplete(f"{stopped} Recherches faites : {now.done} ; encore à faire : {len(now.searches)}.") from stopped
    yield from _records(work, now, since)
    unanswered = now.unanswered
    work.close_round()
    if unanswered:
        raise Incomplete(f"Des recherches n’ont pas eu de réponse de les-aides.fr : {', '.join(unanswered[:5])}.")


def _from_file(origin: Path) -> Iterator[Raw]:
    for record in files.json_records(files.read(origin), origin.name, "dispositifs", "aides"):
        aid: Mapping[str, Any] = (
            record if isinstance(record, Mapping) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
        )
        summary = aid.get("dispositif", aid)
        yield Raw(str(summary.get("numero") or "") if isinstance(summary, Mapping) else "", aid)


def _new_round(api: Api) -> Round:
    branches = [one for one in api.listed("filieres", "numero") if _ESS in folded(str(one.get("libelle", "")))]
    if len(branches) != 1:
        raise Unreadable(
            "les-aides.fr : la filière « Économie sociale et solidaire » n’est plus, seule, dans la liste des filières."
        )
    domaines = _labels(api.listed("domaines", "numero"))
    moyens = _labels(api.listed("moyens", "numero"))
    known = {str(one["departement"]).zfill(2).upper() for one in api.listed("departements", "departement")}
    wanted = _departements()
    unknown = [code for code in wanted if code not in known]
    if unknown or not wanted:
        raise Unreadable(
            f"les-aides.fr ne connaît pas le département {', '.join(unknown) or '(aucun)'} : voyez MAILLAGE_LES_AIDES_DEPARTEMENTS."
        )
    searches = [
        Search(departement, int(domaine), section) for section in _sections() for departement in wanted for domaine in domaines
    ]
    return Round(timezone.localdate().isoformat(), int(branches[0]["numero"]), domaines, moyens, wanted, searches)


def _labels(listed: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(one["numero"]): str(one.get("libelle") or "") for one in listed if str(one["numero"]).isdecimal()}


def _departements() -> list[str]:
    said = [code.strip().upper() for code in os.environ.get("MAILLAGE_LES_AIDES_DEPARTEMENTS", "").split(",") if code.strip()]
    return said or [
        place.code
        for portal in portals().values()
        for region in portal.regions
        for place in queries.departements_of_region(region)
    ]


def _sections() -> list[str]:
    return [
        code.strip() for code in (os.environ.get("MAILLAGE_LES_AIDES_APE", "").strip() or _SECTIONS).split(",") if code.strip()
    ]


def _finish(work: WorkList, api: Api, now: Round, since: Mapping[str, str]) -> None:
    """Make everything that is left to do. Returns when each aid found has its sheet, here or with the steps."""
    _advance(work, api, now, since, frozenset())
    missing = _missing(work, now, since)
    if missing:  # their départements moved and their sheets are no longer kept here: ask for them again
        now.searches = _once(now.found[numero].search for numero in missing)
        work.save()
        _advance(work, api, now, since, frozenset(missing))
        for numero in _missing(work, now, since):  # gone since the search that found them
            del now.found[numero]
        work.save()


def _advance(work: WorkList, api: Api, now: Round, since: Mapping[str, str], wanted: Collection[str]) -> None:
    """Make what is left of the searches and sheets. Sheets first: they need a search that is still alive."""
    while now.sheets or now.searches:
        if now.sheets:
            _fetch(work, api, now)
        else:
            _search(work, api, now, since, wanted)


def _search(work: WorkList, api: Api, now: Round, since: Mapping[str, str], wanted: Collection[str]) -> None:
    search = now.searches[0]
    try:
        idr, truncated, aids = api.search(search, now.filiere)
    except Failure:
        _put_off(now, search)
        work.save()
        return
    except Refusal as refusal:
        raise Unreadable(f"les-aides.fr refuse une recherche ({refusal.field or 'sans précision'}) : {refusal}") from refusal
    now.searches = [*(_narrower(api, now, search) if truncated else ()), *now.searches[1:]]
    now.done += 1
    for aid in aids:
        numero, revision = str(aid.get("numero") or ""), str(aid.get("revision") or "")
        if not numero.isdecimal():
            continue
        known = now.found.get(numero)
        departements = sorted({*(known.departements if known else ()), search.departement})
        now.found[numero] = Found(revision, departements, dict(aid), search)
        kept_elsewhere = numero not in wanted and since.get(numero, "").partition("|")[0] == revision
        waiting = any(sheet.numero == numero for sheet in now.sheets)
        if not kept_elsewhere and not waiting and work.sheet(numero, revision) is None:
            now.sheets.append(Sheet(numero, idr, search))
    work.save()


def _put_off(now: Round, search: Search) -> None:
    """A search that failed is made again after the others; one that fails night after night is told, and left."""
    search.failures += 1
    now.searches = now.searches[1:]
    if search.failures < FAILURES_AT_MOST:
        now.searches.append(search)
    else:
        now.unanswered.append(_said(now, search))


def _said(now: Round, search: Search) -> str:
    return f"{search.departement}, {now.domaines.get(str(search.domaine), search.domaine)}, activité {search.ape}"


def _narrower(api: Api, now: Round, search: Search) -> list[Search]:
    """A truncated search gave nothing: the same, moyen by moyen, then activity by activity of the next level."""
    if search.moyen is None and now.moyens:
        return [Search(search.departement, search.domaine, search.ape, int(moyen)) for moyen in now.moyens]
    if not now.naf:
        now.naf = _children(api.listed("naf", "code"))
    if not now.naf.get(search.ape):
        now.unanswered.append(f"{_said(now, search)} (trop large)")
        return []
    return [Search(search.departement, search.domaine, child, search.moyen) for child in now.naf[search.ape]]


def _children(tree: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in tree:
        below = [child for child in one.get("activites") or [] if isinstance(child, Mapping) and child.get("code")]
        found[str(one["code"])] = [str(child["code"]) for child in below]
        found |= _children(below)
    return found


def _fetch(work: WorkList, api: Api, now: Round) -> None:
    sheet = now.sheets[0]
    revision = now.found[sheet.numero].revision
    now.sheets = now.sheets[1:]
    try:
        work.keep_sheet(sheet.numero, revision, api.sheet(sheet.idr, sheet.numero))
    except NothingThere:
        work.keep_sheet(sheet.numero, revision, {})  # what the search said is all there is
    except (Failure, Refusal) as error:
        sheet.failures += 1
        if sheet.failures >= FAILURES_AT_MOST:
            work.keep_sheet(sheet.numero, revision, {})
        else:
            now.sheets.append(sheet)
            if isinstance(error, Refusal):  # the search is too old for its sheets: make it again
                _revive(api, now, sheet)
    except (Incomplete, Unreadable):
        now.sheets = [sheet, *now.sheets]
        raise
    work.save()


def _revive(api: Api, now: Round, sheet: Sheet) -> None:
    dead = sheet.idr
    try:
        idr, _, _ = api.search(sheet.search, now.filiere)
    except (Failure, Refusal):
        return
    for other in now.sheets:
        if other.idr == dead:
            other.idr = idr


def _missing(work: WorkList, now: Round, since: Mapping[str, str]) -> list[str]:
    return [
        numero
        for numero, found in now.found.items()
        if since.get(numero, "") != _revision(found) and work.sheet(numero, found.revision) is None
    ]


def _records(work: WorkList, now: Round, since: Mapping[str, str]) -> Iterator[Raw]:
    for numero, found in sorted(now.found.items(), key=lambda item: int(item[0])):
        revision = _revision(found)
        sheet = work.sheet(numero, found.revision)
        if sheet is None and since.get(numero, "") == revision:
            yield Raw(numero, {}, revision)
            continue
        yield Raw(
            numero,
            {
                "dispositif": {
                    **found.summary,
                    "domaines": _named(found.summary.get("domaines"), now.domaines),
                    "moyens": _named(found.summary.get("moyens"), now.moyens),
                },
                "fiche": sheet or {},
                "departements": found.departements,
            },
            revision,
        )


def _named(numbers: Any, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Numbers of the lists of the service with their labels of today: the numbers are its own and may move."""
    given = numbers if isinstance(numbers, list) else []
    return [{"numero": number, "libelle": labels.get(str(number), "")} for number in given]


def _revision(found: Found) -> str:
    """The producer's revision, then what we observed besides: the départements where the aid is proposed."""
    where = hashlib.sha256(",".join(found.departements).encode()).hexdigest()[:12]
    return f"{found.revision}|{where}"


def _once(searches: Iterable[Search]) -> list[Search]:
    return list({(one.departement, one.domaine, one.ape, one.moyen): one for one in searches}.values())
