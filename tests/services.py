"""What the tests need from the machine: a PostgreSQL server and a browser, found, started or installed where that is allowed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Found:
    """A service that was found (`value`: an address or a path), or the reason why it was not and what to install."""

    value: str = ""
    missing: str = ""


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(*packages: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-o", "DPkg::Lock::Timeout=300", "-qq"]
    subprocess.run(["apt-get", *options, "update"], env=environment, check=False, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages],
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def browser() -> Found:
    """The path of a Chromium; installs Debian's package when we are root on Debian."""
    for attempt in range(2):
        for name in BROWSERS:
            path = shutil.which(name)
            if path:
                return Found(path)
        if attempt == 0 and _may_install():
            _apt_install("chromium")
    return Found(missing="aucun navigateur Chromium. Installez le paquet « chromium » de votre système.")


def _answers(url: str) -> str:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            if connection.info.server_version < 150000:
                return f"le serveur PostgreSQL est en version {connection.info.server_version // 10000}, il faut 15 ou plus"
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            return "" if row and row[0] else "ce compte PostgreSQL n’a pas le droit de créer une base"
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]


def _server_programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None) if Path("/usr/lib/postgresql").is_dir() else None


def _as_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: as root, become the `postgres` user of Debian's package."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextlib.contextmanager
def _own_server(programs: Path) -> Iterator[str]:
    """A server of our own, in a temporary folder, on a socket only; stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="maillage-pg-") as folder:
        data = Path(folder) / "data"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            _as_user([str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]), **quiet
        )  # type: ignore[call-overload]  # same options for three calls
        subprocess.run(_as_user([*control, "-l", f"{folder}/log", "-o", f"-k {folder} -h ''", "start"]), **quiet)  # type: ignore[call-overload]
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            subprocess.run(_as_user([*control, "-m", "immediate", "stop"]), **quiet)  # type: ignore[call-overload]


@contextlib.contextmanager
def postgresql() -> Iterator[Found]:
    """A PostgreSQL 15+ where tests may create a database: DATABASE_URL, else a local server, else one of our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        problem = _answers(given)
        yield Found(missing=f"DATABASE_URL : {problem}.") if problem else Found(given)
        return
    for url in ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres"):
        if not _answers(url):
            yield Found(url)
            return
    if _server_programs() is None and _may_install():
        _apt_install("postgresql")
    programs = _server_programs()
    if programs is None:
        yield Found(missing="aucun serveur PostgreSQL 15+. Installez le paquet « postgresql », ou donnez DATABASE_URL.")
        return
    try:
        with _own_server(programs) as url:
            yield Found(url)
    except (subprocess.CalledProcessError, OSError, LookupError) as error:
        yield Found(missing=f"le serveur PostgreSQL de test n’a pas démarré ({error}). Donnez DATABASE_URL.")
