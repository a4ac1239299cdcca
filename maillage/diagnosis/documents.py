"""Files that support an answer: a short list of formats, recognised by their content, stored under a random name in the data folder."""

from __future__ import annotations

import re
import secrets
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

#: The largest file, in bytes, and how many files one assessment may hold.
LARGEST, AT_MOST = 5_000_000, 20

#: Kind → the type that is sent with it.
TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_ZIPPED_BY_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


class Refused(ValueError):
    """The file is not taken; the message is a sentence for whoever sent it."""


def folder() -> Path:
    """Where documents are: in the data folder, which no web server shows."""
    return Path(settings.MAILLAGE_DATA) / "diagnosis-documents"


def kind_of(content: bytes) -> str:
    """The format of a file by what it holds, not by its name. Raises Refused for any other than those of `TYPES`."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"PK\x03\x04") and (kind := _zipped(content)):
        return kind
    raise Refused(
        _(
            "Ce fichier n’est pas d’un format accepté. Envoyez un PDF, un document ODT ou DOCX, un tableau ODS ou XLSX, une image PNG ou JPEG."
        )
    )


def _zipped(content: bytes) -> str | None:
    """The kind of an office document. Only its list of parts and its short `mimetype` are read: nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None  # macros
            for part, kind in _ZIPPED_BY_PART.items():
                if part in names and "[Content_Types].xml" in names:
                    return kind
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                said = archive.read("mimetype").decode("ascii", "replace")
                return next((kind for kind in ("odt", "ods") if TYPES[kind] == said), None)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    return None


def clean_name(name: str, kind: str) -> str:
    """A name that is safe to keep and to send: letters, figures, spaces and a few signs, with the extension of its kind."""
    stem = Path(name.replace("\\", "/")).name.rpartition(".")[0] or name
    stem = " ".join(re.sub(r"[^\w\s().,’'-]", " ", stem).split())[:120].strip(" .") or _("document")
    return f"{stem}.{kind}"


class Upload(Protocol):
    """What can be read by pieces: an uploaded file."""

    def read(self, size: int, /) -> bytes:
        """At most this many bytes."""


def read(upload: Upload, size: int | None) -> tuple[bytes, str]:
    """The bytes and the kind of an upload. Raises Refused when it is empty, too large, or of another format."""
    if size is not None and size > LARGEST:
        raise Refused(_too_large())
    content = upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(_too_large())
    if not content:
        raise Refused(_("Choisissez un fichier qui n’est pas vide."))
    return content, kind_of(content)


def _too_large() -> str:
    return _("Ce fichier est trop lourd\u202f: %(limit)d Mo au plus.") % {"limit": LARGEST // 1_000_000}


def store(content: bytes) -> str:
    """Write a file; gives its random name."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(24)
    partial = folder() / f"{name}.partial"
    partial.write_bytes(content)
    partial.rename(folder() / name)
    return name


def path_of(stored_as: str) -> Path:
    """Where a stored file is."""
    assert re.fullmatch(r"[0-9a-f]{48}", stored_as), "a name that we made"
    return folder() / stored_as


def remove(names: Iterable[str]) -> None:
    """Delete stored files; one that is gone already is no problem."""
    for name in names:
        path_of(name).unlink(missing_ok=True)
