"""Zonings in three values, and the optional file that the build script reads."""

from dataclasses import replace

import pytest

from maillage.territories import queries
from maillage.territories.build import zonings

LAVAL = queries.commune("53130")


def test_shipped_zonings_are_unknown_as_long_as_no_source_was_given():
    known = {zoning for zoning, _, _ in queries.edition().zonings}
    for zoning, column in [("frr", "frr"), ("frr-plus", "frr"), ("qpv", "qpv"), ("densite-3", "densite")]:
        if column not in known:
            assert not any(queries.zoning_known(commune, zoning) for commune in queries.all_communes())
            assert queries.in_zoning(LAVAL, zoning) is None


@pytest.mark.parametrize(
    ("frr", "in_frr", "in_frr_plus"),
    [(None, None, None), ("non", False, False), ("frr", True, False), ("frr-plus", True, True), ("partiel", None, None)],
)
def test_a_commune_classed_in_part_is_to_check(frr, in_frr, in_frr_plus):
    commune = replace(LAVAL, frr=frr)
    assert queries.in_zoning(commune, "frr") is in_frr
    assert queries.in_zoning(commune, "frr-plus") is in_frr_plus
    assert queries.zoning_known(commune, "frr") is (in_frr is not None)


def test_zonings_of_a_commune_are_those_that_hold_for_certain():
    commune = replace(LAVAL, frr="frr-plus", qpv=False, density=2)
    assert queries.zonings_of(commune) == {"frr", "frr-plus", "densite-2"}
    assert queries.in_zoning(commune, "densite-3") is False
    assert queries.zonings_of(replace(LAVAL, frr=None, qpv=None, density=None)) == frozenset()


def test_a_code_that_is_no_zoning_is_refused():
    with pytest.raises(ValueError, match="n’est pas un zonage connu"):
        queries.in_zoning(LAVAL, "zrr")


@pytest.fixture
def zoning_file(tmp_path):
    def write(rows, credits='[frr]\ndate = "2025-07-10"\nsource = "DGCL"\n[densite]\ndate = "2026-01-01"\nsource = "INSEE"\n'):
        (tmp_path / "zonages.csv").write_text(rows, encoding="utf-8")
        (tmp_path / "zonages.toml").write_text(credits, encoding="utf-8")
        return tmp_path / "zonages.csv"

    return write


def test_the_file_gives_columns_with_their_date_and_source(zoning_file):
    path = zoning_file("commune,frr,densite\n53130,non,2\n53062,partiel,\n")
    assert zonings.read(path, {"53130", "53062"}) == (
        {"53130": {"frr": "non", "densite": "2"}, "53062": {"frr": "partiel", "densite": ""}},
        [["frr", "2025-07-10", "DGCL"], ["densite", "2026-01-01", "INSEE"]],
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("code,frr\n53130,non\n", r"zonages.csv, ligne 1 : colonnes attendues « commune »"),
        ("commune,zrr\n53130,non\n", r"zonages.csv, ligne 1"),
        ("commune,frr\n53130,non\n99999,non\n", r"zonages.csv, ligne 3, commune : « 99999 »"),
        ("commune,frr\n53130,oui\n", r"zonages.csv, ligne 2, frr : « oui »"),
        ("commune,qpv\n53130,oui\n", r"zonages.toml : il manque la date et la source de « qpv »"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(zoning_file, rows, message):
    with pytest.raises(ValueError, match=message):
        zonings.read(zoning_file(rows), {"53130"})


@pytest.mark.parametrize(
    "credits", ['[frr]\nsource = "DGCL"\n', '[frr]\ndate = "juillet"\nsource = "DGCL"\n', '[frr]\ndate = "2025-07-10"\n']
)
def test_a_column_without_a_date_or_a_source_is_refused(zoning_file, credits):
    with pytest.raises(ValueError, match=r"zonages.toml, \[frr\]"):
        zonings.read(zoning_file("commune,frr\n53130,non\n", credits), {"53130"})
