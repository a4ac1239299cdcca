"""The console command `maillage`: every Django command is reachable through it."""

from __future__ import annotations

import difflib
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
    lines = [
        "Maillage : l’orientation des projets de l’économie sociale et solidaire.",
        "",
        "Usage : maillage COMMANDE [OPTIONS]",
        "",
    ]
    lines += [f"  {name.ljust(width)}  {text.splitlines()[0] if text else ''}" for name, text in ours]
    lines += [
        "",
        "maillage COMMANDE --help détaille une commande.",
        f"Les commandes de Django marchent aussi : {', '.join(others)}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run `maillage COMMAND …` with Maillage's settings; alone, say what it can do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        print(overview())
        return
    import django
    from django.core.management import execute_from_command_line, get_commands

    from maillage.config import french_help

    command = sys.argv[1]
    django.setup()  # until then, Django lists its own commands only
    if not command.startswith("-") and command != "help" and command not in get_commands():
        near = difflib.get_close_matches(command, get_commands(), n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        print(f"« {command} » n’est pas une commande.{hint} La liste : maillage help", file=sys.stderr)
        raise SystemExit(2)

    french_help.install()
    execute_from_command_line(["maillage", *sys.argv[1:]])
