"""Aides-territoires: its API, both generations, and its extract, record by record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from maillage.catalogue.models import Offer
from maillage.interop.sources import aides_territoires as package
from maillage.interop.sources import files
from maillage.interop.sources.aides_territoires import mapping, reader
from maillage.interop.sources.contract import Mapped, Raw, Unreadable
from maillage.interop.sources.maps import MISSING, labels
from maillage.interop.sources.registry import load, registry
from maillage.interop.sources.stages import _table
from maillage.interop.steps.run import sync
from maillage.vocabulary.words import vocabulary
from tests.servers import Asked, Said, serving

FOLDER = Path(package.__file__).parent
EXTRACT = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "aides_territoires_extrait.csv"
has_extract = pytest.mark.skipif(not EXTRACT.is_file(), reason="the real extract is not beside the project (../shared/data)")
ACCOUNT = "jeton-du-compte"

AID: dict[str, Any] = {
    "id": 4242, "slug": "creer-un-tiers-lieu", "url": "/aides/creer-un-tiers-lieu/", "name": "Créer un tiers-lieu", "name_initial": None,
    "short_title": None, "financers": ["Région fictive", "Fonds fictif"], "financers_full": [{"id": 1, "name": "Région fictive", "logo": None}],
    "instructors": ["Service fictif"], "instructors_full": [], "programs": ["Programme fictif"],
    "description": "<p>Aide à la <b>création d&#39;activité</b> en milieu rural.</p><p>Suite.</p><script>x</script>", "eligibility": "<ul><li>Être une association</li></ul>",
    "perimeter": "Pays de la Loire", "perimeter_scale": "Région", "mobilization_steps": ["Réflexion / conception", "Mise en œuvre / réalisation"],
    "origin_url": "https://region.example/aide", "categories": ["Développement économique / production et consommation / Tiers-lieux", "Fonctions support / Animation et mise en réseau"],
    "is_call_for_project": True, "application_url": "https://region.example/demande", "targeted_audiences": ["Association", "Entreprise privée", "Commune"],
    "aid_types": ["Subvention", "Ingénierie financière"], "aid_types_full": [], "is_charged": False, "destinations": ["Dépenses de fonctionnement"],
    "start_date": "2026-09-01", "predeposit_date": "2026-10-01", "submission_deadline": "2027-01-31", "subvention_rate_lower_bound": 0,
    "subvention_rate_upper_bound": 80, "subvention_comment": "Plafond à 30 000 €", "loan_amount": None, "recoverable_advance_amount": None,
    "contact": "<p>Mme Camille Untel, camille.untel@region.example — accueil : contact@region.example</p>", "recurrence": "Ponctuelle", "project_examples": "",
    "import_data_url": None, "import_data_mention": None, "import_share_licence": None, "date_created": "2024-05-21T12:15:00+00:00",
    "date_updated": "2026-11-02T00:03:04+00:00", "project_references": [], "european_aid": None, "is_live": True,
}  # fmt: skip


def _aid(**changes: Any) -> dict[str, Any]:
    return {**AID, **changes}


def _mapped(payload: Any, ref: str = "4242") -> Mapped:
    return mapping.map(mapping.clean(Raw(ref, payload)))


class Service:
    """The API: an account token exchanged for a token that works `lasts` times; pages of `size` aids."""

    def __init__(self, aids: list[Any], *, hydra: bool = False, lasts: int = 1000, size: int = 2) -> None:
        self.aids, self.hydra, self.lasts, self.size = aids, hydra, lasts, size
        self.tokens = 0
        self.left = 0
        self.announced: int | None = None
        self.old = False

    def answer(self, asked: Asked) -> Said:
        """One answer."""
        if asked.path == "/api/connexion/":
            if self.old:
                return Said(404)
            if asked.method != "POST" or asked.headers.get("X-AUTH-TOKEN") != ACCOUNT:
                return Said(401, b'{"message": "Invalid credentials."}')
            self.tokens, self.left = self.tokens + 1, self.lasts
            return Said(body=json.dumps({"token": f"jour-{self.tokens}"}).encode())
        assert asked.path == "/api/aids/all/"
        if not self.old and (asked.headers.get("Authorization") != f"Bearer jour-{self.tokens}" or not self.left):
            return Said(401, b'{"code": 401, "message": "Expired JWT Token"}')
        self.left -= 1
        page = int(asked.query["page"][0])
        some = self.aids[(page - 1) * self.size : page * self.size]
        count = len(self.aids) if self.announced is None else self.announced
        following = f"https://ailleurs.example/?page={page + 1}" if page * self.size < len(self.aids) else None
        body: dict[str, Any] = {"count": count, "previous": None, "next": following, "results": some}
        if self.hydra:
            body = {"hydra:totalItems": count, "hydra:member": some, "hydra:view": {"hydra:next": following} if following else {}}
        return Said(body=json.dumps(body).encode())


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Read a service through loopback."""
    monkeypatch.setenv("MAILLAGE_AIDES_TERRITOIRES_TOKEN", ACCOUNT)
    monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")

    def read(service: Service) -> list[Raw]:
        with serving(service.answer) as server:
            monkeypatch.setenv("MAILLAGE_AIDES_TERRITOIRES_URL", server.url)
            return list(reader.read(None, {}))

    return read


