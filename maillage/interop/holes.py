"""What people wrote of the holes of the catalogue: the `holes.toml` of the regions' folders."""

from __future__ import annotations

from typing import Any

from maillage.kit.regions import region_folders
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import VocabularyError, read_toml


def written_holes(portal: Portal) -> tuple[str, ...]:
    """The sentences of `holes.toml`: those of the portal's folder, then those of the folders that are no region's (`france`).

    Raises VocabularyError when a file is not a list `holes` of sentences.
    """
    found: list[str] = []
    own = [folder for folder in region_folders() if folder.name == portal.code]
    common = [folder for folder in region_folders() if not (folder / "portal.toml").is_file()]
    for folder in (*own, *common):
        path = folder / "holes.toml"
        if path.is_file():
            content: dict[str, Any] = read_toml(path)
            sentences = content.get("holes")
            if set(content) != {"holes"} or not isinstance(sentences, list) or not all(isinstance(one, str) for one in sentences):
                raise VocabularyError(f'{folder.name}/holes.toml : il faut une liste de phrases, holes = ["…", "…"].')
            found += sentences
    return tuple(found)
