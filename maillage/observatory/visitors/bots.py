"""Who is not a visitor: programs that say so, or that do not say they are a browser. No Django."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

#: Every browser that people use has begun its name so since the 1990s.
_BROWSERS = ("Mozilla/", "Opera/")
#: Addresses that programs ask for and people do not: whoever asked for one today is not counted today.
ROBOT_PATHS = ("/robots.txt", "/sitemap")


@cache
def _words() -> re.Pattern[str]:
    text = files(__package__).joinpath("bots.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return re.compile("|".join(words))


@lru_cache(maxsize=4096)
def is_bot(agent: str) -> bool:
    """Does this name (User-Agent) belong to a program, or to nothing known?"""
    return not agent.startswith(_BROWSERS) or bool(_words().search(agent.lower()))
