"""Whatever a file holds, it is read to its end, each refusal says where and why, and what is taken can be taken again."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.catalogue.rows import row_of
from maillage.interop.cleaning import clean
from maillage.interop.formats import FORMATS, OFFERS, RELAYS, STRUCTURES
from maillage.interop.jsonl_export import export_folder, line_of
from maillage.interop.jsonl_import import import_folder
from maillage.interop.lines import read_lines
from tests.interop.dump import dump
from tests.interop.samples import OFFER, RELAY, STRUCTURE, line, write_folder

SAMPLES = {STRUCTURES: STRUCTURE, OFFERS: OFFER, RELAYS: RELAY}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["creation", "53", "france", "2026-02-30", "https://", "\x00", "\ud800", " ", "-0.0", "1e999"])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["level", "code", "role", "field", "operator", "value", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """A format, and one of its lines with some values replaced, removed or added."""
    form = draw(st.sampled_from(FORMATS))
    raw = dict(SAMPLES[form])
    keys = [field.key for field in form.fields]
    for key in draw(st.lists(st.sampled_from([*keys, "inconnue", "\x00"]), min_size=1, max_size=4)):
        if draw(st.booleans()):
            raw.pop(key, None)
        else:
            raw[key] = draw(anything)
    return form, raw


@settings(max_examples=400)
@given(mutated())
def test_a_mutated_line_is_taken_or_refused_with_its_line_and_field(case: tuple[Any, dict[str, Any]]) -> None:
    form, raw = case
    cleaned = clean(raw, form, file=form.file, line=12)
    assert (cleaned.record is None) == bool(cleaned.refusals)
    keys = {field.key for field in form.fields}
    for problem in cleaned.refusals:
        assert problem.field in keys
        assert f"{form.file}, ligne 12" in str(problem)
        assert str(problem).isprintable()
    for problem in cleaned.warnings:
        assert str(problem).isprintable()


@settings(max_examples=200)
@given(mutated())
def test_what_is_taken_is_written_back_and_taken_again_as_it_is(case: tuple[Any, dict[str, Any]]) -> None:
    form, raw = case
    record = clean(raw, form, file=form.file).record
    if record is None:
        return
    values = {key: value for key, value in record.values.items() if key != "structure"}
    sheet = form.model(**values)
    if record.structure:
        from maillage.catalogue.models import Structure

        sheet.structure = Structure(source=record.structure[0], ref=record.structure[1])
    written = json.loads(line_of(row_of(sheet), form.fields))
    again = clean(written, form, file=form.file)
    assert not again.refusals
    assert again.record is not None
    assert again.record.values == record.values


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=60) | mutated().map(lambda case: json.dumps(case[1]).encode()), max_size=8))
def test_any_bytes_are_read_to_the_end(parts: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "offers.jsonl"
        path.write_bytes(b"\n".join(parts))
        found = list(read_lines(path))
    assert all((read.value is None) == bool(read.reason) for read in found)
    numbers = [read.number for read in found]
    assert numbers == sorted(set(numbers))


class Imports(TestCase):
    """The same, through the database."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(mutated(), max_size=6), st.lists(st.binary(max_size=40), max_size=2))
    def test_any_folder_is_imported_twice_with_the_same_state(
        self, cases: list[tuple[Any, dict[str, Any]]], junk: list[bytes]
    ) -> None:
        lines: dict[str, list[bytes]] = {form.file: [line(SAMPLES[form])] for form in FORMATS}
        for form, raw in cases:
            lines[form.file].append(json.dumps(raw).encode() + b"\n")
        lines[OFFERS.file] += [some.replace(b"\n", b" ") + b"\n" for some in junk]
        with TemporaryDirectory() as place:
            folder = write_folder(
                Path(place) / "in",
                structures=lines[STRUCTURES.file],
                offers=lines[OFFERS.file],
                relays=lines[RELAYS.file],
            )
            first = import_folder(folder)
            state = dump()
            again = import_folder(folder)
            assert dump() == state
            assert [(one.created, one.changed) for one in again.files] == [(0, 0)] * 3
            assert again.refused == first.refused
            export_folder(Path(place) / "out")
            assert import_folder(Path(place) / "out", strict=True).refused == 0
            assert dump() == state
