"""The sorted lists that searching reads. Prepared by the build script, read at the first search of a process."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.territories import invented
from maillage.territories.table import commune_at, data_file
from maillage.territories.values import Commune

#: Kinds of entry: a name from its first word (or from the word after its article), from a later word, or a former name.
START, WORD, FORMER = range(3)
#: One step between kinds in a score; larger than the number of communes, which are numbered by falling population.
STEP = 100_000
#: Sorts after every folded name that starts with what comes before it.
AFTER = "\x7f"


class SearchIndex:
    """Every name from each of its words on, sorted, beside its score (kind, then population: the lower the better)."""

    def __init__(self) -> None:
        content = json.loads(data_file("search.json.xz"))
        if invented.rows():
            _add_invented(content)
        self.codes: list[str] = content["codes"]
        self.names: list[str] = content["names"]
        self.scores: NDArray[np.int32] = np.array(content["scores"], dtype=np.int32)
        self.regions: NDArray[np.int16] = np.array(content["regions"], dtype=np.int16)
        self.former: dict[int, str] = {int(position): name for position, name in content["former"].items()}
        self.postcodes: list[str] = [postcode for postcode, _ in content["postcodes"]]  # one for each commune that has it
        self.postcode_of: NDArray[np.int32] = np.array([rank for _, rank in content["postcodes"]], dtype=np.int32)

    def commune(self, rank: int) -> Commune:
        """The commune of a rank (or of a score) in falling population."""
        return commune_at(self.codes[rank % STEP])

    def starting(self, text: str) -> tuple[int, int]:
        """The range of entries that start with a folded text."""
        return bisect_left(self.names, text), bisect_left(self.names, text + AFTER)

    def equal(self, text: str) -> tuple[int, int]:
        """The range of entries that are exactly a folded text."""
        return bisect_left(self.names, text), bisect_right(self.names, text)

    def postcode_ranks(self, digits: str, whole: bool = False) -> NDArray[np.int32]:
        """The ranks of the communes with a postal code that starts with (or is, if `whole`) these digits, most populated first."""
        low = bisect_left(self.postcodes, digits)
        high = bisect_right(self.postcodes, digits) if whole else bisect_left(self.postcodes, digits + AFTER)
        return np.unique(self.postcode_of[low:high])

    @cached_property
    def whole_names(self) -> list[tuple[str, int]]:
        """Current names, with and without their article, and their rank, sorted. For slips of the finger: made when first needed."""
        return [(name, score) for name, score in zip(self.names, self.scores.tolist(), strict=True) if score < STEP * (START + 1)]

    @cached_property
    def joined(self) -> list[tuple[str, int]]:
        """Current names without their spaces, sorted: for names run together."""
        return sorted((name.replace(" ", ""), rank) for name, rank in self.whole_names)

    @cached_property
    def backwards(self) -> list[tuple[str, int]]:
        """Current names written backwards, sorted: a range of it holds the names that share an end."""
        return sorted((name[::-1], rank) for name, rank in self.whole_names)


def _add_invented(content: dict[str, Any]) -> None:
    """Put the invented communes among the others, after the real ones of the same kind."""
    communes, added = invented.search_entries(len(content["codes"]))
    former = content["former"]
    entries = [
        (name, score, former.get(str(position), ""))
        for position, (name, score) in enumerate(zip(content["names"], content["scores"], strict=True))
    ]
    entries += [(name, (START if starts else WORD) * STEP + rank, "") for name, rank, starts in added]
    entries.sort()
    content["codes"] += [row["code"] for row in communes]
    content["regions"] += [int(row["region"]) for row in communes]
    content["names"] = [name for name, _, _ in entries]
    content["scores"] = [score for _, score, _ in entries]
    content["former"] = {str(position): name for position, (_, _, name) in enumerate(entries) if name}
    first = len(content["codes"]) - len(communes)
    content["postcodes"] += [
        [postcode, first + rank] for rank, row in enumerate(communes) for postcode in row["postcodes"].split()
    ]
    content["postcodes"].sort()


def warm_up() -> None:
    """Reads what look-ups and searches need, so that no visitor waits for it. For the start of a web process."""
    index = search_index()
    assert index.joined, "an index has names"
    assert index.backwards, "an index has names"


@cache
def search_index() -> SearchIndex:
    """The index of this process; the first call reads it (about a tenth of a second)."""
    return SearchIndex()
