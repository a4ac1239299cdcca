"""Extract the texts of the interface, update the English catalogue, compile it. `--check` only says what is not up to date.

Run by `make messages`. Pure Python (Babel), so that no GNU gettext program is needed. The sources are Python files, Django
templates (turned into Python by Django itself), Jinja templates, small scripts' texts in `data-` attributes (so, templates), and the labels of
the regions' data files.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

from maillage.vocabulary.words import LISTS, read_toml, vocabulary

PACKAGE = Path(__file__).resolve().parent.parent
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "trans": None,
    "lazy": None,  # gettext_lazy, under the short name that long tables of words give it
}


#: The settings of our Jinja environment (pages/jinja.py) that change what a text is.
_AS_OURS = {"encoding": "utf-8", "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def _python(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _template(path: Path) -> str:
    # templatize blanks out what is not text; its indentation means nothing and would stop Python's tokenizer
    return "\n".join(line.strip() for line in templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines())


def _found_in_code() -> Iterator[tuple[str, Any, str | None]]:
    files = [
        (path, _python) for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts and path != Path(__file__)
    ]
    files += [(path, _template) for suffix in ("*.html", "*.txt") for path in sorted(PACKAGE.rglob(f"templates/**/{suffix}"))]
    for path, source in files:
        where = path.relative_to(PACKAGE.parent).as_posix()
        stream = io.BytesIO(source(path).encode())
        for _line, function, messages, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
            yield where, (function, messages), None


def _found_in_jinja() -> Iterator[tuple[str, Any, str | None]]:
    for path in sorted(PACKAGE.rglob("*.jinja")):
        where = path.relative_to(PACKAGE.parent).as_posix()
        with path.open("rb") as file:
            for _line, function, messages, _comments in babel_extract(file, list(KEYWORDS), [], _AS_OURS):
                yield where, (function, messages), None


def _found_in_data() -> Iterator[tuple[str, str]]:
    for name in LISTS:
        for term in vocabulary().terms(name).values():
            for text in (term.label, term.plain, term.extra.get("question", ""), term.extra.get("help", "")):
                if text:
                    yield "maillage/regions/vocabulary.toml", text
    statement = PACKAGE / "pages" / "accessibility.toml"
    for text in chain.from_iterable(read_toml(statement)[key] for key in ("checks", "gaps")):
        yield "maillage/pages/accessibility.toml", text
    for path in sorted((PACKAGE / "regions").glob("*/portal.toml")):
        data = read_toml(path)
        texts = [data["tagline"], data["territory"], *data.get("texts", {}).values()]
        for text in texts:
            yield path.relative_to(PACKAGE.parent).as_posix(), text


def extracted() -> Catalog:
    """Every text of the interface, with the files that hold it."""
    catalog = Catalog(locale="en", project="Maillage", charset="utf-8", fuzzy=False, header_comment="# The interface in English.")
    for where, (function, messages), _ in chain(_found_in_code(), _found_in_jinja()):
        parts = list(messages) if isinstance(messages, (list, tuple)) else [messages]
        context = None
        if function.startswith(("pgettext", "npgettext")):
            context, parts = parts[0], parts[1:]
        parts = [part for part in parts if isinstance(part, str)]
        if not parts or not parts[0]:
            continue
        plural = function.startswith(("ngettext", "npgettext")) and len(parts) > 1
        catalog.add((parts[0], parts[1]) if plural else parts[0], locations=[(where, None)], context=context)  # type: ignore[list-item]  # a file is enough: line numbers make noise
    for where, text in _found_in_data():
        catalog.add(text, locations=[(where, None)])  # type: ignore[list-item]
    return catalog


def _key(message: Any) -> tuple[Any, str | None]:
    return message.id if isinstance(message.id, str) else tuple(message.id), message.context


def _is_translated(message: Any) -> bool:
    texts = [message.string or ""] if isinstance(message.string, str | None) else list(message.string)
    return all(texts) and not message.fuzzy


def _merged() -> tuple[Catalog, list[str]]:
    """The catalogue with today's texts and the translations it already had; and the texts that still want one."""
    catalog = extracted()
    known = {}
    if PO.is_file():
        with PO.open("rb") as file:
            known = {_key(message): message for message in read_po(file, locale="en") if message.id}
    missing = []
    for message in catalog:
        if not message.id:
            continue
        before = known.get(_key(message))
        if before is not None:
            message.string = before.string
        if not _is_translated(message):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return catalog, missing


def _rendered(catalog: Catalog) -> tuple[bytes, bytes]:
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    # dates, names and versions in the header would make the file differ from one day or machine to the next
    volatile = (b'"POT-Creation', b'"PO-Revision', b'"Last-Translator', b'"Report-Msgid', b'"Language-Team', b'"Generated-By')
    lines = [line for line in po.getvalue().splitlines() if not line.startswith(volatile)]
    with_header = b"\n".join(lines) + b"\n"
    compiled = read_po(io.BytesIO(with_header), locale="en")
    compiled.creation_date = compiled.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes any day
    write_mo(mo, compiled)
    return with_header, mo.getvalue()


def main() -> int:
    """Write the catalogues, or with --check compare: 0 when everything is translated and compiled."""
    catalog, missing = _merged()
    po, mo = _rendered(catalog)
    compiled = PO.with_suffix(".mo")
    if "--check" in sys.argv:
        problems = [f"texte sans traduction anglaise : {text!r}" for text in missing]
        if not PO.is_file() or PO.read_bytes() != po:
            problems.append("django.po n’est pas à jour : lancez « make messages ».")
        if not compiled.is_file() or compiled.read_bytes() != mo:
            problems.append("django.mo n’est pas à jour : lancez « make messages ».")
        print("\n".join(problems) or f"{len(catalog)} textes, tous traduits.")
        return 1 if problems else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    compiled.write_bytes(mo)
    print(f"{len(catalog)} textes, {len(missing)} sans traduction.")
    for text in missing:
        print(f"  {text!r}")
    return 0


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")

    django.setup()
    raise SystemExit(main())
