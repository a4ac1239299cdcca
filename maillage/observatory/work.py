"""What the observatory does each night: count the searches, keep the month, forget the visitors, purge. Safe to run again."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import ngettext

from maillage.kit.typography import number
from maillage.observatory.demand import rollup
from maillage.observatory.snapshots import actions as snapshots
from maillage.observatory.visitors import counting
from maillage.orientation import record


def count_searches() -> str:
    """Count the records that are not counted yet, then delete those that are old enough."""
    record.flush()
    counted = rollup.roll_up()
    purged = rollup.purge(timezone.localdate())
    said = ngettext("%(n)s recherche comptée", "%(n)s recherches comptées", counted) % {"n": number(counted)}
    gone = ngettext("%(n)s trace ancienne supprimée", "%(n)s traces anciennes supprimées", purged) % {"n": number(purged)}
    return f"{said}, {gone}."


def keep_month() -> str:
    """Keep the supply of the month."""
    offers = snapshots.take(timezone.localdate())
    return ngettext(
        "L’offre du mois est gardée\u202f: %(n)s offre ouverte.",
        "L’offre du mois est gardée\u202f: %(n)s offres ouvertes.",
        offers,
    ) % {"n": number(offers)}


def forget_visitors() -> str:
    """Throw away what made the estimates of the days that are over."""
    days = counting.forget(timezone.localdate())
    return ngettext("L’esquisse d’%(n)s jour est oubliée.", "Les esquisses de %(n)s jours sont oubliées.", days) % {
        "n": number(days)
    }


#: name → what to do, in order.
EVERY = {"searches": count_searches, "supply": keep_month, "visitors": forget_visitors}
