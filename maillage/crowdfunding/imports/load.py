"""Write rows as campaigns: idempotent by (source, identifiant), one transaction, a sentence for each row that is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.crowdfunding.actions import differences
from maillage.crowdfunding.forms import ATTRIBUTES, CampaignForm, initial
from maillage.crowdfunding.imports.files import Row
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.journal.actions import entry_for
from maillage.journal.models import Entry
from maillage.territories import queries as territories

#: Columns that a file may have; the picture comes by the office only.
COLUMNS = ("identifiant", *ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken: its line, the column, and what to do."""

    line: int
    column: str
    sentence: str


@dataclass(slots=True)
class Loaded:
    """What an import did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def load(
    rows: Sequence[Row], source: str, *, person: Person | None = None, publish: bool = False, dry_run: bool = False
) -> Loaded:
    """Create or update the campaigns of these rows. New ones are drafts unless `publish`; known ones keep their status.

    A column that a row does not have leaves its attribute as it is. The number of queries is that of the batches written, not of the rows.
    """
    report = Loaded()
    with transaction.atomic():
        known = {
            each.ref: each
            for each in Campaign.objects.filter(source=source)
            .select_related("structure")
            .select_for_update(of=("self",))
            .order_by("pk")
        }
        structures = _structures(rows)
        new: list[Campaign] = []
        moved: list[Campaign] = []
        lines: list[Entry] = []
        seen: dict[str, int] = {}
        for line, row in rows:
            values = _values(line, row, known.get(row.get("identifiant", "")), structures, seen, report)
            if values is None:
                continue
            ref = row["identifiant"]
            campaign = known.get(ref)
            if campaign is None:
                status = CampaignStatus.PUBLISHED if publish else CampaignStatus.DRAFT
                made = _prepared(Campaign(source=source, ref=ref, status=status, **values))
                new.append(made)
                lines.append(entry_for("imported", made, actor=person))
                report.created += 1
                continue
            changes = differences(campaign, values)
            if not changes:
                report.unchanged += 1
                continue
            for name, value in values.items():
                setattr(campaign, name, value)
            moved.append(_prepared(campaign))
            lines.append(entry_for("imported", campaign, actor=person, changes=changes))
            report.changed += 1
        if not dry_run:
            Campaign.objects.bulk_create(new, batch_size=500)
            Campaign.objects.bulk_update(moved, [*ATTRIBUTES.values(), "departement", "modified_at"], batch_size=200)
            Entry.objects.bulk_create(lines, batch_size=500)
    return report


def _prepared(campaign: Campaign) -> Campaign:
    """What `save` does, for those that are written in bulk."""
    commune = territories.commune(campaign.commune)
    campaign.departement = commune.departement if commune else ""
    campaign.modified_at = timezone.now()
    return campaign


def _structures(rows: Iterable[Row]) -> dict[str, Structure]:
    uids = {row["structure"].rstrip("/")[-12:].lower() for _line, row in rows if row.get("structure")}
    found: dict[str, Structure] = {}
    ordered = sorted(uids)
    for start in range(0, len(ordered), 500):
        found |= {each.uid: each for each in Structure.objects.filter(uid__in=ordered[start : start + 500]).order_by("pk")}
    return found


def _values(
    line: int,
    row: dict[str, str],
    campaign: Campaign | None,
    structures: dict[str, Structure],
    seen: dict[str, int],
    report: Loaded,
) -> dict[str, Any] | None:
    """The values of a row, or None after saying what is wrong with it."""
    unknown = [name for name in row if name and name not in COLUMNS and row[name]]
    ref = row.get("identifiant", "")
    problems: list[tuple[str, str]] = [
        (name, f"La colonne « {name[:40]} » n’est pas connue. Colonnes : {', '.join(COLUMNS)}.") for name in unknown[:3]
    ]
    if not ref or len(ref) > 200:
        problems.append(("identifiant", "Il faut un identifiant, de 200 signes au plus."))
    elif ref in seen:
        problems.append(("identifiant", f"« {ref[:40]} » est déjà à la ligne {seen[ref]}."))
    seen.setdefault(ref, line)
    data: dict[str, Any] = dict(row)
    if campaign is not None:
        data = {**initial(campaign), "commune": campaign.commune, **data}
    form = CampaignForm(
        data,
        structures={**structures, **({campaign.structure.uid: campaign.structure} if campaign and campaign.structure else {})},
    )
    if not form.is_valid():
        problems += [(name, str(message)) for name, messages in form.errors.items() for message in messages]
    if problems:
        report.refused += [Refusal(line, name, sentence) for name, sentence in problems]
        return None
    return form.values()
