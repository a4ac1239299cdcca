"""docs/workflows.md says what the policy table does."""

from __future__ import annotations

import re
from pathlib import Path

from maillage.catalogue.access import EDITORS, POLICY


def rows(text: str, heading: str) -> list[list[str]]:
    """The rows of the table that starts with this heading."""
    table = text[text.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_acts_of_the_page_are_those_of_the_code(repository: Path) -> None:
    text = (repository / "docs" / "workflows.md").read_text(encoding="utf-8")
    written = {row[0]: (set(re.split(r", ", row[1])), row[2], row[3], row[4]) for row in rows(text, "| act |")}
    coded = {
        str(act): (set(map(str, rule.states)), str(rule.to or "(same)"), str(rule.role), rule.verb)
        for act, rule in POLICY.items()
    }
    assert written == coded


def test_who_edits_on_the_page_is_who_edits_in_the_code(repository: Path) -> None:
    text = (repository / "docs" / "workflows.md").read_text(encoding="utf-8")
    written = dict(rows(text, "| state |"))
    assert written == {str(state): str(role) if role else "nobody" for state, role in EDITORS.items()}
