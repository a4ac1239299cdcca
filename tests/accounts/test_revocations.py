"""What is taken away is refused at the next request: random schedules of grants, revocations and requests, compared with a plain model.

A person has several sessions. Between requests, memberships end, roles change, the account closes, one session or all of them are ended. After each step,
every session asks for every guarded thing: it must get it exactly when the model, which knows nothing of the code, says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import pytest
from django.db import connection, connections
from django.urls import reverse

from maillage.accounts import actions
from maillage.accounts.models import Person, Role
from maillage.accounts.policy import Action
from maillage.accounts.session_store import handle_of
from maillage.catalogue.models import Membership, Structure
from maillage.catalogue.personas import may_in_structure
from tests.conftest import StrictClient

assert connection  # named in a condition below

STEPS = 8
STRUCTURE_PAGES = ("space", "space-members", "space-confirm", "structure-requests")
QUEUES = ("office-requests", "office-members")
OFFICE = {Role.REDACTION: 1, Role.ANIMATION: 2, Role.ADMINISTRATION: 3}


@dataclass
class Model:
    """What should be true, in plain variables."""

    role: str = Role.ADMINISTRATION
    active: bool = True
    member: bool = True
    open: list[bool] = field(default_factory=list)

    def answers(self, session: int) -> dict[str, bool]:
        here = self.open[session] and self.active
        rank = OFFICE.get(self.role, 0) if here else 0
        return {
            "account": here,
            "office": rank >= 1,
            "office-people": rank >= 3,
            "edit the structure": here and (self.member or rank >= 1),
            "answer for the structure": here and self.member,
            # the pages: a structure's space is also the animation's, its sheets the office's; its requests are its own people's
            "space": here and (self.member or rank >= 2),
            "space-members": here and (self.member or rank >= 2),
            "space-confirm": here and (self.member or rank >= 2),
            "space-edit": here and (self.member or rank >= 1),
            "structure-requests": here and self.member,
            "office-requests": rank >= 1,
            "office-members": rank >= 2,
        }


class Schedule:
    """One person, one structure, several sessions."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.person = Person.objects.create_user(f"person-{seed}@example.org", role=Role.ADMINISTRATION)
        self.structure = Structure.objects.create(source="test", ref=f"s-{seed}", name="Structure", commune="53130")
        self.membership = Membership.objects.create(
            person=self.person, structure=self.structure, role=Membership.Role.MANAGER, state=Membership.State.ACTIVE
        )
        self.model, self.clients, self.story = Model(), [], [f"seed {seed}"]
        for _ in range(3):
            self.sign_in()

    def sign_in(self) -> None:
        client = StrictClient()
        client.force_login(Person.objects.get(pk=self.person.pk))
        self.clients.append(client)
        self.model.open.append(True)

    # what can happen between two requests

    def end_membership(self) -> None:
        Membership.objects.filter(pk=self.membership.pk).update(state=Membership.State.ENDED)
        self.model.member = False

    def restore_membership(self) -> None:
        Membership.objects.filter(pk=self.membership.pk).update(state=Membership.State.ACTIVE)
        self.model.member = True

    def change_role(self) -> None:
        """By the office: the sessions end as well."""
        self.model.role = self.chance.choice(list(Role.values))
        actions.change_role(self.person, self.model.role, is_active=self.model.active)
        self.model.open = [False] * len(self.model.open)

    def change_role_bare(self) -> None:
        """By somebody at the database: sessions stay, rights do not."""
        self.model.role = self.chance.choice(list(Role.values))
        Person.objects.filter(pk=self.person.pk).update(role=self.model.role)
        self.person.refresh_from_db()

    def close_account(self) -> None:
        Person.objects.filter(pk=self.person.pk).update(is_active=False)
        self.person.refresh_from_db()
        self.model.active = False

    def reopen_account(self) -> None:
        Person.objects.filter(pk=self.person.pk).update(is_active=True)
        self.person.refresh_from_db()
        self.model.active = True

    def end_one_session(self) -> None:
        number = self.chance.randrange(len(self.clients))
        if key := self.clients[number].cookies.get("session"):
            actions.end_session(self.person, handle_of(key.value))
        self.model.open[number] = False

    def end_all_sessions(self) -> None:
        actions.end_sessions(self.person)
        self.model.open = [False] * len(self.model.open)

    def sign_in_again(self) -> None:
        if self.model.active and len(self.clients) < 6:
            self.sign_in()

    def step(self) -> None:
        acts: list[Callable[[], None]] = [
            self.end_membership,
            self.restore_membership,
            self.change_role,
            self.change_role_bare,
            self.close_account,
            self.reopen_account,
            self.end_one_session,
            self.end_all_sessions,
            *[self.sign_in_again] * 3,
        ]
        act = self.chance.choice(acts)
        self.story.append(act.__name__)
        act()

    def look(self) -> None:
        numbers = list(range(len(self.clients)))
        self.chance.shuffle(numbers)
        for number in numbers:
            found, expected = self.found(number), self.model.answers(number)
            assert found == {name: expected[name] for name in found}, (self.story, number)

    def found(self, number: int) -> dict[str, bool]:
        client = self.clients[number]
        gets = {name: client.get(reverse(name)) for name in ("account", "office", "office-people")}
        user = gets["account"].wsgi_request.user
        uid = self.structure.uid
        pages = dict.fromkeys(STRUCTURE_PAGES, (uid,)) | dict.fromkeys(QUEUES, ()) | {"space-edit": (uid, Structure.KIND, uid)}
        for name in self.chance.sample(sorted(pages), 2):  # the others in other looks: there are thousands of them
            gets[name] = client.get(reverse(name, args=pages[name]))
        return {
            **{name: answer.status_code == 200 for name, answer in gets.items()},
            "edit the structure": may_in_structure(user, self.structure, Action.STRUCTURE_EDIT),
            "answer for the structure": may_in_structure(user, self.structure, Action.REQUEST_ANSWER),
        }


