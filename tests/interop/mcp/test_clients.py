"""The official client of the protocol speaks to our server: over the standard input and output, and over HTTP, old versions and new."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from pytest_django.live_server_helper import LiveServer

from maillage.interop.mcp.tools import TOOLS
from maillage.interop.views.mcp import LIMIT
from tests.whole.cast import make_world

Use = Callable[[Any], Awaitable[dict[str, Any]]]


async def _everything(client: Any) -> dict[str, Any]:
    """What an assistant does: looks at the tools, searches, reads what it found, asks who is near and what is missing."""
    listed = await client.list_tools()
    found = await client.call_tool("search", {"etape": "creation", "commune": "53062", "limite": 5})
    results = found.structured_content["results"]
    sheet = await client.call_tool("sheet", {"id": results[0]["url"]}) if results else None
    near = await client.call_tool("relays_near", {"commune": "Laval", "lang": "en"})
    gaps = await client.call_tool("gaps", {"territoire": "departement:53"})
    wrong = await client.call_tool("search", {"etape": "zzz"})
    return {
        "version": client.protocol_version,
        "tools": [tool.name for tool in listed.tools],
        "found": found,
        "sheet": sheet,
        "near": near,
        "gaps": gaps,
        "wrong": wrong,
    }


def _talk(server: Any, mode: str) -> dict[str, Any]:
    async def talk() -> dict[str, Any]:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            return await _everything(client)

    return asyncio.run(talk())


def _check(told: dict[str, Any]) -> None:
    assert told["tools"] == list(TOOLS)
    assert not told["found"].is_error
    assert "total" in told["found"].structured_content
    assert "networks" in told["near"].structured_content
    assert told["gaps"].structured_content["territory"]["name"] == "Mayenne"
    assert told["wrong"].is_error
    assert "zzz" in told["wrong"].content[0].text


@pytest.mark.parametrize(("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_an_assistant_on_this_machine(mode: str, version: str, tmp_path: Path, repository: Path) -> None:
    environment = {**os.environ, "MAILLAGE_DATA": str(tmp_path), "PYTHONPATH": str(repository), "DATABASE_URL": ""}
    maillage = str(Path(sys.executable).parent / "maillage")
    # an empty catalogue: what is tested is the talk
    subprocess.run([maillage, "migrate", "--verbosity", "0"], env=environment, cwd=repository, check=True)
    told = _talk(StdioServerParameters(command=maillage, args=["mcp"], env=environment, cwd=str(repository)), mode)
    _check(told)
    assert told["version"] == version


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_an_assistant_over_http(mode: str, version: str, live_server: LiveServer) -> None:
    world = make_world()
    LIMIT.reset()
    told = _talk(f"{live_server.url}/mcp", mode)
    _check(told)
    assert told["version"] == version
    assert [result["name"] for result in told["found"].structured_content["results"]] == [world.offer.name]
    assert world.offer.name in told["found"].content[0].text
    assert told["sheet"].structured_content["uid"] == world.offer.uid
    assert "verified_by" not in json.dumps(told["sheet"].structured_content)
    assert told["near"].structured_content["networks"][0]["name"] == world.structure.name
