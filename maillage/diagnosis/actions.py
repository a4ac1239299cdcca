"""Writes on what is kept. No line in the journal: what a holder keeps here, and deletes, must leave no trace (docs/decisions/0025)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Person
from maillage.diagnosis import documents
from maillage.diagnosis.access import ADVISER, HOLDER, Entry, adviser_secret, digest_of, new_secret
from maillage.diagnosis.code import decode, encode
from maillage.diagnosis.documents import Refused
from maillage.diagnosis.filling import Filling
from maillage.diagnosis.models import Assessment, Diagnosis, Document, Evidence, GridVersion
from maillage.diagnosis.versions import Version, version
from maillage.diagnosis.whereabouts import Where

#: How long a diagnosis may be kept, in days. Two years is what the CNIL asks at most for people one accompanies (délibération 2023-095).
LIVES = (30, 180, 730)


def keep(filling: Filling, *, days: int, counted: bool, portal: str, owner: Person | None) -> str:
    """Keep a diagnosis under a new private link; gives the secret of the link. Raises ValueError for a life that is not of LIVES."""
    with transaction.atomic():
        secret = new_secret()
        diagnosis = Diagnosis.objects.create(
            secret_digest=digest_of(secret),
            grid_id=GridVersion.objects.values_list("grid_id", flat=True).get(pk=filling.version.pk),
            portal=portal,
            stage=filling.where.stage,
            commune=filling.where.commune.code if filling.where.commune else "",
            counted=counted,
            owner=owner,
            expires_at=_end(days),
        )
        Assessment.objects.create(diagnosis=diagnosis, version_id=filling.version.pk, voice=HOLDER, answers=filling.code)
    return secret


def _end(days: int) -> datetime:
    if days not in LIVES:
        raise ValueError(days)
    return timezone.now() + timedelta(days=days)


def answer(entry: Entry, step: str, letter: str, evidence: str) -> None:
    """Keep the answer to one question ("" leaves the answer as it is) and what supports it ("" removes it)."""
    with transaction.atomic():
        # the answers of the other questions are those of this instant: the same link may be open in two windows
        now = Assessment.objects.select_for_update().get(pk=entry.assessment.pk)
        grid = entry.version_of(entry.assessment).grid
        answers = dict(decode(grid, now.answers).answers)
        if letter:
            answers[step] = letter
        now.answers = encode(grid, answers)
        now.save(update_fields=["answers", "modified_at"])
        if evidence:
            Evidence.objects.update_or_create(assessment=now, criterion=step, defaults={"text": evidence})
        else:
            Evidence.objects.filter(assessment=now, criterion=step).delete()


def place(entry: Entry, where: Where) -> None:
    """Keep where the project stands and where it is."""
    Diagnosis.objects.filter(pk=entry.diagnosis.pk).update(stage=where.stage, commune=where.commune.code if where.commune else "")


def arrange(entry: Entry, *, days: int | None, counted: bool) -> None:
    """Change whether the answers are counted and, if `days` is given, until when they are kept (from now)."""
    changes = {"counted": counted, **({"expires_at": _end(days)} if days else {})}
    Diagnosis.objects.filter(pk=entry.diagnosis.pk).update(**changes)


def invite(entry: Entry) -> None:
    """Give an adviser a link to fill in the same version, in the present round. A second invitation ends the first link, not the answers."""
    with transaction.atomic():
        mine = entry.assessment
        theirs, created = Assessment.objects.get_or_create(
            diagnosis=entry.diagnosis, voice=ADVISER, round=mine.round, defaults={"version": mine.version}
        )
        if not created:
            theirs.invitation = F("invitation") + 1
            theirs.save(update_fields=["invitation"])
            theirs.refresh_from_db()
        theirs.secret_digest = digest_of(adviser_secret(entry.secret, theirs))
        theirs.save(update_fields=["secret_digest"])


def close_invitation(entry: Entry) -> None:
    """End the adviser's link of the present round; what the adviser answered stays."""
    Assessment.objects.filter(diagnosis=entry.diagnosis, voice=ADVISER, round=entry.assessment.round).update(secret_digest=None)


def begin_again(entry: Entry) -> None:
    """Start a new round on the last version of the grid, from the answers of the present one; the rounds before stay as they are."""
    with transaction.atomic():
        before = Assessment.objects.select_for_update().get(pk=entry.assessment.pk)
        old = entry.version_of(entry.assessment)
        new = version(old.code)
        made, created = Assessment.objects.get_or_create(
            diagnosis=entry.diagnosis,
            voice=HOLDER,
            round=before.round + 1,
            defaults={"version_id": new.pk, "answers": carried(old, before.answers, new)},
        )
        if created:
            supported = Evidence.objects.filter(assessment=before, criterion__in=list(new.grid.by_code)).order_by("pk")
            Evidence.objects.bulk_create(
                Evidence(assessment=made, criterion=each.criterion, text=each.text) for each in supported
            )


def carried(old: Version, code: str, new: Version) -> str:
    """The code in a version of the answers given in another: criteria are recognised by their own code, wherever they are."""
    answers = decode(old.grid, code).answers
    return encode(
        new.grid,
        {
            step: letter
            for step, letter in answers.items()
            if step in new.grid.by_code and letter in new.grid.by_code[step].letters
        },
    )


def add_document(entry: Entry, step: str, name: str, content: bytes, kind: str) -> None:
    """Keep a file for a criterion. Raises Refused when this assessment holds too many."""
    stored = documents.store(content)
    try:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=entry.assessment.pk)
            if Document.objects.filter(assessment=entry.assessment).count() >= documents.AT_MOST:
                raise Refused(_("Il y a déjà %(count)d documents\u202f: retirez-en un d’abord.") % {"count": documents.AT_MOST})
            Document.objects.create(
                assessment=entry.assessment,
                criterion=step,
                name=documents.clean_name(name, kind),
                kind=kind,
                size=len(content),
                stored_as=stored,
            )
    except Exception:
        documents.remove([stored])
        raise


def remove_document(entry: Entry, pk: int) -> None:
    """Delete one of the documents of this assessment."""
    _delete_documents(Document.objects.filter(assessment=entry.assessment, pk=pk).values_list("pk", "stored_as"))


def _delete_documents(found: Iterable[tuple[int, str]]) -> None:
    with transaction.atomic():
        pairs = list(found)
        Document.objects.filter(pk__in=[pk for pk, _name in pairs]).delete()
        transaction.on_commit(partial(documents.remove, [name for _pk, name in pairs]))


def delete(diagnoses: Iterable[int]) -> int:
    """Delete diagnoses (primary keys) with everything that hangs on them, files included. Gives how many there were."""
    with transaction.atomic():
        keys = list(diagnoses)
        names = list(Document.objects.filter(assessment__diagnosis__in=keys).order_by("pk").values_list("stored_as", flat=True))
        Diagnosis.objects.filter(pk__in=keys).delete()
        transaction.on_commit(partial(documents.remove, names))
    return len(keys)


def purge(now: datetime) -> tuple[int, int]:
    """Delete the diagnoses that expired, and files that no diagnosis holds. Gives how many of each."""
    expired = delete(Diagnosis.objects.filter(expires_at__lte=now).order_by("pk").values_list("pk", flat=True))
    held = set(Document.objects.order_by("pk").values_list("stored_as", flat=True))
    hour_ago = now.timestamp() - 3600  # a file is written just before its row
    orphans = [
        path
        for path in documents.folder().glob("*")
        if path.name not in held and path.is_file() and path.stat().st_mtime < hour_ago
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return expired, len(orphans)