def run(seed: int) -> None:
    schedule = Schedule(seed)
    schedule.look()
    for _ in range(STEPS):
        schedule.step()
        schedule.look()


@pytest.fixture
def _somebody_administers(db: None) -> None:
    Person.objects.create_superuser("ada@example.org")


@pytest.mark.usefixtures("_somebody_administers")
@pytest.mark.parametrize("block", range(4))
def test_what_is_taken_away_is_refused_at_the_next_request(block: int) -> None:
    for seed in range(block * 4, block * 4 + 4):
        run(seed)


@pytest.mark.epreuve
@pytest.mark.usefixtures("_somebody_administers")
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_interleavings_without_a_leak(block: int) -> None:
    for seed in range(1000 + block * 100, 1000 + block * 100 + 100):
        run(seed)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a single writer: nothing to race")
@pytest.mark.parametrize("how", ["role", "closed", "session", "everywhere"])
def test_no_request_that_begins_after_the_revocation_gets_through(how: str) -> None:
    """Four threads ask without pause while another takes the right away: what begins after it is done is refused."""
    Person.objects.create_superuser("ada@example.org")
    bob = Person.objects.create_user("bob@example.org", role=Role.REDACTION)
    clients = [StrictClient() for _ in range(4)]
    for client in clients:
        client.force_login(bob)
    revoked, begun = Event(), Event()

    def insist(client: StrictClient) -> tuple[int, int]:
        before = after = 0
        try:
            for _ in range(200):
                late = revoked.is_set()
                status = client.get(reverse("office")).status_code
                before, after = before + (status == 200), after + (late and status == 200)
                begun.set()
                if late and after == 0 and _ > 20:
                    break
        finally:
            connections.close_all()
        return before, after

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(insist, client) for client in clients]
        begun.wait(timeout=20)
        if how == "role":
            Person.objects.filter(pk=bob.pk).update(role=Role.NONE)
        elif how == "closed":
            actions.change_role(bob, Role.REDACTION, is_active=False)
        elif how == "session":
            for client in clients:
                actions.end_session(bob, handle_of(client.cookies["session"].value))
        else:
            actions.end_sessions(bob)
        revoked.set()
        counts = [one.result(timeout=60) for one in running]
    assert sum(after for _before, after in counts) == 0
    assert sum(before for before, _after in counts) > 0
