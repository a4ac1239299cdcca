"""The console command `maillage`: every Django command is reachable through it."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `maillage COMMAND …` with Maillage's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["maillage", *sys.argv[1:]])
