"""The personal data of the journal, of messages, of accesses and of consents."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.journal.outbox.transport import forget_files
from maillage.kit.personal import GONE, Fate, NotPersonal, Personal

PERSONAL = (
    Personal(
        model="journal.Entry",
        title=_("Ce que vous avez fait ici"),
        rows=lambda holder: Q(actor=holder.key) | Q(actor_name__in=holder.names),
        columns=("actor", "actor_name"),
        shows=("at", "verb", "subject_kind", "subject_name", "changes", "note", "actor_name"),
        fate=Fate.ANONYMISE,
        blanks={"actor": None, "actor_name": GONE},
        scrubs=("changes",),
        reason=_("l’histoire des fiches reste vérifiable, sans votre nom"),
    ),
    Personal(
        model="journal.Entry",
        title=_("Ce qui a été fait sur votre compte"),
        rows=lambda holder: Q(subject_kind="person", subject_uid=str(holder.key)),
        columns=("subject_name", "note"),
        shows=("at", "verb", "subject_name", "changes", "note"),
        fate=Fate.ANONYMISE,
        blanks={"subject_name": GONE, "changes": {}, "note": ""},
        reason=_("la suite des actes d’administration reste vérifiable, sans votre nom"),
    ),
    Personal(
        model="journal.Message",
        title=_("Les messages que nous vous avons écrits"),
        rows=lambda holder: Q(person=holder.key) | Q(to__iexact=holder.email),
        columns=("to", "person", "subject", "text", "html", "stop_url"),
        shows=("created_at", "sent_at", "state", "kind", "to", "subject", "text"),
        erase=forget_files,
    ),
    Personal(
        model="journal.Stop",
        title=_("Les messages que vous ne voulez plus"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person",),
        shows=("kind", "stopped_at", "person__email"),
    ),
    Personal(
        model="journal.Access",
        title=_("Qui a consulté vos données"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person",),
        shows=("at", "organisation", "category", "subject_kind"),
    ),
    Personal(
        model="journal.Access",
        title=_("Les données que vous avez consultées"),
        rows=lambda holder: Q(actor=holder.key),
        columns=("actor",),
        shows=("at", "organisation", "category", "subject_kind"),
        fate=Fate.ANONYMISE,
        blanks={"actor": None},
        reason=_("le titulaire des données doit savoir quel organisme les a vues"),
    ),
    Personal(
        model="journal.Access",
        title=_("Les données que vous avez consultées, sous votre nom"),
        rows=lambda holder: Q(organisation__in=holder.names),
        columns=("organisation",),
        shows=("at", "organisation", "category"),
        fate=Fate.ANONYMISE,
        blanks={"organisation": GONE},
        reason=_("le titulaire des données doit savoir qu’elles ont été vues"),
    ),
    Personal(
        model="journal.Consent",
        title=_("Ce que vous avez accepté de partager"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person",),
        shows=("given_at", "revoked_at", "recipient_name", "category", "wording"),
    ),
    Personal(
        model="journal.Consent",
        title=_("Les accords que vous avez recueillis"),
        rows=lambda holder: Q(recorded_by=holder.key),
        columns=("recorded_by",),
        shows=("given_at", "recipient_name", "category"),
        fate=Fate.ANONYMISE,
        blanks={"recorded_by": None},
        reason=_("l’accord appartient à la personne qui l’a donné"),
    ),
    Personal(
        model="journal.Notice",
        title=_("Préavis de fin de conservation"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person",),
        shows=("sent_at", "person__email"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("journal.Stop", ("digest",), "empreinte d’une adresse : elle ne dit pas laquelle, et sert à ne plus lui écrire"),
    NotPersonal("journal.Consent", ("recipient_name",), "nom d’une structure"),
)

REPLAYS = ()
