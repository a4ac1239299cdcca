"""ZIP files that somebody sends (XLSX are some): looked at before anything is unpacked.

Sizes that an archive declares bound what can be read from it: `zipfile` stops there and checks the CRC. So the sum of what is declared is
what unpacking may cost, overlapping entries included.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

_END_RECORD = b"PK\x05\x06"
#: What files that hold others begin with: ZIP, gzip, bzip2, xz, 7z, RAR, zstd.
_NESTED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
#: The list of entries weighs less than this for each that is allowed (names are short).
_ENTRY_BYTES = 600
#: A ratio means nothing for a file of a few bytes.
_TOO_SMALL_FOR_A_RATIO = 4_096
#: XML that declares entities is not read: nobody needs it, and it can grow without end.
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


class UnsafeArchive(ValueError):
    """The archive is broken or dangerous; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: bytes once unpacked, times its packed size, entries."""

    unpacked: int = 50_000_000
    ratio: int = 100
    entries: int = 2_000


def safe_archive(file: BinaryIO, limits: Limits = Limits()) -> ZipFile:
    """The archive, once it was looked at: nothing in it is larger than it says, nested, encrypted or twice there. Raises UnsafeArchive."""
    _check_list(file, limits)
    try:
        archive = ZipFile(file)
        infos = archive.infolist()
        _check_sizes(infos, limits)
        for info in infos:
            if not info.is_dir():
                _check_beginning(archive, info)
    except UnsafeArchive:
        raise
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error) as error:
        raise UnsafeArchive("cette archive est abîmée ou incomplète : enregistrez le fichier à nouveau.") from error
    except Exception as error:  # zlib and lzma raise their own; a file from outside never stops the program
        raise UnsafeArchive("cette archive ne peut pas être décompressée.") from error
    return archive


def _check_list(file: BinaryIO, limits: Limits) -> None:
    """Refuse a list of entries that would fill the memory by itself, before reading it."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END_RECORD)
    if at < 0 or len(tail) - at < 22:
        raise UnsafeArchive("ce fichier commence comme une archive ZIP mais n’en a pas la fin : il est incomplet.")
    entries, list_size = struct.unpack("<HL", tail[at + 10 : at + 16])
    if entries > limits.entries or (list_size > limits.entries * _ENTRY_BYTES and list_size != 0xFFFFFFFF):
        raise UnsafeArchive(f"cette archive a plus de {limits.entries} fichiers.")
    if list_size == 0xFFFFFFFF:
        raise UnsafeArchive("cette archive est au format ZIP64 : aucun fichier attendu ici n’est si grand.")


def _check_sizes(infos: list[ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.entries:
        raise UnsafeArchive(f"cette archive a plus de {limits.entries} fichiers.")
    if len({info.filename for info in infos}) != len(infos):
        raise UnsafeArchive("cette archive contient deux fichiers du même nom.")
    if sum(info.file_size for info in infos) > limits.unpacked:
        raise UnsafeArchive(f"cette archive pèserait plus de {limits.unpacked // 1_000_000} Mo une fois décompressée.")
    for info in infos:
        if info.flag_bits & 1:
            raise UnsafeArchive("cette archive est protégée par un mot de passe.")
        if info.file_size > _TOO_SMALL_FOR_A_RATIO and info.file_size > limits.ratio * max(1, info.compress_size):
            raise UnsafeArchive(f"un fichier de cette archive grossirait plus de {limits.ratio} fois en se décompressant.")


def _check_beginning(archive: ZipFile, info: ZipInfo) -> None:
    with archive.open(info) as entry:
        beginning = entry.read(2_048)
    if beginning.startswith(_NESTED):
        raise UnsafeArchive("cette archive en contient une autre : envoyez le fichier lui-même.")
    if any(word in beginning for word in _DECLARATIONS):
        raise UnsafeArchive("un fichier XML de cette archive déclare des entités : il n’est pas lu.")
