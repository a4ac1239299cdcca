"""Archives from outside: what is refused before anything is unpacked."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.kit.archives import Limits, UnsafeArchive, safe_archive


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as book:
        for name, content in entries.items():
            book.writestr(name, content)
    return target.getvalue()


def refusal(content: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(UnsafeArchive) as found:
        safe_archive(io.BytesIO(content), limits)
    return str(found.value)


def test_an_honest_archive_is_opened() -> None:
    found = safe_archive(io.BytesIO(archive({"a.xml": b"<a/>", "dossier/b.txt": b"bonjour"})))
    assert found.read("dossier/b.txt") == b"bonjour"


def test_what_would_grow_too_much_is_refused() -> None:
    assert "plus de 50 Mo" in refusal(archive({f"{n}.bin": b"\0" * 9_000_000 for n in range(6)}, zipfile.ZIP_DEFLATED))
    assert "100 fois" in refusal(archive({"zeros.bin": b"\0" * 1_000_000}))


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    assert "plus de 2000 fichiers" in refusal(archive({f"{n}": b"" for n in range(2_001)}))


def test_a_count_that_lies_does_not_help() -> None:
    content = bytearray(archive({f"{'n' * 400}{n}": b"" for n in range(3_500)}))
    at = content.rfind(b"PK\x05\x06")
    content[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
    assert "plus de 2000 fichiers" in refusal(bytes(content))


def test_an_archive_in_an_archive_is_refused_whatever_its_name() -> None:
    assert "une autre" in refusal(archive({"feuille.xml": archive({"a": b"b"})}))
    assert "une autre" in refusal(archive({"a.gz": b"\x1f\x8b\x08" + b"0" * 50}))


def test_xml_that_declares_entities_is_refused() -> None:
    assert "entités" in refusal(archive({"a.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}))
    assert "entités" in refusal(archive({"a.xml": "<!DOCTYPE a []><a/>".encode("utf-16")}))


def test_an_entry_with_a_password_or_a_twin_is_refused() -> None:
    content = bytearray(archive({"a": b"b"}, zipfile.ZIP_STORED))
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert "mot de passe" in refusal(bytes(content))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            book.writestr("a", b"2")
    assert "même nom" in refusal(target.getvalue())


@given(st.data())
def test_a_broken_archive_is_opened_or_refused_never_anything_else(data: st.DataObject) -> None:
    content = bytearray(archive({"a.xml": b"<a/>" * 40, "b": b"bonjour"}))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    with contextlib.suppress(UnsafeArchive):
        safe_archive(io.BytesIO(bytes(content)))
