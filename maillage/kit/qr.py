"""An address as a QR code, drawn by the server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno

#: White around the code, in modules (ISO/IEC 18004 asks for four).
BORDER = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code ready to draw: a white square of `side` modules, and the path data of its dark ones (`fill`)."""

    side: int
    path: str

    @property
    def svg(self) -> str:
        """The code as an SVG file."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.side} {self.side}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0,0h{self.side}v{self.side}h-{self.side}z"/><path fill="#000" d="{self.path}"/></svg>'
        )


@lru_cache(maxsize=128)
def qr_code(address: str) -> QrCode | None:
    """The QR code of an address; None when the address is too long for one (about 2,300 characters)."""
    try:
        matrix = segno.make_qr(address, error="m", boost_error=False).matrix
    except segno.DataOverflowError:
        return None
    runs = []
    for y, row in enumerate(matrix, start=BORDER):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + BORDER},{y}h{end - x}v1h-{end - x}z")
            x = end + 1
    return QrCode(len(matrix) + 2 * BORDER, "".join(runs))
