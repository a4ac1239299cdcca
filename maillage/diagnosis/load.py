"""Puts the grids that ship with Maillage and its regions into the tables. Idempotent; never changes what is published.

Files: `regions/_grids/*.toml` for every portal, `regions/<region>/grids/*.toml` for one. A file holds the last version of its grid: when its
content is new, it becomes the next version, published. A region that published a version of its own keeps it: the file then changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.diagnosis.grid import GridError, digest, read_grid
from maillage.diagnosis.models import Grid, GridVersion
from maillage.journal.actions import record
from maillage.kit.regions import region_folders, regions_folders
from maillage.vocabulary.words import VocabularyError, read_toml, vocabulary

#: Keys of a file that belong to the grid, not to a version of it.
_OF_THE_GRID = ("code", "order")


@dataclass(slots=True)
class LoadedGrids:
    """What a load did: versions published, grids whose region keeps its own version, defects of files."""

    published: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def grid_files() -> Iterator[tuple[str, Path]]:
    """The files of grids, each with its region ("" for everybody)."""
    for parent in regions_folders():
        for path in sorted((parent / "_grids").glob("*.toml")):
            yield "", path
    for folder in region_folders():
        for path in sorted((folder / "grids").glob("*.toml")):
            yield folder.name, path


def load_grids() -> LoadedGrids:
    """Load every file. A file that is wrong is said and left aside; the others go on."""
    done = LoadedGrids()
    needs = frozenset(vocabulary().codes("need"))
    for region, path in grid_files():
        try:
            data = read_toml(path)
            content = {key: value for key, value in data.items() if key not in _OF_THE_GRID}
            read_grid(content, needs)
            code = data["code"]
        except (VocabularyError, GridError, KeyError) as error:
            done.problems.append(f"{path.name} : {error}")
            continue
        with transaction.atomic():
            _load(code, region, data.get("order", 100), content, done)
    return done


def _load(code: str, region: str, order: int, content: Mapping[str, Any], done: LoadedGrids) -> None:
    grid, _created = Grid.objects.select_for_update().get_or_create(code=code, defaults={"region": region, "order": order})
    versions = list(GridVersion.objects.filter(grid=grid).order_by("-number"))
    mark = digest(content)
    if any(version.digest == mark and version.is_published for version in versions):
        return
    published = [version for version in versions if version.is_published]
    if published and not published[0].shipped:
        done.kept.append(str(published[0]))
        return
    number = versions[0].number + 1 if versions else 1
    made = GridVersion.objects.create(
        grid=grid,
        number=number,
        status=GridVersion.Status.PUBLISHED,
        content=content,
        digest=mark,
        shipped=True,
        published_at=timezone.now(),
    )
    record("published", made)
    done.published.append(str(made))
