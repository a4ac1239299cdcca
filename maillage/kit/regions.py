"""Where the regions' data files are: the folder shipped with the package, then the one of MAILLAGE_REGIONS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SHIPPED_REGIONS = Path(__file__).resolve().parent.parent / "regions"


def regions_folders() -> tuple[Path, ...]:
    """Where the regions' data is: the folder shipped with the package, then the one of MAILLAGE_REGIONS if it is set."""
    extra = os.environ.get("MAILLAGE_REGIONS", "").strip()
    return (SHIPPED_REGIONS, Path(extra)) if extra else (SHIPPED_REGIONS,)


def region_folders() -> Iterator[Path]:
    """Every folder of one region, shipped ones first, in name order."""
    for parent in regions_folders():
        if parent.is_dir():
            yield from sorted(child for child in parent.iterdir() if child.is_dir() and not child.name.startswith("_"))
