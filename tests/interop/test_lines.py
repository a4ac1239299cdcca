"""Reading a file line by line, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.interop import lines
from maillage.interop.lines import Line, line_at, read_lines


def read(folder: Path, content: bytes) -> list[Line]:
    path = folder / "offers.jsonl"
    path.write_bytes(content)
    return list(read_lines(path))


def test_lines_are_numbered_from_one_and_blank_ones_are_skipped(tmp_path: Path) -> None:
    assert [(line.number, line.value) for line in read(tmp_path, b'{"a":1}\n\n  \n{"a":2}')] == [(1, {"a": 1}), (4, {"a": 2})]


def test_a_byte_order_mark_and_crlf_change_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, b'\xef\xbb\xbf{"a":1}\r\n{"a":2}\r\n')
    assert [(line.number, line.value) for line in found] == [(1, {"a": 1}), (2, {"a": 2})]


def test_a_line_can_be_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 20)
    content = b'\xef\xbb\xbf{"a":1}\r\n\n  {"b":2}\n{"x":"' + b"x" * 95 + b'"}\n{"c":3}'
    for line in read(tmp_path, content):
        if line.value is not None:
            assert line_at(tmp_path / "offers.jsonl", line) == line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a":1', "JSON"),
        (b"[1]", "accolades"),
        (b'"texte"', "accolades"),
        (b"null", "accolades"),
        (b'{"nom":"\xe9t\xe9"}', "UTF-8"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":-Infinity}', "Infinity"),
        (b'{"a":1,"a":2}', "deux fois"),
        (b'{"b":{"a":1,"a":1}}', "deux fois"),
        (b'{"a":' + b"9" * 5000 + b"}", "trop long"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "imbriqués"),
        (b"\x00\x00", "JSON"),
    ],
)
def test_a_line_that_is_no_object_is_refused_and_the_next_is_read(tmp_path: Path, content: bytes, words: str) -> None:
    first, second = read(tmp_path, content + b'\n{"a":1}\n')
    assert (first.number, first.value) == (1, None)
    assert words in first.reason
    assert (second.number, second.value) == (2, {"a": 1})


def test_a_line_too_long_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 20)
    found = read(tmp_path, b'{"a":"' + b"x" * 95 + b'"}\n{"a":1}\n{"b":"' + b"y" * 30 + b'"}')
    assert [(line.number, line.value) for line in found] == [(1, None), (2, {"a": 1}), (3, None)]