@pytest.mark.parametrize("hydra", [False, True])
def test_every_page_of_either_envelope_is_read(ask: Any, hydra: bool) -> None:
    records = ask(Service([*(_aid(id=number) for number in range(1, 6)), "abîmé"], hydra=hydra))
    assert [raw.ref for raw in records] == ["1", "2", "3", "4", "5", ""]
    assert records[1].revision == AID["date_updated"]
    with pytest.raises(ValueError, match="objet"):
        mapping.clean(records[-1])


def test_the_token_of_the_day_is_renewed_when_it_is_refused_on_the_way(ask: Any) -> None:
    service = Service([_aid(id=number) for number in range(1, 8)], lasts=2)
    assert len(ask(service)) == 7
    assert service.tokens == 2


def test_the_first_api_asked_for_no_token(ask: Any) -> None:
    service = Service([_aid(id=1)])
    service.old = True
    assert len(ask(service)) == 1


def test_an_aid_seen_on_two_pages_comes_once(ask: Any) -> None:
    service = Service([_aid(id=1), _aid(id=2), _aid(id=2), _aid(id=3)])
    service.announced = 3
    assert [raw.ref for raw in ask(service)] == ["1", "2", "3"]


def test_fewer_aids_than_announced_is_not_taken_for_the_whole(ask: Any) -> None:
    service = Service([_aid(id=1)])
    service.announced = 3
    with pytest.raises(Unreadable, match="annonçait 3 aides et en a donné 1"):
        ask(service)


def test_a_wrong_account_token_is_said_without_telling_it(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_AIDES_TERRITOIRES_TOKEN", "faux")
    with pytest.raises(Unreadable, match="refuse le jeton") as told:
        ask(Service([]))
    assert "faux" not in str(told.value)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"resultats": []}', b'{"results": 3}', b""])
def test_an_answer_of_another_shape_is_said(ask: Any, body: bytes) -> None:
    service = Service([])
    exchange = service.answer
    service.answer = lambda asked: exchange(asked) if asked.path == "/api/connexion/" else Said(body=body)  # type: ignore[method-assign]
    with pytest.raises(Unreadable, match=r"\.$"):
        ask(service)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_service_in_trouble_is_said(ask: Any, status: int) -> None:
    service = Service([])
    exchange = service.answer
    service.answer = lambda asked: exchange(asked) if asked.path == "/api/connexion/" else Said(status)  # type: ignore[method-assign]
    with pytest.raises(Unreadable, match=str(status)):
        ask(service)


def test_an_aid_becomes_a_structure_and_an_offer() -> None:
    mapped = _mapped(AID)
    structure, offer = mapped.structures[0], mapped.offers[0]
    assert structure == {"id": "region-fictive", "name": "Région fictive", "nonprofit": "public"}
    assert offer["name"] == "Créer un tiers-lieu"
    assert (offer["kind"], offer["instrument"], offer["rate_max"]) == ("financement", "subvention", 80)
    assert offer["needs"] == ["recherche-financement", "partenariats"]
    assert offer["sectors"] == ["tiers-lieux"]
    assert {"association", "scic", "collectivite"} <= set(offer["legal_forms"])
    assert offer["coverage"] == [{"level": "region", "code": "52"}]
    assert (offer["opens"], offer["closes"], offer["recurrence"]) == ("2026-09-01", "2027-01-31", "ponctuelle")
    assert offer["stages"] == ["creation"]
    assert mapped.deduced == {"offer:4242": {"stages": "d’après les mots du titre et de l’objet"}}
    assert offer["url"] == "https://region.example/aide"
    assert offer["source_url"] == "https://aides-territoires.beta.gouv.fr/aides/creer-un-tiers-lieu/"
    assert offer["updated"] == "2026-11-02"
    assert "Fonds fictif, Service fictif" in offer["description"]
    assert "- Être une association" in offer["description"]
    assert offer["email"] == "contact@region.example"
    assert "camille" not in json.dumps(mapped.offers, ensure_ascii=False).lower()
    assert "<" not in offer["description"]
    assert mapped.review == ()
    assert mapped.unknown == ()


