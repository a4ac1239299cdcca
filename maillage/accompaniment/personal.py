"""The personal data of requests for contact. A request without account is erased from its private page, or two years after the last contact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accompaniment.actions.forgetting import BLANKS, forget
from maillage.accompaniment.models import Request
from maillage.kit.personal import Fate, Holder, NotPersonal, Personal, Replay, erased_with_its_owner, signed


def _mine(holder: Holder, path: str = "") -> Q:
    return Q(**{f"{path}person": holder.key}) | Q(**{f"{path}email__iexact": holder.email})


def _forget(rows: Any) -> None:
    forget(rows)


_COUNTED = _("la demande reste comptée pour le territoire, sans votre nom, vos coordonnées ni vos mots")

PERSONAL = (
    Personal(
        model="accompaniment.Request",
        title=_("Vos demandes de contact"),
        rows=_mine,
        columns=("person", "holder_name", "email", "phone", "digest"),
        shows=(
            *("created_at", "holder_name", "email", "phone", "channel", "moment", "needed", "stage", "commune", "needs"),
            *("about_name", "state", "useful", "followed", "last_contact_at"),
        ),
        fate=Fate.ANONYMISE,
        blanks=BLANKS,
        reason=_COUNTED,
        erase=_forget,
    ),
    Personal(
        model="accompaniment.Handover",
        title=_("À qui vos demandes ont été transmises"),
        rows=lambda holder: _mine(holder, "request__"),
        columns=("word", "caller"),
        shows=("request__uid", "recipient_name", "sent_at", "opened_at", "answered_at", "answer", "reason", "word", "caller"),
        fate=Fate.ANONYMISE,
        blanks={"word": "", "caller": ""},
        reason=_COUNTED,
        erase=erased_with_its_owner,
    ),
    Personal(
        model="accompaniment.Line",
        title=_("L’histoire de vos demandes"),
        rows=lambda holder: _mine(holder, "request__"),
        columns=("who", "word"),
        shows=("request__uid", "at", "move", "who", "word"),
        fate=Fate.ANONYMISE,
        blanks={"who": "", "word": ""},
        reason=_COUNTED,
        erase=erased_with_its_owner,
    ),
    Personal(
        model="accompaniment.Request",
        title=_("Les demandes que vous avez écrites pour quelqu’un"),
        rows=lambda holder: Q(agent=holder.key),
        columns=("agent",),
        shows=("created_at", "state", "agent__email"),
        fate=Fate.ANONYMISE,
        blanks={"agent": None},
        reason=_("la demande appartient à la personne pour qui vous l’avez écrite"),
    ),
    signed(
        "accompaniment.Line",
        "who",
        _("Ce que vous avez fait des demandes"),
        "request__uid",
        "at",
        "move",
        reason=_("l’histoire de la demande reste lisible par son porteur, sans votre nom"),
    ),
    Personal(
        model="accompaniment.Handover",
        title=_("Les demandes reçues à votre adresse"),
        rows=lambda holder: Q(email__iexact=holder.email),
        columns=("email",),
        shows=("request__uid", "sent_at", "answer", "email"),
        fate=Fate.ANONYMISE,
        blanks={"email": ""},
        reason=_("la demande a été transmise à votre structure"),
    ),
)

NOT_PERSONAL = (
    NotPersonal(
        "accompaniment.Request", ("about_name", "needed"), "nom d’une fiche ; le texte est effacé avec le reste de la demande"
    ),
    NotPersonal("accompaniment.Handover", ("recipient_name", "digest"), "nom d’une structure ; empreinte d’un lien"),
)


def _requests() -> Iterable[tuple[str, datetime, Callable[[], None]]]:
    for request in Request.objects.order_by("pk"):
        yield request.uid, request.created_at, lambda request=request: forget([request])  # type: ignore[misc]  # binds the loop's value


REPLAYS = (Replay("request", _requests),)
