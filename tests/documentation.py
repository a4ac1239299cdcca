"""Does the documentation say what exists? Every setting, command, algorithm, dependency and link has its line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import catalogue_counts

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def _text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def undocumented_settings() -> Iterator[str]:
    """Environment variables that the code reads and docs/guides/settings.md does not name."""
    guide = _text("docs", "guides", "settings.md")
    read = re.compile(r"""(?:environ(?:\.get\(|\[)|_flag\(|_list\(|_number\(|getenv\()\s*["']([A-Z][A-Z_]+)["']""")
    for path in sorted((ROOT / "maillage").rglob("*.py")):
        for name in read.findall(path.read_text(encoding="utf-8")):
            if f"`{name}`" not in guide and name != "DJANGO_SETTINGS_MODULE":
                yield f"docs/guides/settings.md ne parle pas de {name} (lu par {path.relative_to(ROOT)})"


def undocumented_commands() -> Iterator[str]:
    """Commands of ours that docs/guides/commands.md does not name."""
    guide = _text("docs", "guides", "commands.md")
    for path in sorted((ROOT / "maillage").glob("*/management/commands/*.py")):
        if not path.stem.startswith("_"):
            name = path.stem.replace("_", "-") if (path.parent / path.name).is_file() else path.stem
            if f"maillage {path.stem}" not in guide and f"maillage {name}" not in guide:
                yield f"docs/guides/commands.md ne parle pas de la commande {path.stem}"


def unexplained_dependencies() -> Iterator[str]:
    """Direct dependencies without a reason in docs/decisions/."""
    decisions = "\n".join(path.read_text(encoding="utf-8").lower() for path in sorted((DOCS / "decisions").glob("*.md")))
    for name in ("base.in", "dev.in"):
        for line in _text("requirements", name).splitlines():
            package = re.split(r"[\[~=<>;#\s]", line.strip(), maxsplit=1)[0].lower()
            if package and not package.startswith("-") and f"`{package}`" not in decisions:
                yield f"docs/decisions/ ne dit pas pourquoi on dépend de {package}"


def unlisted_pages() -> Iterator[str]:
    """Pages of docs/ that docs/README.md does not link."""
    index = _text("docs", "README.md")
    for path in sorted(DOCS.rglob("*.md")):
        if path != DOCS / "README.md" and f"({path.relative_to(DOCS).as_posix()})" not in index:
            yield f"docs/README.md ne mène pas à {path.relative_to(DOCS)}"


def broken_links() -> Iterator[str]:
    """Relative links of README.md and docs/ that lead nowhere."""
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                yield f"{path.relative_to(ROOT)} : le lien « {target} » ne mène nulle part"


def unknown_paths() -> Iterator[str]:
    """Files of the package that the documentation names in `code` and that do not exist."""
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        for target in re.findall(
            r"`((?:maillage|tests|bench|requirements)/[\w./-]+\.(?:py|toml|html|css|in|txt))`", path.read_text(encoding="utf-8")
        ):
            if not (ROOT / target).exists():
                yield f"{path.relative_to(ROOT)} : le fichier `{target}` n’existe pas"


def untrue_counts() -> Iterator[str]:
    """The tables of the starter catalogue, when the files say something else."""
    text = _text("docs", "data", "starter-catalogue.md")
    if f"{catalogue_counts.BEGIN}{catalogue_counts.tables()}{catalogue_counts.END}" not in text:
        yield "docs/data/starter-catalogue.md : les nombres ne sont plus ceux des fichiers (python -m tests.catalogue_counts les récrit)"


def every_problem() -> list[str]:
    """All that the documentation does not say, or says wrongly."""
    checks = (
        undocumented_settings,
        undocumented_commands,
        unexplained_dependencies,
        unlisted_pages,
        broken_links,
        unknown_paths,
        untrue_counts,
    )
    return [problem for check in checks for problem in check()]


def main() -> int:
    """Print the problems; 0 when there is none."""
    problems = every_problem()
    print("\n".join(problems) or "La documentation est à jour.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
