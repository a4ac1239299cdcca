"""What a test reads on a page: its words without markup, its table, its map."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client


def get(client: Client, address: str, status: int = 200) -> str:
    """The page of an address, markup and all, with its entities read."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return unescape(answer.content.decode())


def words(html: str) -> str:
    """The words of the main part of a page, spaces made plain."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"[\s\u202f\u00a0]+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def rows(html: str) -> list[list[str]]:
    """The words of each cell of each row of the first table, headings left out."""
    table = html[html.index("<tbody") : html.index("</tbody>")]
    cells = [re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr [^>]*>(.*?)</tr>", table, re.S)]
    return [[_text(re.sub(r'<span class="cell-label">.*?</span>', "", cell)) for cell in row] for row in cells]


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()
