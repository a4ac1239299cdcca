"""Loaded by pytest before anything else (`-p tests.environment`): each test session has a data folder of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_DATA = tempfile.TemporaryDirectory(prefix="maillage-tests-")
os.environ["MAILLAGE_DATA"] = _DATA.name
os.environ.setdefault("SECRET_KEY", "tests-only-key-" + "x" * 40)
(Path(_DATA.name) / "static").mkdir()
