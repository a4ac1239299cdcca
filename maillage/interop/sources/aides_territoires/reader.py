"""Aides-territoires: its API (a token of the account exchanged for one of the day, then pages), or its CSV extract given by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw, Unreadable
from maillage.kit.fetch import Answer, FetchError, Limits, Refused, safe_fetch

BASE = "https://aides-territoires.beta.gouv.fr"
PAGE = 100  # the API gives no more
#: No base of aids is larger (3,500 aids in 2026): what goes on beyond that turns in circles.
PAGES_AT_MOST = 500
_LIMITS = Limits(bytes=40_000_000, seconds=120)
_COLUMNS = ("Nom", "Lien", "Financeurs", "Bénéficiaire", "Types d'aides", "Récurrence", "Descriptif")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid that is online. The API gives ids; the extract has none, so its aids are known by the end of their address."""
    if origin is None:
        yield from _from_api()
        return
    data = files.read(origin)
    text, _ = files.decode(data, origin.name)
    if files.looks_like_json(text):
        for record in files.json_records(data, origin.name, "results", "hydra:member"):
            yield _raw(record)
        return
    for row in files.table(data, origin.name, required=_COLUMNS).rows:
        yield Raw(row.cells["Lien"].rstrip("/").rsplit("/", 1)[-1], files.payload(row))


def _from_api() -> Iterator[Raw]:
    service = _Service()
    seen: set[str] = set()
    announced: list[int] = []
    for page in range(1, PAGES_AT_MOST + 1):
        answer = service.page(page)
        records, count = _envelope(answer)
        announced.append(count)
        for record in records:
            raw = _raw(record)
            if raw.ref and raw.ref in seen:
                continue  # an aid published while we read pushes the others to the next page
            seen.add(raw.ref)
            yield raw
        if not records or not answer.get("next", answer.get("hydra:view", {}).get("hydra:next")):
            break
    else:
        raise Unreadable(f"Aides-territoires donne plus de {PAGES_AT_MOST} pages : la lecture tourne en rond.")
    if len(seen) < min(announced):  # the total may move while we read
        raise Unreadable(f"Aides-territoires annonçait {min(announced)} aides et en a donné {len(seen)} : lecture à recommencer.")


def _envelope(answer: Mapping[str, Any]) -> tuple[list[Any], int]:
    """The records of a page and the total announced: {count, results}, or {hydra:totalItems, hydra:member}."""
    for total, records in (("count", "results"), ("hydra:totalItems", "hydra:member")):
        if isinstance(answer.get(records), list):
            count = answer.get(total)
            return answer[records], count if isinstance(count, int) else 0
    raise Unreadable("Aides-territoires n’a pas répondu une page d’aides : le format de son API a changé.")


def _raw(record: Any) -> Raw:
    aid: Mapping[str, Any] = record if isinstance(record, Mapping) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
    return Raw(str(aid.get("id") or aid.get("slug") or ""), aid, str(aid.get("date_updated") or ""))


class _Service:
    """The API, with its token of the day: asked when needed, and again once if it is refused on the way."""

    def __init__(self) -> None:
        self.base = os.environ.get("MAILLAGE_AIDES_TERRITOIRES_URL", "").strip().rstrip("/") or BASE
        self.account = os.environ.get("MAILLAGE_AIDES_TERRITOIRES_TOKEN", "").strip()
        self.token = self._sign_in()

    def page(self, number: int) -> Mapping[str, Any]:
        """One page of aids."""
        answer = self._ask(number)
        if answer.status == 401:  # the token lasts a day, or less than the documentation says
            self.token = self._sign_in()
            answer = self._ask(number)
        if answer.status != 200:
            raise Unreadable(
                f"Aides-territoires a répondu par une erreur ({answer.status}) à la page {number} : réessayez plus tard."
            )
        found = downloads.answer_json(answer)
        if not isinstance(found, Mapping):
            raise Unreadable("Aides-territoires n’a pas répondu une page d’aides : le format de son API a changé.")
        return found

    def _ask(self, number: int) -> Answer:
        return self._fetch(
            f"{self.base}/api/aids/all/",
            params={"page": number, "itemsPerPage": PAGE},
            headers={"Accept": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})},
        )

    def _sign_in(self) -> str:
        answer = self._fetch(
            f"{self.base}/api/connexion/",
            method="POST",
            headers={"X-AUTH-TOKEN": self.account, "Accept": "application/json"},
            body={},
        )
        if answer.status == 404:
            return ""  # the first API asked for no token
        if answer.status in (401, 403):
            raise Unreadable("Aides-territoires refuse le jeton du compte : vérifiez MAILLAGE_AIDES_TERRITOIRES_TOKEN.")
        said = downloads.answer_json(answer) if answer.status == 200 else None
        token = said.get("token") if isinstance(said, Mapping) else None
        if not isinstance(token, str) or not token:
            raise Unreadable(f"Aides-territoires n’a pas donné de jeton (réponse {answer.status}) : réessayez plus tard.")
        return token

    @staticmethod
    def _fetch(url: str, **asked: Any) -> Answer:
        try:
            return safe_fetch(url, limits=_LIMITS, **asked)
        except (FetchError, Refused) as error:
            raise Unreadable(str(error)) from error
