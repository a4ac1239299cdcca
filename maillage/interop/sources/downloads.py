"""One file or one API page of a producer, through `safe_fetch`: refusals become sentences for the person who keeps the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from maillage.interop.sources import files
from maillage.interop.sources.contract import Unreadable
from maillage.kit.fetch import Answer, FetchError, Limits, Refused, safe_fetch

_FILE = Limits(bytes=files.LARGEST, seconds=300)
_PAGE = Limits(bytes=30_000_000, seconds=60)
_STATUSES = {
    401: "refuse la clé d’accès : demandez-en une autre à son producteur.",
    403: "refuse l’accès : la clé manque, a expiré, ou l’adresse du serveur est bloquée.",
    404: "n’a plus de fichier à cette adresse : le producteur l’a déplacé.",
    429: "trouve que nous demandons trop souvent : la prochaine lecture attendra.",
}


def given(origin: Path | None, name: str) -> bytes:
    """The bytes of a file given by hand. Raises Unreadable when none was: the source has no service to ask."""
    if origin is None:
        raise Unreadable(f"{name} se lit dans un fichier donné à la main : aucun service en ligne n’est connu pour cette source.")
    return files.read(origin)


def given_or_fetched(origin: Path | None, url: str) -> tuple[bytes, str]:
    """(bytes, name) of the file given by hand, or of the one at the producer's address."""
    if origin is not None:
        return files.read(origin), origin.name
    return ask(url, limits=_FILE).body, urlsplit(url).path.rsplit("/", 1)[-1] or urlsplit(url).netloc


def pages(url: str, *, headers: Mapping[str, str], params: Mapping[str, Any], size: int) -> Iterator[dict[str, Any]]:
    """The items of an API whose answers are {items, total, page, size, pages}. Raises Unreadable when fewer came than announced."""
    page, got, total = 1, 0, 0
    while True:
        answer = ask(url, headers=headers, params={**params, "page": page, "size": size})
        body = answer_json(answer)
        items = body.get("items") if isinstance(body, dict) else None
        if not isinstance(items, list):
            raise Unreadable(f"{urlsplit(url).netloc} n’a pas répondu une page de résultats : son format a changé.")
        yield from items
        got, total = got + len(items), int(body.get("total") or 0)
        if not items or page >= int(body.get("pages") or 1):
            break
        page += 1
    if got < total:
        raise Unreadable(f"{urlsplit(url).netloc} annonçait {total} enregistrements et en a donné {got} : lecture à recommencer.")


def answer_json(answer: Answer) -> Any:
    """The JSON of an answer. Raises Unreadable."""
    try:
        return answer.json()
    except FetchError as error:
        raise Unreadable(str(error)) from error


def ask(
    url: str, *, headers: Mapping[str, str] | None = None, params: Mapping[str, Any] | None = None, limits: Limits = _PAGE
) -> Answer:
    """One answer whose status is 200. Raises Unreadable with a sentence that says what to do, never with a key."""
    try:
        answer = safe_fetch(url, headers=headers, params=params, limits=limits)
    except (FetchError, Refused) as error:
        raise Unreadable(str(error)) from error
    if answer.status != 200:
        said = _STATUSES.get(answer.status, f"a répondu par une erreur ({answer.status}) : réessayez plus tard.")
        raise Unreadable(f"{urlsplit(url).netloc} {said}")
    return answer
