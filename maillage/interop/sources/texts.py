"""Producers' HTML → the plain text that sheets keep: paragraphs, « - » lists, addresses of links. The one home for it.

`nh3` parses as browsers do and throws away scripts, styles, forms and addresses that are not http(s), mailto or tel; what it
leaves is then read as text. Sheets are shown escaped, so this is about reading well as much as about safety.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import nh3

_BLOCKS = {"p", "div", "ul", "ol", "table", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"}
_TAGS = _BLOCKS | {"br", "li", "a", "td", "th"}
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÖØ-Þ0-9«])")
_SIGNS = re.compile(r"[^a-z0-9]+")
#: Some feeds escape their HTML twice, a few three times.
_PASSES = 4


def tidy(html: str) -> str:
    """The text of an HTML fragment, or of plain text that may hold entities. Never raises; "" when nothing is left to read.

    Lines of plain text are kept. In HTML, blocks become paragraphs, list items « - » lines, a link its text then its address.
    HTML that was escaped twice is read again, so that no tag is left in the result.
    """
    text = _UNREADABLE.sub("", html)
    for _ in range(_PASSES):
        text = _text_of(text)
        if not _LOOKS_LIKE_HTML.search(text):
            return text
    return _lines(_LOOKS_LIKE_HTML.sub("", text))


def shorten(text: str, limit: int) -> str:
    """The first whole sentences of a text that fit in `limit` characters; failing one, its first words and « … ». On one line."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    kept = ""
    for sentence in _SENTENCE.split(line):
        if len(kept) + len(sentence) + 1 > limit:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def folded(text: str) -> str:
    """A text or a label without accent, capital or sign: « Prêt d’honneur » → "pret d honneur". To compare, never to show."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(_SIGNS.sub(" ", "".join(letter for letter in letters if not unicodedata.combining(letter))).split())


def _text_of(html: str) -> str:
    if not _LOOKS_LIKE_HTML.search(html):
        reader = _Reader(keep_lines=True)
        reader.feed(html.replace("<", "&lt;"))  # « moins de <10 salariés » is no tag
    else:
        reader = _Reader(keep_lines=False)
        reader.feed(
            nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None)
        )
    reader.close()
    return _lines("".join(reader.parts))


def _lines(text: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip())


class _Reader(HTMLParser):
    """Reads what `nh3` left: known tags only, well nested."""

    def __init__(self, *, keep_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._keep_lines = keep_lines
        self._link = ""
        self._link_starts = 0
        self._fresh_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
            self._fresh_item = True
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a":
            self._link, self._link_starts = dict(attrs).get("href") or "", len(self.parts)
        elif not self._fresh_item:  # <li><p>: the paragraph stays on the line of its dash
            self.parts.append("\n\n" if tag in _BLOCKS - {"tr"} else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            self._say_address()
        elif tag in _BLOCKS:
            self.parts.append("\n" if self._fresh_item or tag == "tr" else "\n\n")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._fresh_item = False
        self.parts.append(data if self._keep_lines else re.sub(r"\s+", " ", data))

    def _say_address(self) -> None:
        address = self._link.removeprefix("mailto:").removeprefix("tel:")
        said = "".join(self.parts[self._link_starts :]).strip()
        self._link = ""
        if not said:
            self.parts.append(address)
        elif address.rstrip("/") not in (said.rstrip("/"), f"https://{said}".rstrip("/"), f"http://{said}".rstrip("/")):
            self.parts.append(f" ({address})")
