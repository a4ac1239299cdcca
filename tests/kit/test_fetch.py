"""Everything that goes out over HTTP goes where it was checked to go, and no further."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.kit.addresses import check_url, is_public
from maillage.kit.fetch import FetchError, Limits, Refused, safe_fetch
from tests.kit.ssrf import TARGETS, V6, every_string
from tests.servers import Asked, Said, serving

LOOPBACK = ("127.0.0.1",)
QUICK = Limits(seconds=5)


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a socket of this process connects to."""
    seen: list[str] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> Any:
        seen.append(str(address[0]) if isinstance(address, tuple) else str(address))
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return seen


def _gullible(host: str, port: int) -> Collection[str]:
    """The worst resolver: reads octal, hexadecimal and short addresses, and says that every other name is this machine."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]
    except (OSError, UnicodeError):
        return ["127.0.0.1"]


def test_no_address_of_the_list_is_connected_to_however_it_is_written(connects: list[str]) -> None:
    strings = every_string()
    assert len(strings) >= 300
    for url in strings:
        with pytest.raises(Refused, match=r"\.$"):
            safe_fetch(url, resolve=_gullible, limits=QUICK)
    assert connects == []


@pytest.mark.parametrize("address", [*TARGETS, *(address for address in V6 if "%" not in address), "", "exemple", "127.1"])
def test_an_address_that_is_not_public_is_said_so(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2a00:1450:4007:80e::200e", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_an_address_of_the_public_internet_is_said_so(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["https://exemple.org", "http://exemple.org:80/a?b=c#d", "https://été.exemple.org/", "https://93.184.216.34/", "https://[2606:4700::1111]/", "https://a_b.exemple.org/", "https://exemple.org/é%20à?q=c'est"],
)  # fmt: skip
def test_an_ordinary_address_is_accepted(url: str) -> None:
    assert check_url(url).scheme in ("http", "https")


@given(
    st.text(max_size=60)
    | st.text(max_size=40).map("http://".__add__)
    | st.from_regex(r"https?://[0-9a-fx.:\[\]]{1,20}/?", fullmatch=True)
)
def test_whatever_is_written_is_checked_or_refused_with_a_sentence(url: str) -> None:
    try:
        said = str(check_url(url).port)
    except Refused as refused:
        said = str(refused)
    assert said in ("80", "443") or said.endswith(".")


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(connects: list[str]) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Collection[str]:
        asked.append(host)
        return answers.pop(0)

    with serving(lambda _: Said(body=b"ici")) as server:
        answer = safe_fetch(
            f"http://piege.example:{server.port}/", resolve=rebinding, allow=(*LOOPBACK, "piege.example"), limits=QUICK
        )
    assert answer.body == b"ici"
    assert server.asked[0].headers["Host"] == f"piege.example:{server.port}"
    assert asked == ["piege.example"]
    assert connects == ["127.0.0.1"]


def test_a_name_that_leads_inside_at_the_second_hop_is_refused(connects: list[str]) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with (
        serving(lambda _: Said(302, headers={"Location": "/encore"})) as server,
        pytest.raises(Refused, match="n’est pas publique"),
    ):
        safe_fetch(
            f"http://piege.example:{server.port}/", resolve=lambda host, port: answers.pop(0), allow=(*LOOPBACK, "piege.example"), limits=QUICK
        )  # fmt: skip
    assert connects == ["127.0.0.1"]


@pytest.mark.parametrize(
    "addresses", [["93.184.216.34", "10.0.0.1"], ["10.0.0.1", "93.184.216.34"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"]]
)
def test_one_private_address_among_those_of_a_name_refuses_the_name(addresses: list[str], connects: list[str]) -> None:
    with pytest.raises(Refused, match="n’est pas publique"):
        safe_fetch("https://exemple.org/", resolve=lambda host, port: addresses, limits=QUICK)
    assert connects == []


def test_a_name_in_allow_does_not_open_a_private_address(connects: list[str]) -> None:
    with pytest.raises(Refused, match="n’est pas publique"):
        safe_fetch("http://piege.example:8080/", resolve=lambda host, port: ["10.0.0.1"], allow=("piege.example",), limits=QUICK)
    assert connects == []


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2/", "http://localhost/", "http://2130706433/", "file:///etc/passwd", "//10.0.0.1/", "gopher://exemple.org/", "http://[::1]/", "http://exemple.org:22/", "http://a@exemple.org/"],
)  # fmt: skip
def test_a_redirection_is_checked_like_the_first_address(location: str, connects: list[str]) -> None:
    with serving(lambda _: Said(302, headers={"Location": location})) as server, pytest.raises(Refused):
        safe_fetch(server.url, allow=LOOPBACK, resolve=_gullible, limits=QUICK)
    assert connects == ["127.0.0.1"]


def test_three_redirections_are_followed_and_no_more() -> None:
    def hop(asked: Asked) -> Said:
        left = int(asked.path.strip("/") or 0)
        return Said(302, headers={"Location": f"/{left - 1}"}) if left else Said(body=b"fin")

    with serving(hop) as server:
        assert safe_fetch(f"{server.url}/3", allow=LOOPBACK, limits=QUICK).body == b"fin"
        with pytest.raises(FetchError, match="plus de 3 fois"):
            safe_fetch(f"{server.url}/4", allow=LOOPBACK, limits=QUICK)
        unfollowed = safe_fetch(f"{server.url}/3", allow=LOOPBACK, limits=Limits(redirects=0))
    assert (unfollowed.status, unfollowed.headers["location"]) == (302, "/2")


def test_keys_do_not_follow_a_redirection_to_another_host_and_cookies_never_come_back() -> None:
    with serving(lambda _: Said(body=b"ailleurs")) as other:

        def first(asked: Asked) -> Said:
            if asked.path == "/ici":
                return Said(302, headers={"Location": "/la", "Set-Cookie": "a=b"})
            return Said(307, headers={"Location": f"{other.url}/x", "Set-Cookie": "c=d"})

        with serving(first) as server:
            safe_fetch(
                f"{server.url}/ici", headers={"X-IDC": "secret", "Authorization": "Bearer secret"}, allow=LOOPBACK, limits=QUICK
            )
    assert [asked.headers.get("X-IDC") for asked in server.asked] == ["secret", "secret"]
    assert "X-IDC" not in other.asked[0].headers
    assert "Authorization" not in other.asked[0].headers
    assert all("Cookie" not in asked.headers for asked in (*server.asked, *other.asked))
    assert other.asked[0].headers["User-Agent"].startswith("Maillage/")


def test_a_posted_body_is_json_and_is_not_posted_again_after_a_303() -> None:
    def answer(asked: Asked) -> Said:
        return Said(303, headers={"Location": "/fait"}) if asked.method == "POST" else Said(body=b"{}")

    with serving(answer) as server:
        assert (
            safe_fetch(server.url, method="POST", body={"é": 1}, params={"q": "a b&c"}, allow=LOOPBACK, limits=QUICK).json() == {}
        )
    assert server.asked[0].body == '{"é": 1}'.encode()
    assert server.asked[0].query == {"q": ["a b&c"]}
    assert [(asked.method, asked.body) for asked in server.asked[1:]] == [("GET", b"")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_answer_beyond_the_limit_is_not_read_even_when_it_is_small_on_the_wire(pack: Callable[[bytes], bytes]) -> None:
    headers = {"Content-Encoding": "gzip"} if pack is gzip.compress else {}
    with serving(lambda asked: Said(body=pack(b"0" * int(asked.path[1:])), headers=headers)) as server:
        assert len(safe_fetch(f"{server.url}/1000", allow=LOOPBACK, limits=Limits(bytes=1000)).body) == 1000
        for size in (1001, 20_000_000):
            with pytest.raises(FetchError, match="dépasse 1000 octets"):
                safe_fetch(f"{server.url}/{size}", allow=LOOPBACK, limits=Limits(bytes=1000))


def test_an_endless_answer_ends_at_the_size_limit() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    with serving(lambda _: Said(body=endless())) as server, pytest.raises(FetchError, match="dépasse"):
        safe_fetch(server.url, allow=LOOPBACK, limits=Limits(bytes=100_000))


@pytest.mark.parametrize(
    "raw",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: br\r\n\r\nabc",
     b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", b"\x16\x03\x01" * 10,
     b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n\r\n" + gzip.compress(b"texte" * 100, mtime=0)[:15]],
)  # fmt: skip
def test_an_answer_that_is_not_http_or_is_cut_is_said_in_a_sentence(raw: bytes) -> None:
    with serving(lambda _: Said(raw=raw)) as server, pytest.raises(FetchError, match=r"127\.0\.0\.1.*\.$"):
        safe_fetch(server.url, allow=LOOPBACK, limits=QUICK)


def test_nobody_holds_us_beyond_the_deadline() -> None:
    """A byte now and then, or nothing at all, or a name that never resolves: every way ends, and says so."""
    over = threading.Event()

    def drip() -> Iterator[bytes]:
        while not over.wait(0.05):
            yield b"x"

    def hold(asked: Asked) -> Said:
        if asked.path == "/goutte":
            return Said(body=drip())
        over.wait(5)
        return Said()

    def never(host: str, port: int) -> Collection[str]:
        over.wait(5)
        return []

    try:
        with serving(hold) as server:
            for path in ("/goutte", "/silence"):
                with pytest.raises(FetchError, match="à temps"):
                    safe_fetch(server.url + path, allow=LOOPBACK, limits=Limits(seconds=0.4))
            with pytest.raises(FetchError, match="à temps"):
                safe_fetch("https://exemple.org/", resolve=never, limits=Limits(seconds=0.2))
            over.set()
    finally:
        over.set()


def test_a_closed_door_and_an_unknown_name_are_said_apart() -> None:
    with serving(lambda _: Said()) as server:
        pass
    with pytest.raises(FetchError, match="ne répond pas"):
        safe_fetch(server.url, allow=LOOPBACK, limits=QUICK)

    def unknown(host: str, port: int) -> Collection[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="introuvable"):
        safe_fetch("https://exemple.org/", resolve=unknown, limits=QUICK)
    with pytest.raises(FetchError, match="n’a pas d’adresse"):
        safe_fetch("https://exemple.org/", resolve=lambda host, port: [], limits=QUICK)


def test_an_answer_that_is_not_json_is_said_in_a_sentence() -> None:
    with serving(lambda _: Said(body=b"[" * 100_000)) as server, pytest.raises(FetchError, match="autre chose que du JSON"):
        safe_fetch(server.url, allow=LOOPBACK, limits=QUICK).json()


def test_a_key_that_cannot_be_a_header_is_refused_before_anything_leaves() -> None:
    with serving(lambda _: Said()) as server, pytest.raises(FetchError, match="clé d’accès"):
        safe_fetch(server.url, headers={"X-IDC": "clé\r\nX: y"}, allow=LOOPBACK, limits=QUICK)
    assert server.asked == []


def test_a_deployment_may_allow_an_address_from_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: Said(body=b"ok")) as server:
        with pytest.raises(Refused):
            safe_fetch(server.url, limits=QUICK)
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "10.0.0.0/8, 127.0.0.1")
        assert safe_fetch(server.url, limits=QUICK).body == b"ok"


def test_the_proxy_of_a_deployment_is_used_and_still_refuses_addresses_that_are_written_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(lambda asked: Said(body=b"par le relais")) as proxy:
        monkeypatch.setenv("MAILLAGE_EGRESS_PROXY", proxy.url.replace("//", "//nom:mot@"))
        assert safe_fetch("http://exemple.org/a", limits=QUICK).body == b"par le relais"
        for url in ("http://10.0.0.1/", "http://localhost/"):
            with pytest.raises(Refused):
                safe_fetch(url, limits=QUICK)
    assert [asked.headers["Host"] for asked in proxy.asked] == ["exemple.org"]
    assert proxy.asked[0].headers["Proxy-Authorization"].startswith("Basic ")


def _tunnel(connected: list[str], port: int) -> Iterator[str]:
    """A proxy that opens a tunnel to a local port whatever it is asked, and tells what it was asked."""
    door = socket.create_server(("127.0.0.1", 0))

    def carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65_536):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            client, _ = door.accept()
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(1024)
            connected.append(head.split(b"\r\n")[0].decode())
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=carry, args=(server, client), daemon=True)
                back.start()
                carry(client, server)
                back.join(5)

    serving_it = threading.Thread(target=serve, daemon=True)
    serving_it.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.close()
        serving_it.join(5)


def test_through_the_proxy_tls_still_verifies_the_name(monkeypatch: pytest.MonkeyPatch, certificate: ssl.SSLContext) -> None:
    connected: list[str] = []
    with serving(lambda _: Said(body=b"ok"), tls=certificate) as server:
        for name, told in (("bon.example", "ok"), ("autre.example", "certificat")):
            with contextlib.contextmanager(_tunnel)(connected, server.port) as proxy:
                monkeypatch.setenv("MAILLAGE_EGRESS_PROXY", proxy)
                try:
                    said = safe_fetch(f"https://{name}/", limits=QUICK).body.decode()
                except FetchError as error:
                    said = str(error)
            assert told in said
    assert connected == ["CONNECT bon.example:443 HTTP/1.1", "CONNECT autre.example:443 HTTP/1.1"]


def test_the_usual_proxy_variables_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://10.0.0.1:3128")
    with serving(lambda _: Said(body=b"droit")) as server:
        assert safe_fetch(server.url, allow=LOOPBACK, limits=QUICK).body == b"droit"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server of bon.example shows, trusted for the time of the test."""
    key, shown = tmp_path / "cle.pem", tmp_path / "certificat.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", shown, "-days", "2",
         "-subj", "/CN=bon.example", "-addext", "subjectAltName=DNS:bon.example"], capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(shown))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return context


def test_tls_verifies_the_name_and_is_not_given_up_on_the_way(certificate: ssl.SSLContext) -> None:
    clear = {"Location": "http://93.184.216.34/"}
    with serving(
        lambda asked: Said(302, headers=clear) if asked.path == "/clair" else Said(body=b"chiffr\xc3\xa9"), tls=certificate
    ) as server:
        names = ("bon.example", "autre.example")
        fetch = {
            name: lambda path="/", name=name: safe_fetch(
                f"https://{name}:{server.port}{path}",
                resolve=lambda host, port: ["127.0.0.1"],
                allow=(*LOOPBACK, *names),
                limits=QUICK,
            )
            for name in names
        }
        assert fetch["bon.example"]().body == "chiffré".encode()
        with pytest.raises(FetchError, match="certificat"):
            fetch["autre.example"]()
        with pytest.raises(Refused, match="pas chiffrée"):
            fetch["bon.example"]("/clair")
    assert [asked.headers["Host"] for asked in server.asked] == [f"bon.example:{server.port}"] * 2
