"""The web service of les-aides.fr, as documented by a third party's copy: one method per call, every call counted.

Errors of the service: 401 the key is wrong; 403 with {exception, field} the request is refused, or the day's calls are spent;
404 nothing to give; 302 the content exists as a web page only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from maillage.interop.sources.contract import Incomplete, Unreadable
from maillage.interop.sources.les_aides.worklist import Search, WorkList
from maillage.interop.sources.texts import folded, shorten
from maillage.kit.fetch import Answer, FetchError, Limits, Refused, safe_fetch

BASE = "https://api.les-aides.fr"
#: The service gives 720 calls a day (domain.md §1.1). What we do not take is for the people who use the same key by hand.
CALLS_A_DAY, MARGIN = 720, 40
#: The service hangs or errs: after so many times in a row, the night is over.
FAILURES_AT_MOST = 3
_LIMITS = Limits(bytes=8_000_000, seconds=60, redirects=0)
_QUOTA = re.compile(r"quota|limite|720|trop d acces|nombre d acces|acces quotidien")


class NothingThere(Exception):
    """404, or a page for people only (302)."""


class Refusal(Exception):
    """403: the service refuses this request. `field` is the parameter at fault when it says so."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(reason)
        self.field = field


class Failure(Exception):
    """The service did not answer this time, or answered something that is not its format."""


class Api:
    """Calls to the service. Raises Incomplete when the day's calls are spent, Unreadable when it is of no use to go on."""

    def __init__(self, work: WorkList, today: Callable[[], date]) -> None:
        self.work = work
        self.today = today
        self.base = os.environ.get("MAILLAGE_LES_AIDES_URL", "").strip().rstrip("/") or BASE
        self.key = os.environ.get("MAILLAGE_LES_AIDES_KEY", "").strip()
        self.most = _calls_a_day()
        self.failures = 0

    def listed(self, name: str, key: str) -> list[Mapping[str, Any]]:
        """One of the lists of the service: objects that hold `key`."""
        while True:  # until it answers, or fails once too often
            try:
                found = self._get(f"/liste/{name}/", {})
                break
            except Failure:
                continue
            except (NothingThere, Refusal) as error:
                raise Unreadable(f"les-aides.fr ne donne plus la liste « {name} ». {error}".strip()) from error
        self.failures = 0
        if not isinstance(found, list) or not all(isinstance(one, Mapping) and key in one for one in found):
            raise Unreadable(f"les-aides.fr : la liste « {name} » n’a plus la forme connue (clé « {key} »).")
        return found

    def search(self, search: Search, filiere: int) -> tuple[int, bool, list[Mapping[str, Any]]]:
        """The aids of a search: its number (needed to read sheets), whether it was truncated (then empty), the aids."""
        asked: dict[str, Any] = {
            "ape": search.ape, "domaine": search.domaine, "departement": search.departement, "filiere": filiere,
        }  # fmt: skip
        if search.moyen is not None:
            asked["moyen"] = search.moyen
        try:
            found = self._get("/aides/", asked)
        except NothingThere:
            return 0, False, []
        aids = found.get("dispositifs") if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping) or not isinstance(found.get("idr"), int) or not isinstance(aids, list | None):
            raise self._failed(Failure("les-aides.fr a répondu à une recherche autrement que prévu."))
        self.failures = 0
        return found["idr"], bool(found.get("depassement")), [aid for aid in aids or [] if isinstance(aid, Mapping)]

    def sheet(self, idr: int, numero: str) -> dict[str, Any]:
        """The full sheet of an aid that a live search found."""
        found = self._get("/aide/", {"requete": idr, "dispositif": numero})
        if not isinstance(found, dict) or str(found.get("numero", numero)) != numero:
            raise self._failed(Failure(f"les-aides.fr a répondu autre chose que la fiche {numero}."))
        self.failures = 0
        return found

    def _get(self, path: str, asked: Mapping[str, Any]) -> Any:
        today = self.today()
        if self.work.spent(today) >= self.most:
            raise Incomplete(
                f"Les {self.most} appels du jour à les-aides.fr sont faits : la lecture reprend demain où elle s’arrête."
            )
        self.work.spend(today)
        try:
            answer = safe_fetch(
                self.base + path, params=asked, headers={"X-IDC": self.key, "Accept": "application/json"}, limits=_LIMITS
            )
            return self._read(answer, today)
        except FetchError as error:
            raise self._failed(Failure(str(error))) from error
        except Refused as error:
            raise Unreadable(str(error)) from error

    def _read(self, answer: Answer, today: date) -> Any:
        if answer.status == 200:
            return answer.json()
        if answer.status == 401:
            raise Unreadable("les-aides.fr refuse la clé : vérifiez MAILLAGE_LES_AIDES_KEY, ou demandez-en une à la CCI.")
        if answer.status in (302, 404):
            self.failures = 0
            raise NothingThere
        reason, field = _refusal(answer) if answer.status == 403 else ("", "")
        if answer.status == 429 or _QUOTA.search(folded(reason)):
            self.work.exhaust(today, self.most)
            raise Incomplete("les-aides.fr dit que les appels du jour sont épuisés : la lecture reprend demain où elle s’arrête.")
        if answer.status == 403:
            self.failures = 0
            raise Refusal(reason, field)
        raise self._failed(Failure(f"les-aides.fr a répondu par une erreur ({answer.status})."))

    def _failed(self, failure: Failure) -> Failure:
        """Count a failure; too many in a row end the reading."""
        self.failures += 1
        if self.failures >= FAILURES_AT_MOST:
            raise Unreadable(
                f"{failure} C’est arrivé {self.failures} fois de suite : la lecture s’arrête, elle reprendra où elle en est."
            )
        return failure


def _calls_a_day() -> int:
    said = os.environ.get("MAILLAGE_LES_AIDES_CALLS", "").strip()
    if said and (not said.isdecimal() or not 0 < int(said) <= CALLS_A_DAY):
        raise Unreadable(f"MAILLAGE_LES_AIDES_CALLS vaut « {said} » : il faut un nombre de 1 à {CALLS_A_DAY}.")
    return int(said) if said else CALLS_A_DAY - MARGIN


def _refusal(answer: Answer) -> tuple[str, str]:
    try:
        said = answer.json()
    except FetchError:
        return "", ""
    if not isinstance(said, Mapping):
        return "", ""
    return shorten(str(said.get("exception") or ""), 300), str(said.get("field") or "")
