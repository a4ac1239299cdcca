"""data.inclusion v1 from its API (a server of ours that follows its documentation), from files, and from a dump of Dora."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from maillage.interop.sources.contract import Unreadable
from maillage.interop.sources.registry import source
from tests.interop.sources.reading import only, real, through, understood
from tests.servers import Asked, Said, serving

THEME = "creer-une-entreprise--definir-son-projet-de-creation-dentreprise"
SERVICE: dict[str, Any] = {
    "id": "dora--1", "source": "dora", "structure_id": "dora--a", "nom": "Atelier d’idées", "description": "On cherche **ensemble**.",
    "date_maj": "2026-10-01", "type": "atelier", "thematiques": [THEME, "numerique--acquerir-un-equipement"], "frais": "gratuit",
    "publics": ["femmes", "jeunes"], "modes_accueil": ["a-distance", "en-presentiel"], "commune": "Laval", "code_postal": "53000",
    "code_insee": "53130", "zone_eligibilite": ["44", "49", "53", "72", "85"], "telephone": "+33243491000",
    "courriel": "contact@exemple.org", "contact_nom_prenom": "Jeanne Martin", "mobilisable_par": ["professionnels"],
    "modes_mobilisation": ["telephoner"],
}  # fmt: skip
STRUCTURE: dict[str, Any] = {
    "id": "dora--a", "source": "dora", "nom": "Maison de l’essai", "date_maj": "2026-10-01", "siret": "", "commune": "Laval",
    "code_postal": "53000", "reseaux_porteurs": ["adie"],
}  # fmt: skip


def service(**changes: Any) -> Any:
    return only("data-inclusion", {**SERVICE, "§entité": "service", **changes})


def test_a_service_for_people_with_a_project_is_an_offer():
    found = service()
    assert not found.review
    assert not found.unknown
    (offer,) = found.offers
    assert offer["coverage"] == [{"level": "region", "code": "52"}]
    assert (offer["kind"], offer["stages"], offer["needs"]) == ("formation", ["idee", "faisabilite"], ["idee-besoin"])
    assert (offer["audiences"], offer["modes"], offer["cost"]) == (["femmes", "jeunes"], ["distance", "presentiel"], "gratuit")
    assert offer["how_to_apply"] == "Un professionnel qui vous accompagne peut la faire pour vous.\n\nTéléphoner."
    assert offer["description"] == "On cherche ensemble."
    assert "Martin" not in str(found)


def test_a_service_without_theme_of_ours_is_left_out_and_a_new_theme_is_reported():
    assert "ne concerne pas" in service(thematiques=["sante--addictions"]).left_out
    assert [one.value for one in service(thematiques=["creer-une-entreprise--nouveau"]).unknown] == [
        "creer-une-entreprise--nouveau"
    ]


def test_a_public_without_equivalent_opens_the_offer_to_all():
    assert "audiences" not in service(publics=["femmes", "familles"]).offers[0]
    assert "audiences" not in service(publics=["tous-publics"]).offers[0]


def test_without_zone_the_offer_covers_the_departement_of_its_place_and_says_it_is_deduced():
    found = service(zone_eligibilite=[])
    assert found.offers[0]["coverage"] == [{"level": "departement", "code": "53"}]
    assert "coverage" in found.deduced["offer:dora--1"]
    nowhere = service(zone_eligibilite=[], commune="", code_insee="")
    assert nowhere.review == ("Le service ne dit pas quel territoire il couvre : indiquez-le.",)


def test_a_structure_is_kept_when_one_of_its_services_is(tmp_path: Path):
    other = {**SERVICE, "id": "dora--2", "structure_id": "dora--b", "thematiques": ["sante--addictions"]}
    (tmp_path / "services.json").write_text(json.dumps([SERVICE, other]))
    (tmp_path / "structures.json").write_text(json.dumps([STRUCTURE, {**STRUCTURE, "id": "dora--b"}]))
    found = through("data-inclusion", tmp_path)
    assert {ref for ref, one in found.mapped.items() if one.left_out} == {"structure:dora--b", "service:dora--2"}
    assert found.mapped["structure:dora--a"].structures[0]["networks"] == ["adie"]
    assert found.refused_entries == []


def test_the_dump_of_dora_gives_names_instead_of_numbers():
    found = through("data-inclusion", real("data_inclusion_services_demo.json"))
    offer = found.mapped["service:france-travail--BFC0105-25"].offers[0]
    assert (offer["kind"], offer["phone"], offer["audiences"]) == ("conseil", "3949", ["demandeurs-emploi"])
    assert offer["structure_id"] == "france-travail--BFC0105"
    whole = found.mapped["service:carif-oref--10_381282S"]
    assert whole.left_out  # a service of French lessons


def test_a_dump_without_its_reference_values_says_what_to_do(tmp_path: Path):
    (tmp_path / "demo.json").write_bytes(real("data_inclusion_services_demo.json").read_bytes())
    with pytest.raises(Unreadable, match="mettez le fichier « referentiels » à côté"):
        list(source("data-inclusion").read(tmp_path / "demo.json", {}))


def answers(asked: Asked) -> Said:
    """The API as documented: a token, pages of the size asked, structures one by one."""
    if asked.headers.get("Authorization") != "Bearer jeton":
        return Said(403, b'{"detail": "Not authenticated"}')
    if asked.path == "/api/v1/services":
        assert asked.query["thematiques"] == ["creer-une-entreprise"]
        page, size = int(asked.query["page"][0]), 2
        every = [{**SERVICE, "id": f"dora--{place}"} for place in range(5)]
        items = every[(page - 1) * size : page * size]
        return Said(200, json.dumps({"items": items, "total": 5, "page": page, "size": size, "pages": 3}).encode())
    if asked.path == "/api/v1/structures/dora--a":
        return Said(200, json.dumps(STRUCTURE).encode())
    return Said(404, b"{}")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Any:
    with serving(answers) as server:
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
        monkeypatch.setenv("MAILLAGE_DATA_INCLUSION_URL", f"{server.url}/api/v1")
        monkeypatch.setenv("MAILLAGE_DATA_INCLUSION_TOKEN", "jeton")
        yield server


def test_every_page_of_the_api_is_read_and_each_structure_once(api: Any):
    one = source("data-inclusion")
    report = understood(one, one.read(None, {}))
    assert {ref for ref in report.mapped if ref.startswith("service")} == {f"service:dora--{place}" for place in range(5)}
    assert [asked.path for asked in api.asked].count("/api/v1/structures/dora--a") == 1
    assert len(api.asked) == 4
    assert report.refused_entries == []


def test_a_refused_token_and_no_token_are_told_without_the_token(api: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAILLAGE_DATA_INCLUSION_TOKEN", "périmé-secret".encode("ascii", "ignore").decode())
    with pytest.raises(Unreadable, match="refuse l’accès") as caught:
        list(source("data-inclusion").read(None, {}))
    assert "secret" not in str(caught.value)
    monkeypatch.delenv("MAILLAGE_DATA_INCLUSION_TOKEN")
    with pytest.raises(Unreadable, match="MAILLAGE_DATA_INCLUSION_TOKEN"):
        list(source("data-inclusion").read(None, {}))


def test_fewer_records_than_announced_quarantine_the_read(monkeypatch: pytest.MonkeyPatch):
    def short(asked: Asked) -> Said:
        return Said(200, json.dumps({"items": [SERVICE], "total": 5, "page": 1, "size": 1, "pages": 1}).encode())

    with serving(short) as server:
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
        monkeypatch.setenv("MAILLAGE_DATA_INCLUSION_URL", server.url)
        monkeypatch.setenv("MAILLAGE_DATA_INCLUSION_TOKEN", "jeton")
        with pytest.raises(Unreadable, match="annonçait 5 enregistrements et en a donné 1"):
            list(source("data-inclusion").read(None, {}))


@pytest.mark.parametrize(
    ("code", "variable", "file"),
    [
        ("aides-entreprises", "MAILLAGE_AIDES_ENTREPRISES_URL", "aides.json"),
        ("pays-de-la-loire-aides", "MAILLAGE_PDL_AIDES_URL", "json"),
    ],
)
def test_an_open_data_file_is_downloaded_and_a_web_page_in_its_place_is_told(
    code: str, variable: str, file: str, monkeypatch: pytest.MonkeyPatch
):
    bodies = [b"[]", b"<html>Maintenance</html>"]

    def answer(asked: Asked) -> Said:
        return Said(200, bodies.pop(0)) if bodies else Said(404, b"")

    with serving(answer) as server:
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
        monkeypatch.setenv(variable, f"{server.url}/{file}")
        assert list(source(code).read(None, {})) == []
        with pytest.raises(Unreadable, match="est une page web"):
            list(source(code).read(None, {}))
        with pytest.raises(Unreadable, match="n’a plus de fichier à cette adresse"):
            list(source(code).read(None, {}))


@pytest.mark.parametrize(
    "code", ["france-services", "agences-emploi", "lieux-mediation-numerique", "aides-entreprises-mte", "flux-drome"]
)
def test_a_source_without_service_says_that_it_wants_a_file(code: str):
    with pytest.raises(Unreadable, match="se lit dans un fichier donné à la main"):
        list(source(code).read(None, {}))
