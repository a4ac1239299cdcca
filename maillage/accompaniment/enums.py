"""The closed lists of a request for contact. Codes are kept in the database and leave in the figures."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a request is. Moves are in `states.RULES` and drawn in docs/algorithms/requests.md."""

    SENT = "envoyee", _("envoyée")
    READ = "lue", _("lue")
    QUEUE = "animation", _("suivie par l’animation du réseau")
    ASKING = "a-accorder", _("en attente de votre accord")
    ACCEPTED = "acceptee", _("acceptée")
    KNOWN = "connue", _("déjà suivie par la structure")
    DECLINED = "declinee", _("déclinée")
    CLOSED = "close", _("close")
    WITHDRAWN = "retiree", _("retirée")


class Move(models.TextChoices):
    """What may happen to a request: the kinds of lines of its story. Those of `states.RULES` change its state."""

    SEND = "envoi", _("Envoyée à")
    QUEUE = "file", _("Confiée à l’animation du réseau, qui appelle")
    OPEN = "lecture", _("Lue par")
    ACCEPT = "acceptation", _("Acceptée par")
    DECLINE = "refus", _("Déclinée par")
    KNOW = "connue", _("Déjà suivie par")
    REDIRECT = "reorientation", _("Réorientation proposée par")
    PROPOSE = "proposition", _("Proposée à une autre structure par")
    AGREE = "accord", _("Accord donné à la transmission par")
    REFUSE = "desaccord", _("Transmission refusée par")
    REMIND = "relance", _("Relance envoyée à")
    ESCALATE = "escalade", _("Sans réponse sous dix jours ouvrés, confiée à l’animation du réseau par")
    NO_NEWS = "sans-nouvelle", _("«\u202fToujours sans nouvelle\u202f», dit par")
    WORD = "mot", _("Un mot de")
    REVOKE = "retrait-accord", _("Accord retiré à")
    ALLOW = "accord-lecture", _("Accord de lecture donné à")
    WITHDRAW = "retrait", _("Retirée par")
    USEFUL = "utile", _("«\u202fÉtait-ce utile\u202f?\u202f», réponse de")
    CLOSE = "cloture", _("Close par")


class Channel(models.TextChoices):
    """How the holder would rather be reached."""

    ANY = "peu-importe", _("Comme vous voulez")
    PHONE = "telephone", _("Par téléphone")
    EMAIL = "courriel", _("Par courriel")


class Reason(models.TextChoices):
    """Why a structure declines: one of these, so that the network can count them."""

    TERRITORY = "territoire", _("Le projet n’est pas sur notre territoire")
    SUBJECT = "sujet", _("Ce n’est pas ce que nous faisons")
    STAGE = "etape", _("Le projet est trop tôt ou trop avancé pour nous")
    CONDITIONS = "conditions", _("Nos conditions ne sont pas réunies")
    FULL = "complet", _("Nous ne pouvons plus accueillir de projet en ce moment")
    UNREACHABLE = "injoignable", _("Nous n’avons pas réussi à joindre la personne")
    OTHER = "autre", _("Autre raison, dite dans le message")


class Useful(models.TextChoices):
    """« Était-ce utile ? »"""

    YES = "oui", _("Oui")
    PARTLY = "en-partie", _("En partie")
    NO = "non", _("Non")
    NOBODY = "personne", _("Personne ne m’a contacté")


class Ending(models.TextChoices):
    """Why a request is closed."""

    SILENCE = "silence", _("Trente jours ont passé sans réponse")
    NO_AGREEMENT = "sans-accord", _("Trente jours ont passé sans votre accord pour la transmettre")
    DONE = "suivie", _("La structure vous a répondu il y a trente jours")
    OFFICE = "animation", _("L’animation du réseau l’a close")


#: What became of a request, for figures: codes and words.
OUTCOMES = {
    "accepted": _("acceptées"),
    "known": _("déjà suivies"),
    "declined": _("déclinées"),
    "unanswered": _("sans réponse"),
    "withdrawn": _("retirées"),
    "waiting": _("en attente"),
}
