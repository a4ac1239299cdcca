"""The index alone: build, memory, selections with facet counts, words, and how soon a change is seen by another process.

    python -m bench.index --data DIR [--queries FILE] [--count N]

`--data` is a MAILLAGE_DATA folder with a loaded catalogue (one offer is renamed, and named back); `--queries` is the queries.jsonl of
the generator, without which the places are drawn. Prints one JSON object: times in milliseconds, and ratios within this run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

#: The five disjunctive facets of the goal.
FACETS = ("stage", "need", "kind", "sector", "legal_form")
WATCH = "--watch"


def median_ms(act: Callable[[Any], object], every: Iterable[Any]) -> float:
    """Median time of `act` over every argument."""
    times = []
    for one in every:
        start = time.perf_counter()
        act(one)
        times.append((time.perf_counter() - start) * 1e3)
    return round(statistics.median(times), 3)


def memory_mb() -> float:
    """Resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)


def situations(queries: Path | None, count: int) -> list[tuple[list[str], dict[str, tuple[str, ...]]]]:
    """Territory keys of a place, and what is asked in each facet."""
    from maillage.territories import queries as territories
    from maillage.vocabulary.words import vocabulary

    chance, words = random.Random(2026), vocabulary()
    if queries:
        lines = [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines()[:count]]
    else:
        communes = territories.all_communes()
        lines = [
            {"commune": chance.choice(communes).code, "stage": chance.choice(words.codes("stage")), "needs": []}
            for _ in range(count)
        ]
    found = []
    for line in lines:
        commune = territories.commune(line["commune"])
        assert commune
        asked = {"stage": (line["stage"],) if line["stage"] else (), "need": tuple(line["needs"])}
        for facet in ("kind", "sector", "legal_form"):
            asked[facet] = (chance.choice(words.codes(facet)),) if chance.random() < 0.5 else ()
        found.append(([territory.key for territory in territories.territories_of(commune)], asked))
    return found


def select_and_count(index: Any, keys: list[str], asked: dict[str, tuple[str, ...]], day: date) -> dict[str, dict[str, int]]:
    """The offers that serve a place and accept what is asked, and for each facet the number per code if only it changed."""
    base = index.covering(keys, (), ()).covered & index.open_on(day)
    accepted = {facet: index.accepting(facet, codes) for facet, codes in asked.items() if codes}
    counts = {}
    for facet in FACETS:
        rest = base.intersection(base, *(accepted[other] for other in accepted if other != facet))
        free = rest.intersection_cardinality(index.unrestricted(facet))
        counts[facet] = {code: free + rest.intersection_cardinality(index.stating(facet, code)) for code in index.codes(facet)}
    return counts


