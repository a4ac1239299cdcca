"""Free text: which offers hold every word of a query, with French stems, folded accents, prefixes and one-letter typos.

We need the *set* of all matches, for exact facet counts, never a top ten: so each word of the catalogue has a Roaring bitmap of
the offers that hold it, and tantivy gives what it does best on words: folding, the French stemmer and its stop words. Taking all
matches out of a tantivy index costs 20 to 60 ms when 65,000 offers of 100,000 match, against 0.05 ms here (docs/algorithms/index.md).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

from pyroaring import BitMap
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from maillage.catalogue.index.bitmaps import Bitmaps, Gatherer

#: A shorter word is not taken as the beginning of another: two letters begin too many words.
PREFIX_FROM = 3
#: A typo is forgiven in words of at least so many letters: shorter ones are one letter away from too many others.
TYPO_FROM = 5
#: Words of a query beyond this number are not looked at.
WORDS_AT_MOST = 24

_WORD = re.compile(r"[^\W_]+")
_AFTER_ALL = "\U0010ffff"


def _analyzer(*filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.raw())
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


_FOLD = _analyzer(Filter.ascii_fold())
_STEM = _analyzer(Filter.stemmer("french"))
_STOP = _analyzer(Filter.stopword("french"))


def raw_words(text: str) -> list[str]:
    """The words of a text in lower case, accents kept: runs of letters and digits, cut at apostrophes and hyphens."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """A lower-case word without accents or ligatures: « œuvrée » gives "oeuvree"."""
    return "".join(_FOLD.analyze(word))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The French stem of a folded word. Folding comes first, so that a query without accents has the same stems."""
    return "".join(_STEM.analyze(word))


def query_words(query: str) -> list[str]:
    """The folded words of a query that say something: no stop word (« de », « pour »…), no lone letter, no repetition."""
    kept = (folded(word) for word in raw_words(query) if len(word) > 1 and _STOP.analyze(word))
    return list(dict.fromkeys(kept))[:WORDS_AT_MOST]


class Words:
    """An immutable list of words with who holds each, and the ways to find them: by stem, by beginning, by near miss."""

    def __init__(self, holders: Bitmaps[str]) -> None:
        self.holders = holders

    # Made by the first query that needs them: a change is applied without.

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.holders)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.holders:
            by_stem[stem(word)].append(word)
        return dict(by_stem)

    @cached_property
    def _letters(self) -> list[str]:
        return sorted(set("".join(self._ordered)))

    def as_written(self, word: str) -> BitMap:
        """Who holds a word of the same stem, or one that begins like this."""
        return self.holders.union({*self._same_stem(word), *(self._beginning(word) if len(word) >= PREFIX_FROM else ())})

    def nearly(self, word: str) -> BitMap:
        """Who holds a word that begins like this, or has the same stem, but for one letter (wrong, missing, added, swapped)."""
        begins = {found for variant in self._variants(word) for found in self._beginning(variant)}
        same = {found for variant in self._variants(stem(word)) for found in self._by_stem.get(variant, ())}
        return self.holders.union(begins | same)

    def _same_stem(self, word: str) -> list[str]:
        return self._by_stem.get(stem(word), [])

    def _beginning(self, prefix: str) -> list[str]:
        first = bisect_left(self._ordered, prefix)
        if first == len(self._ordered) or not self._ordered[first].startswith(prefix):
            return []
        return self._ordered[first : bisect_left(self._ordered, prefix + _AFTER_ALL, first)]

    def _variants(self, word: str) -> Iterator[str]:
        """The word with one letter changed, missing, added, or two neighbours swapped; nothing for a short word or a number."""
        if len(word) < TYPO_FROM or not word.isalpha():
            return
        for at in range(len(word) + 1):
            before, after = word[:at], word[at:]
            for letter in self._letters:
                yield before + letter + after
                if after:
                    yield before + letter + after[1:]
            if after:
                yield before + after[1:]
            if len(after) > 1:
                yield before + after[1] + after[0] + after[2:]


class WordGatherer:
    """Collects the words of offers while they are read.

    While reading, a text is only cut at its blanks. Cleaning and folding come at the end, once for each distinct piece and not
    once for each offer: a third of the time.
    """

    def __init__(self) -> None:
        self._pieces: Gatherer[str] = Gatherer()

    def add(self, position: int, text: str) -> None:
        """The offer at this position holds the words of this text."""
        self._pieces.add(position, set(text.split()))

    def folded(self) -> dict[str, BitMap]:
        """Who holds each folded word."""
        holders: dict[str, BitMap] = {}
        for piece, positions in self._pieces.positions.items():
            here = BitMap(positions)
            for word in {folded(raw) for raw in raw_words(piece)}:
                holders[word] = holders[word] | here if word in holders else here
        return holders


WordLookup = Callable[[Words, str], BitMap]


class Text:
    """The words of the whole index: those of the last full build, and those of the offers that changed since."""

    def __init__(self, built: Words, since: Words | None = None) -> None:
        self._built = built
        self._since = since or Words(Bitmaps())

    def changed(self, gone: BitMap, added: dict[str, BitMap]) -> Text:
        """The same, with the words of the offers that changed. What left stays among built words: `search` looks at live offers only."""
        return Text(self._built, Words(self._since.holders.changed(gone, added)))

    def frequencies(self) -> dict[str, int]:
        """How many offers held each folded word at the last full build, stop words left out."""
        return {word: len(holders) for word, holders in self._built.holders.items() if query_words(word)}

    def search(self, query: str, alive: BitMap) -> BitMap | None:
        """The live offers that hold every word of the query, each in any inflection, or as a beginning of a word.

        A typo is forgiven when no live offer holds the word as it is written. None when the query says nothing.
        """
        words = query_words(query)
        return BitMap.intersection(*(self._holders(word, alive) for word in words)) if words else None

    def _holders(self, word: str, alive: BitMap) -> BitMap:
        return self._each(Words.as_written, word, alive) or self._each(Words.nearly, word, alive)

    def _each(self, way: WordLookup, word: str, alive: BitMap) -> BitMap:
        return (way(self._built, word) | way(self._since, word)) & alive
