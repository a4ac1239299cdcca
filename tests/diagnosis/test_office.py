"""The office of the grids: a new version is written as a draft, published for ever; anonymous counts with small cells hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import Person, Role
from maillage.diagnosis.load import LoadedGrids
from maillage.diagnosis.models import Assessment, Diagnosis, GridVersion
from maillage.diagnosis.office.counts import counted
from maillage.diagnosis.versions import version
from maillage.journal.models import Entry
from tests.conftest import StrictClient
from tests.diagnosis.test_open import words


@pytest.fixture
def alice(client: StrictClient, grids: LoadedGrids) -> Person:
    """Somebody of the animation, signed in."""
    person = Person.objects.create_user("alice@example.org", "un mot de passe long", role=Role.ANIMATION)
    client.force_login(person)
    return person


def draft_of(client: StrictClient, code: str = "rapide") -> GridVersion:
    assert client.post(reverse("office-grid-draft", args=(code,))).status_code == 303
    return GridVersion.objects.select_related("grid").get(grid__code=code, status="brouillon")


def values(client: StrictClient, address: str) -> dict[str, str]:
    """What the form of a page holds."""
    form = client.get(address).context["form"]
    seen = client.get(address).context["seen"]
    return {name: form[name].value() or "" for name in form.fields} | {"vu": seen, "acte": "enregistrer"}


def test_a_criterion_is_reworded_in_a_draft_then_published_and_old_results_stay(client: StrictClient, alice: Person) -> None:
    draft = draft_of(client)
    address = reverse("office-grid-criterion", args=("rapide", 2, "besoin-mal-couvert"))
    fields = values(client, address) | {"title_fr": "Un besoin sans réponse", "position": "2"}
    assert client.post(address, fields).status_code == 303
    page = words(client.get(reverse("office-grid", args=("rapide", 2))))
    assert "Modifié Un besoin sans réponse" in page
    assert client.post(reverse("office-grid-publish", args=("rapide", 2)), {"acte": "publier"}).status_code == 303
    draft.refresh_from_db()
    assert draft.is_published
    assert [each.code for each in version("rapide").grid.criteria][:2] == ["personnes-associees", "besoin-mal-couvert"]
    visitor = StrictClient()
    assert "Un besoin mal couvert" in words(visitor.get("/autodiagnostic/rapide/1/resultat/?r=oooo"))
    old = visitor.get("/autodiagnostic/rapide/1/?r=on")
    assert "La version 2 existe" in words(old)
    assert "/autodiagnostic/rapide/2/?r=no" in old.content.decode(), "each answer follows its criterion"
    assert [entry.verb for entry in Entry.objects.filter(subject_uid="rapide-2").order_by("pk")] == [
        "created",
        "edited",
        "published",
    ]


def test_criteria_are_added_and_taken_away(client: StrictClient, alice: Person) -> None:
    draft_of(client)
    new = reverse("office-grid-new-criterion", args=("rapide", 2))
    fields = values(client, new) | {
        "code": "nouveau", "family": "effets", "need": "impact", "position": "1",
        **{f"{name}_fr": "Un texte ?" for name in ("title", "question", "why", "example", "advice")},
    }  # fmt: skip
    taken = client.post(new, {**fields, "code": "essai-risque"})
    assert "Ce code sert déjà" in words(taken)
    assert 'value="essai-risque"' in taken.content.decode()
    assert client.post(new, fields).status_code == 303
    old = reverse("office-grid-criterion", args=("rapide", 2, "effets-en-plus"))
    assert client.post(old, {"acte": "retirer", "vu": values(client, old)["vu"]}).status_code == 303
    page = words(client.get(reverse("office-grid", args=("rapide", 2))))
    assert "Ajouté Un texte" in page
    assert "Retiré Des effets en plus" in page


def test_two_people_on_a_draft_do_not_overwrite_each_other(client: StrictClient, alice: Person) -> None:
    draft_of(client)
    address = reverse("office-grid-texts", args=("rapide", 2))
    fields = values(client, address)
    assert client.post(address, {**fields, "title_fr": "Premier titre"}).status_code == 303
    late = client.post(address, {**fields, "title_fr": "Second titre"})
    assert late.status_code == 200
    assert "Quelqu’un a enregistré ce brouillon" in words(late)
    assert 'value="Second titre"' in late.content.decode()
    assert GridVersion.objects.get(status="brouillon").content["title"]["fr"] == "Premier titre"
    assert client.post(address, {**fields, "title_fr": "Second titre", "vu": late.context["seen"]}).status_code == 303


def test_an_incomplete_draft_is_not_published_and_the_page_says_what_is_missing(client: StrictClient, alice: Person) -> None:
    draft_of(client)
    old = reverse("office-grid-criterion", args=("rapide", 2, "essai-risque"))
    client.post(old, {"acte": "retirer", "vu": values(client, old)["vu"]})
    client.post(reverse("office-grid-publish", args=("rapide", 2)), {"acte": "publier"})
    page = words(client.get(reverse("office-grid", args=("rapide", 2))))
    assert "il lui faut au moins un critère" in page
    assert "Cette version n’est pas complète" in page
    assert not GridVersion.objects.get(number=2).is_published
    client.post(reverse("office-grid-publish", args=("rapide", 2)), {"acte": "abandonner"})
    assert not GridVersion.objects.filter(number=2).exists()


def test_a_published_version_has_no_form_and_cannot_be_given_up(client: StrictClient, alice: Person) -> None:
    for name, rest in (("texts", ()), ("new-criterion", ()), ("criterion", ("essai-risque",))):
        assert client.get(reverse(f"office-grid-{name}", args=("rapide", 1, *rest))).status_code == 404
    client.post(reverse("office-grid-publish", args=("rapide", 1)), {"acte": "abandonner"})
    assert GridVersion.objects.filter(number=1).count() == 2


def test_writing_is_for_the_team_and_publishing_for_the_animation(client: StrictClient, grids: LoadedGrids) -> None:
    client.force_login(Person.objects.create_user("bob@example.org", "un mot de passe long", role=Role.REDACTION))
    draft_of(client)
    assert "Publier pour toujours" not in words(client.get(reverse("office-grid", args=("rapide", 2))))
    client.post(reverse("office-grid-publish", args=("rapide", 2)), {"acte": "publier"})
    assert not GridVersion.objects.get(number=2).is_published
    assert "revient à l’animation" in words(client.get(reverse("office-grid", args=("rapide", 2))))


def test_a_region_makes_a_grid_of_its_own(client: StrictClient, alice: Person) -> None:
    source = GridVersion.objects.get(grid__code="rapide")
    assert "Une grille porte déjà ce code" in words(
        client.post(reverse("office-grids"), {"code": "complete", "source": source.pk})
    )
    assert client.post(reverse("office-grids"), {"code": "la-notre", "source": source.pk}).status_code == 303
    assert client.get("/autodiagnostic/la-notre/1/").status_code == 404, "a draft is for nobody else"
    client.post(reverse("office-grid-publish", args=("la-notre", 1)), {"acte": "publier"})
    assert client.get("/autodiagnostic/la-notre/1/").status_code == 200
    client.post(reverse("office-grid-publish", args=("la-notre", 1)), {"acte": "retirer"})
    assert "la-notre" not in client.get("/autodiagnostic/").content.decode()
    assert client.get("/autodiagnostic/la-notre/1/").status_code == 200, "results stay readable"


# --- counts


def keep(code: str, *, agreed: bool = True, portal: str = "pays-de-la-loire", days: int = 10) -> Diagnosis:
    used = GridVersion.objects.select_related("grid").get(grid__code="rapide", number=1)
    diagnosis = Diagnosis.objects.create(
        secret_digest=f"{Diagnosis.objects.count():064}", grid=used.grid, portal=portal, counted=agreed,
        expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    Assessment.objects.create(diagnosis=diagnosis, version=used, voice="porteur", answers=code)
    return diagnosis


def test_only_agreed_kept_diagnoses_of_this_portal_count_and_only_their_last_round(client: StrictClient, alice: Person) -> None:
    for _ in range(6):
        keep("onno")
    again = keep("nnnn")
    Assessment.objects.create(diagnosis=again, version=again.assessments.get().version, voice="porteur", round=2, answers="onno")
    Assessment.objects.create(
        diagnosis=again, version=again.assessments.get(round=1).version, voice="conseil", round=2, answers="nnnn"
    )
    keep("nnnn", agreed=False)
    keep("nnnn", portal="hauts-de-france")
    keep("nnnn", days=-1)
    keep("")
    found = counted(version("rapide"), "pays-de-la-loire", timezone.now())
    assert found.total == 7
    assert [cells for _criterion, cells in found.rows] == [(7, 0, 0, 0, 0), (0, 0, 7, 0, 0), (0, 0, 7, 0, 0), (7, 0, 0, 0, 0)]
    assert [(criterion.code, count) for criterion, count in found.lacking] == [("personnes-associees", 7), ("effets-en-plus", 7)]
    page = words(client.get(reverse("office-grid-counts", args=("rapide", 1))))
    assert "7 diagnostics comptés" in page


def test_fewer_than_five_say_nothing_and_small_cells_are_hidden(client: StrictClient, alice: Person) -> None:
    for _ in range(4):
        keep("oooo")
    page = words(client.get(reverse("office-grid-counts", args=("rapide", 1))))
    assert "moins de 5 diagnostics" in page
    for _ in range(5):
        keep("eooo")
    page = words(client.get(reverse("office-grid-counts", args=("rapide", 1))))
    assert "masqué" in page
    found = counted(version("rapide"), "pays-de-la-loire", timezone.now())
    assert found.rows[0][1] == (None, None, 0, 0, 0), "the five would tell the four"


def test_counting_takes_the_same_queries_whatever_the_number(
    grids: LoadedGrids, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wanted = version("rapide")
    for number in (1, 8):
        for _ in range(number):
            keep("onno")
        with django_assert_num_queries(1):
            counted(wanted, "pays-de-la-loire", timezone.now())
