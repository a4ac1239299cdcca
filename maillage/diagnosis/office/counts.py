"""What the diagnoses of a region say together, criterion by criterion: counts only, small cells hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, Q

from maillage.diagnosis.code import decode
from maillage.diagnosis.grid import UNANSWERED, Answer, Criterion
from maillage.diagnosis.masking import THRESHOLD, masked
from maillage.diagnosis.models import Assessment
from maillage.diagnosis.versions import Version

#: The columns, each with the answers it counts.
COLUMNS = ((Answer.YES,), (Answer.PARTLY,), (Answer.NOT_YET, Answer.NO), (Answer.UNKNOWN, UNANSWERED), (Answer.NOT_RELEVANT,))


@dataclass(frozen=True, slots=True)
class Counted:
    """`total` diagnoses (None when they are too few to say anything), and per criterion the count of each column (None where hidden).

    `lacking`: criteria that most diagnoses do not meet, the most lacking first; only those whose cell may be shown.
    """

    total: int | None
    rows: tuple[tuple[Criterion, tuple[int | None, ...]], ...]
    lacking: tuple[tuple[Criterion, int], ...]


def counted(version: Version, portal: str, now: datetime) -> Counted:
    """The counts of a version for a portal: the holder's last round of each diagnosis that is kept and whose holder agreed. One query."""
    rounds = (
        Assessment.objects.filter(
            voice=Assessment.Voice.HOLDER, diagnosis__counted=True, diagnosis__portal=portal, diagnosis__expires_at__gt=now
        )
        .annotate(last=Max("diagnosis__assessments__round", filter=Q(diagnosis__assessments__voice=Assessment.Voice.HOLDER)))
        .filter(round=F("last"), version=version.pk)
        .order_by("pk")
        .values_list("answers", flat=True)
    )
    readings = [decode(version.grid, code).answers for code in rounds]
    readings = [answers for answers in readings if answers]
    if len(readings) < THRESHOLD:
        return Counted(None, (), ())
    rows, lacking = [], []
    for criterion in version.grid.criteria:
        given = Counter(answers.get(criterion.code, UNANSWERED) for answers in readings)
        shown = masked([sum(given[letter] for letter in letters) for letters in COLUMNS])
        rows.append((criterion, tuple(shown)))
        missing = shown[2]
        if missing is not None and 2 * missing >= len(readings):
            lacking.append((criterion, missing))
    lacking.sort(key=lambda pair: -pair[1])
    return Counted(len(readings), tuple(rows), tuple(lacking))
