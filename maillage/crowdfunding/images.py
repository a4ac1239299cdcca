"""Pictures that people send: PNG or JPEG, known by their first bytes and by their size in pixels, never by their name. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

#: A picture of a card needs no more.
LARGEST_BYTES = 1_000_000
LARGEST_SIDE = 6_000
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MIME = {"png": "image/png", "jpg": "image/jpeg"}


class NotAnImage(ValueError):
    """The file is refused; the message is a code of `REASONS` of the form."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be kept: its kind and its size in pixels."""

    kind: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """What these bytes show. Raises NotAnImage("size" | "kind" | "damaged" | "pixels")."""
    if len(content) > LARGEST_BYTES:
        raise NotAnImage("size")
    if content.startswith(_PNG):
        kind, size = "png", _png_size(content)
    elif content.startswith(_JPEG):
        kind, size = "jpg", _jpeg_size(content)
    else:
        raise NotAnImage("kind")
    if size is None or not all(size):
        raise NotAnImage("damaged")
    if max(size) > LARGEST_SIDE:
        raise NotAnImage("pixels")
    return Picture(kind, *size)


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24 or b"IEND" not in content[-16:]:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """The size in the first frame header (SOFn); the segments before it are skipped by their lengths."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, (length,) = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
