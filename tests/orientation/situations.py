"""Random situations that meet the random worlds of tests/catalogue/worlds.py."""

from __future__ import annotations

from hypothesis import strategies as st

from maillage.orientation.situation import Situation
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds


def _codes(name: str, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    codes = vocabulary().codes(name)[:most]
    return st.one_of(st.just(()), st.lists(st.sampled_from(codes), unique=True, max_size=2).map(tuple))


def _one(name: str, most: int) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *vocabulary().codes(name)[:most]))


def situations() -> st.SearchStrategy[Situation]:
    """Anything that a person may say, often little."""
    return st.builds(
        Situation,
        stage=_one("stage", 6),
        commune=st.one_of(st.none(), worlds.communes()),
        needs=_codes("need", 4),
        sectors=_codes("sector", 3),
        legal_form=_one("legal_form", 3),
        audiences=_codes("audience", 3),
        modes=_codes("mode", 2),
        costs=_codes("cost", 4),
        kinds=_codes("kind", 6),
        text=st.one_of(st.just(""), st.just(""), st.sampled_from(worlds.QUERIES)),
        facts=st.fixed_dictionaries(
            {},
            optional={
                "salaries": st.sampled_from((0, 1, 3, 80)),
                "mois-creation": st.sampled_from((0, 12, 60)),
                "immatricule": st.booleans(),
                "esus": st.booleans(),
            },
        ),
    )
