"""The console command `maillage`: every Django command is reachable through it."""

from __future__ import annotations

import os
import sys


def overview() -> str:
    """Our commands with their help, in French; Django's own are named on one line."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours: list[tuple[str, str]] = []
    others: list[str] = []
    for name, app in sorted(get_commands().items()):
        if isinstance(app, str) and app.startswith("maillage."):
            ours.append((name, str(load_command_class(app, name).help)))
        else:
            others.append(name)
    width = max(len(name) for name, _ in ours)
    lines = ["Maillage : l’orientation des projets de l’économie sociale et solidaire.", "", "Usage : maillage COMMANDE [OPTIONS]", ""]
    lines += [f"  {name.ljust(width)}  {text.splitlines()[0] if text else ''}" for name, text in ours]
    lines += ["", "maillage COMMANDE --help détaille une commande.", f"Les commandes de Django marchent aussi : {', '.join(others)}."]
    return "\n".join(lines)


def main() -> None:
    """Run `maillage COMMAND …` with Maillage's settings; alone, say what it can do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print(overview())
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(["maillage", *sys.argv[1:]])
