"""A grid being filled: where its pages are. The answers travel in the addresses, or stay under a private link; the pages are the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from maillage.diagnosis.code import Answers, encode
from maillage.diagnosis.versions import Version
from maillage.diagnosis.whereabouts import Where

#: The parameter of an address that holds the code of the answers.
ANSWERS = "r"


@dataclass(frozen=True)
class Filling:
    """A version, some answers, and where the project is."""

    version: Version
    answers: Answers
    where: Where

    @cached_property
    def code(self) -> str:
        """The code of the answers."""
        return encode(self.version.grid, self.answers)

    def url(self, page: str, *rest: str) -> str:
        """The address of one of its pages: list, step (with the code of the question), result, pdf, json."""
        raise NotImplementedError

    @property
    def place_url(self) -> str:
        """Where the form of the stage and the commune goes."""
        raise NotImplementedError

    @property
    def list_url(self) -> str:
        """The list of the questions."""
        return self.url("list")

    @property
    def result_url(self) -> str:
        """The profile."""
        return self.url("result")

    @property
    def pdf_url(self) -> str:
        """The profile as a PDF."""
        return self.url("pdf")

    @property
    def json_url(self) -> str:
        """The profile for a program."""
        return self.url("json")

    def step_url(self, step: str) -> str:
        """The page of a question. A list holds twenty of them: the address is made once, the question put into it."""
        before, after = self._around_the_step
        return f"{before}{step}{after}"

    @cached_property
    def _around_the_step(self) -> tuple[str, str]:
        before, _, after = self.url("step", "code-of-the-step").partition("code-of-the-step")
        return before, after

    def after(self, step: str) -> str:
        """Where to go after a question: the next one; after the last, the profile if all is answered, else the list."""
        codes = [each.code for each in self.version.grid.steps]
        rank = codes.index(step) + 1
        if rank < len(codes):
            return self.step_url(codes[rank])
        return self.result_url if all(code in self.answers for code in codes) else self.list_url

    def first_open(self) -> str:
        """The page of the first question without an answer; the profile when there is none."""
        waiting = (each.code for each in self.version.grid.steps if each.code not in self.answers)
        return next((self.step_url(code) for code in waiting), self.result_url)


@dataclass(frozen=True)
class OpenFilling(Filling):
    """Nothing is kept: version, answers, stage and commune are in each address."""

    def url(self, page: str, *rest: str) -> str:
        """See `Filling.url`; also `keep`, the page that asks whether to keep the answers."""
        address = reverse(f"diagnosis-{page}", args=(self.version.code, self.version.number, *rest))
        query = self.query
        return f"{address}?{query}" if query else address

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """What the addresses carry, in canonical order."""
        code = self.code
        return [*([(ANSWERS, code)] if code else []), *self.where.pairs()]

    @cached_property
    def query(self) -> str:
        """The same as a query string."""
        return urlencode(self.pairs)

    @property
    def place_url(self) -> str:
        """Where the form of the stage and the commune goes: to the profile, with the rest of its address in the form."""
        return self.result_url.partition("?")[0]

    @property
    def keep_url(self) -> str:
        """The page that asks whether to keep the answers."""
        return self.url("keep")


@dataclass(frozen=True)
class KeptFilling(Filling):
    """Kept under a private link. `tour`: an earlier round, which is only read; 0 for the present one."""

    secret: str
    tour: int = 0

    def url(self, page: str, *rest: str) -> str:
        """See `Filling.url`; also `compare` and `settings`."""
        address = reverse(f"private-{page}", args=(self.secret, *rest))
        return f"{address}?tour={self.tour}" if self.tour and page in ("result", "pdf", "json") else address

    @property
    def place_url(self) -> str:
        """Where the form of the stage and the commune goes: they are kept with the rest."""
        return self.url("place")

    @property
    def compare_url(self) -> str:
        """Two voices, and what moved."""
        return self.url("compare")

    @property
    def settings_url(self) -> str:
        """What is kept, until when; the adviser; a new round; deletion."""
        return self.url("settings")
