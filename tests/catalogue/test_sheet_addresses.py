"""The address of a sheet, made without `reverse`."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from maillage.catalogue.models.sheet import address_of


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["offer", "structure"])
def test_it_is_the_one_that_the_addresses_give(kind: str, language: str) -> None:
    with translation.override(language):
        for handle in ("accueil-iresa-k3j5m2p9q4ab", "k3j5m2p9q4ab"):
            assert address_of(kind, handle) == reverse(kind, args=(handle,))
