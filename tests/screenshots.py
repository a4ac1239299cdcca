"""`make screenshots`: the pictures of the README, taken on a fresh installation with the starter catalogue."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, ROOT, _free_port, _wait_for
from tests.services import browser

FOLDER = ROOT / "docs" / "images"
SHOTS = [
    ("accueil.png", "127.0.0.1", "/", 1280, 1000),
    ("resultats.png", "127.0.0.1", "/resultats/?etape=creation&commune=53062", 1280, 1300),
    ("difficultes-telephone.png", "tremplin.localhost", "/resultats/?etape=difficultes&commune=80253", 390, 1200),
    ("territoire.png", "tremplin.localhost", "/territoires/departement/80/", 1280, 1300),
]


def main() -> int:
    """Serve a fresh installation, take each picture, stop the server."""
    chromium = browser()
    if not chromium.value:
        print(f"NON VÉRIFIÉ : {chromium.missing}")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="maillage-images-") as folder:
        port, log = _free_port(), Path(folder) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(Path(sys.executable).parent / "maillage"), "run", "--port", str(port)],
                env={**os.environ, "MAILLAGE_DATA": f"{folder}/data"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", server, log)
            with sync_playwright() as playwright:
                chrome = playwright.chromium.launch(executable_path=chromium.value, args=list(FLAGS))
                for name, host, path, width, height in SHOTS:
                    page = chrome.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
                    page.goto(f"http://{host}:{port}{path}")
                    page.screenshot(path=str(FOLDER / name))
                    page.close()
                    print(FOLDER / name)
                chrome.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
