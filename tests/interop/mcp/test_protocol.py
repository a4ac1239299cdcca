"""The protocol, message by message: what is asked, what is wrong, what is never answered."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.interop.management.commands.mcp import LONGEST, serve
from maillage.interop.mcp.protocol import VERSION_KEY, WITH_HANDSHAKE, answer
from maillage.interop.mcp.tools import TOOLS
from maillage.interop.views.mcp import LIMIT
from tests.conftest import StrictClient
from tests.whole.cast import make_world

pytestmark = pytest.mark.django_db


def request(method: str, params: Any = None, identity: Any = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "method": method, **({} if params is None else {"params": params})}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    """The result of a tool."""
    told = answer(request("tools/call", {"name": name, "arguments": arguments}))
    assert told is not None
    result: dict[str, Any] = told["result"]
    return result


@pytest.mark.parametrize("version", WITH_HANDSHAKE)
def test_a_handshake_keeps_a_version_that_we_know(version: str) -> None:
    told = answer(
        request("initialize", {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}})
    )
    assert told is not None
    assert told["result"]["protocolVersion"] == version


def test_a_handshake_with_an_unknown_version_gets_our_latest() -> None:
    told = answer(request("initialize", {"protocolVersion": "1999-01-01"}))
    assert told is not None
    assert told["result"]["protocolVersion"] == WITH_HANDSHAKE[-1]


def test_ping_is_answered_with_nothing() -> None:
    assert answer(request("ping", identity="a")) == {"jsonrpc": "2.0", "id": "a", "result": {}}


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        {"jsonrpc": "2.0", "method": "tools/call", "params": {}},
    ],
)
def test_what_asks_nothing_is_not_answered(message: dict[str, Any]) -> None:
    assert answer(message) is None


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([], -32600),
        ([request("ping")], -32600),
        ("ping", -32600),
        (None, -32600),
        ({"id": 1, "method": "ping"}, -32600),
        (request("ping", identity=None), -32600),
        (request("ping", identity=1.5), -32600),
        (request("ping", identity=True), -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 3}, -32600),
        (request("resources/list"), -32601),
        (request("tools/call", []), -32602),
        (request("tools/call", {"name": "rien"}), -32602),
        (request("tools/call", {"name": ["search"]}), -32602),
        (request("tools/call", {"name": "search", "arguments": []}), -32602),
        (request("ping", {"_meta": {VERSION_KEY: "2099-01-01"}}), -32022),
    ],
)
def test_what_is_wrong_has_its_code_and_a_sentence(message: Any, code: int) -> None:
    told = answer(message)
    assert told is not None
    assert told["error"]["code"] == code
    assert told["error"]["message"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search", {"etape": "zzz"}),
        ("search", {"commune": "Saint-Denis"}),
        ("search", {"limite": 0}),
        ("search", {"limite": True}),
        ("search", {"besoin": {"a": 1}}),
        ("search", {"rien": 1}),
        ("search", {"lang": "de"}),
        ("search", {"lang": ["fr"]}),
        ("sheet", {}),
        ("sheet", {"id": 3}),
        ("sheet", {"id": "x\0"}),
        ("sheet", {"id": "aaaaaaaaaaaa"}),
        ("relays_near", {"commune": "Nulle-Part-sur-Rien"}),
        ("gaps", {"territoire": "departement:999"}),
        ("gaps", {"territoire": "canton:1"}),
        ("gaps", {"territoire": "Nulle-Part-sur-Rien"}),
    ],
)
def test_arguments_that_nobody_understands_are_told_to_the_assistant(name: str, arguments: dict[str, Any]) -> None:
    result = call(name, **arguments)
    assert result["isError"]
    assert len(result["content"][0]["text"]) > 10


def test_the_tools_answer_with_public_data_and_addresses() -> None:
    world = make_world()
    found = call("search", etape="creation", commune="53062", besoin=["juridique"])
    assert found["structuredContent"]["total"] == 1
    assert world.offer.get_absolute_url() in found["content"][0]["text"]
    for sheet in (world.offer, world.structure, world.relay):
        assert call("sheet", id=sheet.uid)["structuredContent"]["name"] == sheet.name
    page = f"https://example.org{world.structure.get_absolute_url()}#{world.relay.uid}"
    assert call("sheet", id=page)["structuredContent"]["uid"] == world.relay.uid
    assert call("sheet", id=world.draft.uid)["isError"]
    assert call("relays_near", commune="53062")["structuredContent"]["relays"][0]["name"] == world.relay.name
    assert call("gaps", territoire="53062", lang="en")["structuredContent"]["offers"] == 1


def test_the_list_of_tools_says_that_they_only_read() -> None:
    told = answer(request("tools/list"))
    assert told is not None
    listed = told["result"]["tools"]
    assert [tool["name"] for tool in listed] == list(TOOLS)
    assert all(tool["annotations"]["readOnlyHint"] and tool["inputSchema"]["type"] == "object" for tool in listed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(
    method=st.sampled_from(["initialize", "tools/list", "tools/call", "ping", "server/discover", "x"]) | st.text(max_size=10),
    name=st.sampled_from(list(TOOLS)) | _JSON,
    key=st.sampled_from(["etape", "commune", "besoin", "texte", "id", "territoire", "limite", "lang", "salaries"]),
    value=_JSON,
    params=st.none() | _JSON,
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_makes_the_server_fail(method: str, name: Any, key: str, value: Any, params: Any) -> None:
    for message in (request(method, params), request(method, {"name": name, "arguments": {key: value}}), params):
        told = answer(message)
        assert told is None or told.get("error", {}).get("code") != -32603
        json.dumps(told)


def test_lines_are_answered_one_by_one_and_a_broken_one_stops_nothing() -> None:
    lines = [
        b"{",
        b"",
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b"[" * 100_000,
        json.dumps(request("ping")).encode(),
    ]
    written = io.BytesIO()
    serve(io.BytesIO(b"\n".join(lines) + b"\n"), written)
    told = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [each.get("error", {}).get("code") for each in told] == [-32700, -32700, None]


def test_a_line_without_an_end_is_refused_without_being_kept() -> None:
    written = io.BytesIO()
    serve(io.BytesIO(b"x" * (LONGEST + 5)), written)
    assert json.loads(written.getvalue().splitlines()[0])["error"]["code"] == -32700


def post(client: StrictClient, body: Any, **headers: str) -> Any:
    LIMIT.reset()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/mcp", raw, content_type="application/json", headers=headers)


def test_over_http_each_message_is_one_answer(client: StrictClient) -> None:
    told = post(client, request("ping"))
    assert (told.status_code, json.loads(told.content)["result"]) == (200, {})
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert not told.cookies
    assert post(client, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert post(client, b"{").status_code == 400
    assert post(client, [request("ping")]).status_code == 400
    assert post(client, request("rien")).status_code == 404
    assert post(client, b" " * 100_001).status_code == 413


def test_over_http_headers_say_what_the_message_says(client: StrictClient) -> None:
    body = request("ping", {"_meta": {VERSION_KEY: "2026-07-28"}})
    assert post(client, body).status_code == 400
    good = {"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": "ping"}
    assert post(client, body, **good).status_code == 200
    assert json.loads(post(client, body, **{**good, "Mcp-Method": "tools/list"}).content)["error"]["code"] == -32020
    unknown = post(client, request("ping"), **{"Mcp-Protocol-Version": "1999-01-01"})
    assert (unknown.status_code, json.loads(unknown.content)["error"]["code"]) == (400, -32022)


def test_over_http_nothing_is_streamed_and_too_many_messages_wait(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/mcp").status_code == 405
    assert client.delete("/mcp").status_code == 405
    assert client.options("/mcp").status_code == 204
    monkeypatch.setattr(LIMIT, "allowed", 1)
    assert post(client, request("ping")).status_code == 200
    refused = client.post("/mcp", json.dumps(request("ping")), content_type="application/json")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
