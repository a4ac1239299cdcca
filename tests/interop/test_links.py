"""The weekly visit of addresses, against servers that answer in every way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from maillage.catalogue.models import CheckedLink
from maillage.interop.links.check import check, note, waiting
from maillage.interop.links.visit import Visitor
from tests.catalogue import worlds
from tests.servers import Asked, Said, Server, serving

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def _answer(asked: Asked) -> Said:
    if asked.path == "/robots.txt":
        return Said(200, b"User-agent: *\nDisallow: /prive/\n")
    status = {"/absente": 404, "/partie": 410, "/panne": 500, "/robots-refuses": 403, "/attendez": 429}.get(asked.path, 200)
    if asked.path == "/sans-head" and asked.method == "HEAD":
        status = 405
    if asked.path == "/head-faux" and asked.method == "HEAD":
        status = 404
    if asked.path == "/ailleurs":
        return Said(302, headers={"Location": "/"})
    if asked.path == "/en-rond":
        return Said(302, headers={"Location": "/en-rond"})
    if asked.path == "/longue":
        return Said(200, b"x" * 3_000_000)
    return Said(status, b"ok")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
    with serving(_answer) as running:
        yield running


def visitor() -> tuple[Visitor, Time]:
    time = Time()
    return Visitor(time.clock, time.sleep), time


@pytest.mark.parametrize(
    ("path", "answered"),
    [
        ("/", True), ("/sans-head", True), ("/head-faux", True), ("/ailleurs", True), ("/longue", True), ("/absente", False), ("/partie", False),
        ("/panne", False), ("/en-rond", False), ("/robots-refuses", None), ("/attendez", None), ("/prive/page", None),
    ],
)  # fmt: skip
def test_what_each_answer_says(path: str, answered: bool | None, server: Server) -> None:
    seen = visitor()[0].visit(server.url + path)
    assert seen.answered is answered, seen.said
    assert seen.said.endswith(".")
    if path == "/prive/page":
        assert [asked.path for asked in server.asked] == ["/robots.txt"], "the page itself was not asked for"
    if path == "/":
        assert [asked.method for asked in server.asked if asked.path == "/"] == ["HEAD"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://example.org/", "http://[", "mailto:x@y.fr", "https://"])
def test_nobody_there_or_no_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
    assert visitor()[0].visit(url).answered is False


def test_an_address_inside_the_network_is_not_visited_nor_accused() -> None:
    assert visitor()[0].visit("http://10.0.0.1/").answered is None


def test_a_server_without_tls_on_an_https_address(server: Server) -> None:
    assert visitor()[0].visit(server.url.replace("http:", "https:")).answered is False


def test_a_server_that_never_ends_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    import maillage.interop.links.visit as visit
    from maillage.kit.fetch import Limits

    monkeypatch.setattr(visit, "_LIMITS", Limits(bytes=0, seconds=0.2))
    monkeypatch.setattr(visit, "_ROBOTS", Limits(bytes=1000, seconds=0.2))
    monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
    over = threading.Event()

    def hang(asked: Asked) -> Said:
        over.wait(5)
        return Said()

    with serving(hang) as running:
        try:
            assert visitor()[0].visit(running.url).answered is False
        finally:
            over.set()


def test_one_request_a_second_to_the_same_host(server: Server) -> None:
    polite, time = visitor()
    for path in ("/", "/absente", "/ailleurs"):
        polite.visit(server.url + path)
    requests = 1 + 1 + 2 + 1  # robots, HEAD, HEAD and GET, HEAD (its redirection is part of it)
    assert time.slept == pytest.approx([1.0] * (requests - 1))


@pytest.mark.django_db
def test_three_failures_over_a_week_then_one_success(server: Server) -> None:
    url = server.url + "/absente"
    offer = worlds.offer(worlds.structure(), url=url)
    for day, flagged in ((0, False), (3, False), (6, False), (9, True)):
        done = check(visitor=visitor()[0], now=lambda day=day: NOW + timedelta(days=day))  # type: ignore[misc]
        assert done.visited == 1
        assert (CheckedLink.objects.get(url=url).flagged_at is not None) is flagged, day
    assert check(visitor=visitor()[0], now=lambda: NOW + timedelta(days=10)).visited == 0, "not before three days"
    before, health = note(url, True, "La page répond.", NOW + timedelta(days=20))
    assert before is not None
    assert health.flagged_at is None
    offer.url = ""
    offer.save()
    check(visitor=visitor()[0], now=lambda: NOW + timedelta(days=40))
    assert not CheckedLink.objects.exists(), "no sheet holds it any more"


@pytest.mark.django_db
def test_the_most_shown_comes_first_and_hosts_take_turns() -> None:
    structure = worlds.structure(website="https://petite.example.org/")
    worlds.offer(structure, url="https://pays.example.org/a", coverage=["france"])
    worlds.offer(structure, url="https://pays.example.org/b", coverage=["region:52"])
    worlds.offer(structure, url="https://departement.example.org/", coverage=["departement:53"])
    assert waiting(NOW) == [
        "https://pays.example.org/a", "https://departement.example.org/", "https://petite.example.org/", "https://pays.example.org/b"
    ]  # fmt: skip
    note("https://pays.example.org/a", True, "", NOW - timedelta(days=6))
    assert "https://pays.example.org/a" not in waiting(NOW)


@pytest.mark.django_db
def test_the_sheet_says_that_its_link_is_to_be_checked(client: object) -> None:
    structure = worlds.structure(website="https://casse.example.org/")
    worlds.offer(structure)
    for day in (0, 4, 8):
        note(structure.website, False, "", NOW + timedelta(days=day))
    assert "Lien à vérifier" in client.get(structure.get_absolute_url()).content.decode()  # type: ignore[attr-defined]
