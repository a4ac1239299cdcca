"""The kept statement gives the same offers as a queryset."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from maillage.catalogue.models import Offer
from maillage.orientation.fetch import OFFER_FIELDS, STRUCTURE_FIELDS, offers_by_key
from tests.catalogue import worlds

pytestmark = pytest.mark.django_db


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(world=worlds.worlds())
def test_every_field_of_every_visible_offer_is_the_same(world: worlds.World) -> None:
    with world.in_database() as catalogue:
        expected = {offer.pk: offer for offer in Offer.objects.visible().select_related("structure").order_by("pk")}
        found = {offer.pk: offer for offer in offers_by_key(catalogue.pks["offer"])}
        assert found.keys() == expected.keys()
        for pk, offer in found.items():
            for name in OFFER_FIELDS:
                assert getattr(offer, name) == getattr(expected[pk], name), name
                assert type(getattr(offer, name)) is type(getattr(expected[pk], name)), name
            for name in STRUCTURE_FIELDS:
                assert getattr(offer.structure, name) == getattr(expected[pk].structure, name), name
            assert offer.get_absolute_url() == expected[pk].get_absolute_url()


def test_one_statement_whatever_the_number_and_none_for_none(django_assert_num_queries: Any) -> None:
    pks = [worlds.offer().pk for _ in range(30)]
    with django_assert_num_queries(1):
        assert len([offer.structure.name for offer in offers_by_key(pks)]) == 30
    with django_assert_num_queries(0):
        assert offers_by_key([]) == []


def test_a_list_belongs_to_its_offer_alone() -> None:
    pks = [worlds.offer(stages=["idee"]).pk for _ in range(2)]
    first, second = offers_by_key(pks)
    first.stages.append("creation")
    assert second.stages == ["idee"]
    assert [offer.stages for offer in offers_by_key(pks)] == [["idee"], ["idee"]]
