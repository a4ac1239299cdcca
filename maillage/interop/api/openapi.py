"""The OpenAPI document: what ninja makes, then what is the same for every address, then the language of the reader."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from maillage.interop.api.schemas import Problem

#: Statuses that any address may answer, and what each means (French source texts).
PROBLEMS = {
    "400": gettext_noop("L’adresse n’est pas du texte lisible."),
    "404": gettext_noop("Rien à cette adresse."),
    "405": gettext_noop("Cette adresse se lit seulement."),
    "422": gettext_noop("Un paramètre n’est pas compris\u202f: «\u202ferrors\u202f» dit lequel, et quoi écrire."),
    "429": gettext_noop("Trop de questions\u202f: «\u202fRetry-After\u202f» dit combien de secondes attendre."),
}
_FOUND, _UNCHANGED = gettext_noop("La réponse."), gettext_noop("Rien n’a changé depuis l’étiquette (ETag) de If-None-Match.")
_TEXTS = ("title", "description", "summary")


def completed(made: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the answers that every address shares: 304, and problems (RFC 9457)."""
    document: dict[str, Any] = copy.deepcopy(dict(made))
    document["components"]["schemas"] |= _problem_schemas()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            operation["responses"] = _responses(operation["responses"], has_key="{" in path)
    return document


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _responses(made: Mapping[Any, Any], *, has_key: bool) -> dict[str, Any]:
    content = next(iter(made.values()))["content"]
    tag = {"ETag": {"description": "ETag", "schema": {"type": "string"}}}
    found: dict[str, Any] = {
        "200": {"description": _FOUND, "headers": tag, "content": content},
        "304": {"description": _UNCHANGED, "headers": tag},
    }
    for status, meaning in PROBLEMS.items():
        if status != "404" or has_key:
            schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
            found[status] = {"description": meaning, "content": {"application/problem+json": schema}}
    found["429"]["headers"] = {"Retry-After": {"description": "Retry-After", "schema": {"type": "integer"}}}
    return found


def translated(document: Any) -> Any:
    """The same document with its texts in the reader's language. Names, codes and examples stay as they are."""
    if isinstance(document, dict):
        return {
            key: gettext(value) if key in _TEXTS and isinstance(value, str) and value else translated(value)
            for key, value in document.items()
        }
    return [translated(each) for each in document] if isinstance(document, list) else document
