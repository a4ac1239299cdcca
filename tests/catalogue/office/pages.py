"""Helpers to fill in the forms of the office as a browser does: everything the page holds, with some fields changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

Form = dict[str, list[str]]


def parse(response: HttpResponse) -> Any:
    """The page as a tree."""
    return html.fromstring(response.content.decode())


def form_of(response: HttpResponse, button: str | None = None, method: str = "post") -> Form:
    """What the main form of the page would send: its fields as they are, hidden ones too."""
    forms = [form for form in parse(response).xpath("//main//form") if form.get("method", "get").lower() == method]
    if button:
        forms = [form for form in forms if form.xpath(f".//button[contains(normalize-space(), '{button}')]")]
    form = forms[0]
    data: Form = {}
    for field in form.xpath(".//input | .//select | .//textarea"):
        name, kind = field.get("name"), field.get("type", "")
        if not name or (kind in {"checkbox", "radio"} and field.get("checked") is None):
            continue
        if field.tag == "select":
            chosen = field.xpath(".//option[@selected]/@value") or field.xpath(".//option[1]/@value")
            data.setdefault(name, []).extend(chosen)
        elif field.tag == "textarea":
            data.setdefault(name, []).append((field.text or "").removeprefix("\n").removeprefix("\r\n"))
        else:
            data.setdefault(name, []).append(field.get("value", "on" if kind == "checkbox" else ""))
    return data


def filled(response: HttpResponse, /, **changes: Any) -> Form:
    """The main form with some fields changed (`_` in a name stands for itself; None removes a field)."""
    data = form_of(response)
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = list(value) if isinstance(value, list | tuple) else [str(value)]
    return data


def edit(client: Client, url: str, /, **changes: Any) -> HttpResponse:
    """Open a form, change some fields, send it."""
    return client.post(url, filled(client.get(url), **changes))  # type: ignore[return-value]


def said(response: HttpResponse) -> str:
    """The text of the page, on one line, ordinary spaces."""
    text = " ".join(parse(response).text_content().split())
    return text.replace("\u202f", " ").replace("\u00a0", " ")