def by_tantivy(texts: list[str], word: str, folds: Callable[[str], str]) -> tuple[int, float]:
    """How many texts hold a word according to a tantivy index of the same texts, and the time to get them all out of it."""
    import tantivy

    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("t", tokenizer_name="w", index_option="basic")
        .add_integer_field("p", fast=True)
        .build()
    )
    index = tantivy.Index(schema)
    index.register_tokenizer("w", words.filter(tantivy.Filter.ascii_fold()).build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for position, text in enumerate(texts):
        writer.add_document(tantivy.Document.from_dict({"t": text, "p": position}, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, query = index.searcher(), tantivy.Query.term_query(schema, "t", folds(word), "basic")

    def every_match(_: object) -> list[int]:
        return [value for value, _ in searcher.search(query, limit=len(texts), count=False, order_by_field="p").hits]

    return len(every_match(None)), median_ms(every_match, range(20))


def changed_name(pk: int, name: str) -> None:
    """A write as the actions make it: the row and the revision in one transaction."""
    from django.db import transaction

    from maillage.catalogue import revision
    from maillage.catalogue.models import Offer

    with transaction.atomic():
        Offer.objects.filter(pk=pk).update(name=name)
        revision.moved(offers=[pk])


def seen_elsewhere(times: int) -> float:
    """Median time that another process, which holds the index, takes to have it again after a commit of this one."""
    from maillage.catalogue.models import Offer

    pk, name = Offer.objects.visible().order_by("pk").values_list("pk", "name")[0]
    command = [sys.executable, "-m", "bench.index", WATCH]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout

        def ask() -> dict[str, Any]:
            other.stdin.write("\n")
            other.stdin.flush()
            return json.loads(other.stdout.readline())

        ask()
        spent = []
        for turn in range(times):
            word = f"essai{turn}"
            changed_name(pk, word)
            answer = ask()
            assert answer["name_found"] == word, answer
            spent.append(answer["ms"])
        changed_name(pk, name)
        other.stdin.close()
    return round(statistics.median(spent), 2)


def watch() -> None:
    """The other process: at each line, have the current index, say how long it took and the newest word that it finds."""
    from maillage.catalogue.index import current_index

    turn = -1  # the first line only asks for the index to be built
    for _ in sys.stdin:
        start = time.perf_counter()
        index = current_index()
        spent = (time.perf_counter() - start) * 1e3
        found = f"essai{turn}" if index.text(f"essai{turn}") else ""  # nothing yet the first time
        turn += 1
        print(json.dumps({"ms": spent, "name_found": found}), flush=True)


def measure(queries: Path | None = None, count: int = 1000) -> dict[str, Any]:
    """Measure on the database of this process; Django must be set up."""
    from maillage.catalogue import revision
    from maillage.catalogue.index import current_index
    from maillage.catalogue.index.offers import offer_rows, searched_text
    from maillage.catalogue.index.text import folded
    from maillage.territories import queries as territories

    every = situations(queries, count)
    day = date.today()
    before = memory_mb()
    start, cpu = time.perf_counter(), time.process_time()
    index = current_index()
    report: dict[str, Any] = {
        "offers": len(index.alive),
        "build_s": round(time.perf_counter() - start, 2),
        "build_cpu_s": round(time.process_time() - cpu, 2),
        "memory_mb": memory_mb(),
        "memory_of_index_mb": round(memory_mb() - before, 1),
        "primary_key_read_ms": median_ms(lambda _: revision.current(), range(300)),
        "current_index_ms": median_ms(lambda _: current_index(), range(300)),
        "select_and_five_facets_ms": median_ms(lambda one: select_and_count(index, *one, day), every),
    }
    departements = [place.code for place in territories.neighbours("53")] + ["53"]
    report["touching_ms"] = median_ms(lambda _: index.touching(departements), range(300))
    report["open_on_ms"] = median_ms(lambda _: index.open_on(day), range(300))

    held = index.words.frequencies()
    frequent, rare = max(held, key=held.__getitem__), min(held, key=held.__getitem__)
    for name, query in (
        ("frequent_word", frequent),
        ("rare_word", rare),
        ("two_words", f"{frequent} {rare}"),
        ("typo", f"zq{frequent}zq"),
    ):
        report[f"{name}_ms"] = median_ms(lambda _, query=query: index.text(query), range(50))
    report["frequent_word_matches"] = len(index.text(frequent) or ())
    texts = [searched_text(row) for row, _ in zip(offer_rows(), range(100_000), strict=False)]
    report["tantivy_matches"], report["tantivy_all_matches_ms"] = by_tantivy(texts, frequent, folded)

    report["change_seen_by_another_process_ms"] = seen_elsewhere(20)
    report["ratios"] = {
        "select_and_five_facets / primary_key_read": round(
            report["select_and_five_facets_ms"] / report["primary_key_read_ms"], 2
        ),
        "tantivy_all_matches / frequent_word": round(report["tantivy_all_matches_ms"] / report["frequent_word_ms"], 1),
        "build / change_seen_by_another_process": round(report["build_s"] * 1e3 / report["change_seen_by_another_process_ms"]),
    }
    return report


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument(WATCH, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data:
        os.environ["MAILLAGE_DATA"] = str(options.data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
    import django

    django.setup()
    if options.watch:
        watch()
    else:
        print(json.dumps(measure(options.queries, options.count), indent=2))


if __name__ == "__main__":
    main()
