"""The people of a structure, who write its campaigns."""

from tests.catalogue.space.conftest import as_person, cast

__all__ = ["as_person", "cast"]