def test_the_first_api_gives_the_same_sheet() -> None:
    recent = {
        "financers_full",
        "instructors_full",
        "aid_types_full",
        "perimeter_scale",
        "subvention_comment",
        "project_references",
        "european_aid",
        "is_live",
    }
    old = {key: value for key, value in AID.items() if key not in recent}
    old |= {"categories": "|".join(AID["categories"]), "targeted_audiences": ["association", "private_sector", "commune"], "aid_types": ["grant", "financial_engineering"], "recurrence": "oneoff", "mobilization_steps": ["preop", "op"]}  # fmt: skip
    expected, found = _mapped(AID).offers[0], _mapped(old).offers[0]
    assert {key: value for key, value in found.items() if key != "description"} == {
        key: value for key, value in expected.items() if key != "description"
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"targeted_audiences": ["Commune", "Intercommunalité / Pays"]}, "ni pour les associations ni pour les entreprises"),
        ({"targeted_audiences": ["Particulier", "Recherche"]}, "ni pour les associations ni pour les entreprises"),
        ({"is_live": False}, "plus en ligne"),
        ({"submission_deadline": "2020-01-31"}, "close depuis le 2020-01-31"),
    ],
)
def test_an_aid_that_is_not_for_the_ess_is_left_out_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    mapped = _mapped(_aid(**changes))
    assert reason in mapped.left_out
    assert mapped.offers == ()


def test_a_call_that_closed_recently_is_kept_with_its_dates() -> None:
    closed = (date.today() - timedelta(days=30)).isoformat()
    assert _mapped(_aid(submission_deadline=closed, start_date="2020-01-01")).offers[0]["closes"] == closed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("targeted_audiences", "Licornes"),
        ("aid_types", "Troc"),
        ("categories", "Magie / Sorts"),
        ("mobilization_steps", "Ensuite"),
    ],
)
def test_a_label_that_no_table_knows_is_reported(field: str, value: str) -> None:
    mapped = _mapped(_aid(**{field: [*AID[field], value]}))
    assert [one.value for one in mapped.unknown] == [value]
    assert mapped.offers


def test_an_aid_for_public_bodies_and_somebody_unknown_waits_instead_of_being_left_out() -> None:
    mapped = _mapped(_aid(targeted_audiences=["Commune", "Licornes"]))
    assert mapped.offers
    assert mapped.unknown


@pytest.mark.parametrize(
    ("perimeter", "scale", "said"),
    [
        ("GAL Loire AAP Revitalisation", "Ad-hoc", "« GAL Loire AAP Revitalisation » (Ad-hoc)"),
        ("Mayenne", None, "peut-être : Mayenne, Mayenne"),
        (None, None, "ne dit pas son périmètre"),
        ("Loire-Bretagne", "Bassin hydrographique", "n’est pas un territoire connu"),
    ],
)
def test_a_perimeter_that_is_not_one_territory_waits_with_what_it_may_be(
    perimeter: str | None, scale: str | None, said: str
) -> None:
    mapped = _mapped(_aid(perimeter=perimeter, perimeter_scale=scale))
    assert any(said in sentence for sentence in mapped.review)
    assert mapped.deduced["offer:4242"]["coverage"] == "valeur provisoire : toute la France"


def test_without_a_perimeter_the_territory_of_a_collectivite_that_funds_is_proposed() -> None:
    mapped = _mapped(_aid(perimeter=None, financers=["Conseil départemental du Morbihan"]))
    assert mapped.offers[0]["coverage"] == [{"level": "departement", "code": "56"}]
    assert mapped.deduced["offer:4242"]["coverage"] == "territoire du financeur"
    assert mapped.review


