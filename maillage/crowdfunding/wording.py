"""States, figures and risks in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from maillage.crowdfunding.models import Campaign
from maillage.crowdfunding.rules import TopUpRule
from maillage.crowdfunding.states import CampaignState
from maillage.kit.typography import day, money

#: The verbs of the journal, said of a campaign.
VERBS = {
    "created": lazy("a écrit la campagne"),
    "edited": lazy("a modifié la campagne"),
    "submitted": lazy("a proposé la campagne à la publication"),
    "published": lazy("a publié la campagne"),
    "withdrawn": lazy("a retiré la campagne"),
    "reopened": lazy("a rouvert en brouillon la campagne"),
    "imported": lazy("a importé la campagne"),
}
STATE_LABELS = {
    CampaignState.UPCOMING: lazy("À venir"),
    CampaignState.OPEN: lazy("Ouverte"),
    CampaignState.SUCCEEDED: lazy("Réussie"),
    CampaignState.PARTIAL: lazy("Terminée sous l’objectif, somme versée"),
    CampaignState.FAILED: lazy("Échouée"),
    CampaignState.AWAITED: lazy("Terminée, résultat attendu"),
}
STATE_BADGES = {
    CampaignState.UPCOMING: "",
    CampaignState.OPEN: "badge-ok",
    CampaignState.SUCCEEDED: "badge-ok",
    CampaignState.PARTIAL: "badge-warn",
    CampaignState.FAILED: "badge-alarm",
    CampaignState.AWAITED: "badge-warn",
}
#: The words of the filter, in the order of the list.
STATE_CHOICES = (
    ("ouverte", lazy("Ouvertes")),
    ("a-venir", lazy("À venir")),
    ("reussie", lazy("Réussies")),
    ("echouee", lazy("Sans atteindre l’objectif")),
    ("terminee", lazy("Toutes celles qui sont terminées")),
)
RISK = lazy(
    "Prêter, souscrire des titres ou des parts, ou avancer de l’argent contre des royalties, c’est risquer de perdre tout ou partie de la somme "
    "et de ne pas pouvoir la récupérer quand on veut. N’engagez que ce dont vous pouvez vous passer, et lisez les documents de la plateforme."
)


def when(campaign: Campaign, today: date) -> str:
    """When it opens or closes, or closed."""
    if today < campaign.opens:
        return _("Ouvre le %(day)s") % {"day": day(campaign.opens)}
    if today > campaign.closes:
        return _("Terminée le %(day)s") % {"day": day(campaign.closes)}
    left = (campaign.closes - today).days
    if not left:
        return _("Se termine ce soir à minuit, heure de Paris")
    return ngettext("Encore %(left)s jour, jusqu’au %(day)s", "Encore %(left)s jours, jusqu’au %(day)s", left) % {
        "left": left,
        "day": day(campaign.closes),
    }


def progress(campaign: Campaign) -> str:
    """The figures in words, with their date: « 3 200 € sur 5 000 €, soit 64 %, au 3 mars 2027 »."""
    if campaign.as_of is None:
        return _("Objectif\u202f: %(goal)s. Somme collectée non communiquée.") % {"goal": money(campaign.goal)}
    return _("%(collected)s sur %(goal)s, soit %(percent)s\u202f%%, au %(day)s") % {
        "collected": money(campaign.collected),
        "goal": money(campaign.goal),
        "percent": campaign.percent,
        "day": day(campaign.as_of),
    }


def rule_in_words(rule: TopUpRule) -> list[str]:
    """What a matching rule says, one sentence per thing."""
    lines = [_("%(share)s ajouté pour 1\u202f€ donné") % {"share": money(rule.share)}]
    caps: tuple[tuple[Decimal | None, str], ...] = (
        (rule.per_gift, _("%(cap)s au plus par don")),
        (rule.per_person, _("%(cap)s au plus par personne")),
        (rule.per_project, _("%(cap)s au plus par projet")),
        (rule.total, _("enveloppe de %(cap)s en tout")),
    )
    lines += [sentence % {"cap": money(cap)} for cap, sentence in caps if cap is not None]
    if rule.goal_reached:
        lines.append(_("seulement si la campagne atteint son objectif"))
    if rule.until:
        lines.append(_("jusqu’au %(day)s") % {"day": day(rule.until)})
    return lines