def test_mainland_and_a_set_of_regions_are_what_they_say() -> None:
    mainland = _mapped(_aid(perimeter="Métropole", perimeter_scale="Métropole")).offers[0]
    assert mainland["coverage"] == [{"level": "france", "code": "france"}]
    assert len(mainland["excluded"]) == 5
    assert len(_mapped(_aid(perimeter="regions_32_52", perimeter_scale="Ad-hoc")).offers[0]["coverage"]) == 2


def test_dates_that_contradict_each_other_are_told_and_not_taken() -> None:
    mapped = _mapped(_aid(start_date="2027-06-01"))
    assert "opens" not in mapped.offers[0]
    assert any("avant d’ouvrir" in sentence for sentence in mapped.review)


def test_a_loan_tells_its_amount_and_an_engineering_its_cost() -> None:
    assert _mapped(_aid(aid_types=["Prêt"], loan_amount=50_000)).offers[0]["amount_max"] == 50_000
    assert _mapped(_aid(aid_types=["Ingénierie technique"], is_charged=True)).offers[0]["cost"] == "payant"
    assert "amount_max" not in _mapped(_aid(aid_types=["Prêt"], loan_amount="beaucoup")).offers[0]


@pytest.mark.parametrize("field", sorted(AID))
@pytest.mark.parametrize(
    "value", [None, "", [], {}, 0, -1, "x", ["x", None, 3], {"a": 1}, True, 10**30, float("inf"), float("nan")]
)
def test_whatever_a_field_holds_the_record_gives_a_sheet_a_reason_or_a_refusal(field: str, value: Any) -> None:
    try:
        mapped = _mapped(_aid(**{field: value}))
    except ValueError as refused:
        said = str(refused)
    else:
        said = mapped.left_out or mapped.offers[0]["name"]
    assert said


def test_each_label_leads_to_codes_of_the_vocabulary() -> None:
    words, hints = vocabulary(), _table()["types"]
    assert all(words.knows("legal_form", code) for code in labels(FOLDER, "audiences").codes())
    assert all(words.knows(name, code) for name, _, code in (one.partition(":") for one in labels(FOLDER, "categories").codes()))
    assert all(
        any(words.knows(name, code) for name in ("kind", "instrument", "need")) for code in labels(FOLDER, "types").codes()
    )
    assert set(labels(FOLDER, "recurrences").codes()) == {"permanent", "ponctuelle", "recurrente"}
    assert set(labels(FOLDER, "etapes").codes()) <= set(hints)
    assert len(labels(FOLDER, "categories").labels) == 87


@has_extract
def test_each_label_of_the_real_extract_is_known() -> None:
    columns = {"Bénéficiaire": "audiences", "Types d'aides": "types", "Récurrence": "recurrences"}
    rows = files.table(EXTRACT.read_bytes(), EXTRACT.name).rows
    met = {(name, label) for row in rows for column, name in columns.items() for label in row.cells[column].split(";") if label}
    assert {(name, label) for name, label in met if labels(FOLDER, name).get(label) is MISSING} == set()


@has_extract
@pytest.mark.django_db
def test_the_real_extract_is_accounted_for_record_by_record() -> None:
    source = load(FOLDER, "maillage.interop.sources")
    run = sync(source, EXTRACT)
    assert run.state == "done", run.reason
    assert run.counts["read"] == run.counts["records"] == 274
    assert (run.counts["left_out"], run.counts["waiting"], run.counts["refused"], run.counts["published"]) == (226, 48, 0, 0)
    reasons = Counter(
        reason.split(" le ")[0] for record in run.records.filter(outcome="left-out").order_by("pk") for reason in record.reasons
    )
    assert reasons == {"L’aide n’est ni pour les associations ni pour les entreprises.": 218, "L’aide est close depuis": 8}
    assert Offer.objects.filter(source="aides-territoires").exclude(status="published").count() == 48
    again = sync(source, EXTRACT)
    assert (again.counts["created"], again.counts["changed"], again.counts["proposed"]) == (0, 0, 0)


def test_the_folder_is_a_source_that_the_registry_gives() -> None:
    source = registry().sources["aides-territoires"]
    assert source.code == "aides-territoires"
    assert source.needs == ("MAILLAGE_AIDES_TERRITOIRES_TOKEN",)
    assert source.publishes == "review"
