"""Sends requests for contact to a running site, as a program would, until it says 429 with Retry-After; then shows what was kept.

    python tests/accompaniment/abuse.py http://127.0.0.1:8000

Use it on a site of your own: each request that passes is kept and told. Exit 0 when the limit held: 429, a Retry-After, the words still
on the page; 1 otherwise. It needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

PATH = "/demander-un-contact/"
WORDS = "Essai de la limite, à ne pas traiter."
AT_MOST = 60


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_anything: object) -> None:
        return None


def post(site: str, pairs: list[tuple[str, str]]) -> tuple[int, str, str]:
    """Post a form; gives the status, Retry-After and the page."""
    asked = urllib.request.Request(site + PATH, urllib.parse.urlencode(pairs).encode())
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=30) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Retry-After", ""), error.read().decode()


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a page."""
    tags = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in tags]


def send_one(site: str, number: int) -> tuple[int, str, str]:
    """One whole request: the form, the check page, three seconds, the sending."""
    typed = [("demande", WORDS), ("courriel", f"abus-{time.time_ns()}-{number}@example.org"), ("acte", "verifier")]
    _status, _wait, page = post(site, typed)
    agreed = [("accord", uid) for uid in re.findall(r'name="accord" value="([^"]*)"', page)]
    return post(site, [*hidden(page), *agreed, ("acte", "envoyer")])


def main(site: str) -> int:
    """Send until refused."""
    post_page = post(
        site, [("demande", WORDS), ("courriel", "robot@example.org"), ("site", "https://robot.example"), ("acte", "verifier")]
    )
    print(f"honeypot filled in: {post_page[0]}, " + ("refused" if "arrêter les robots" in post_page[2] else "NOT REFUSED"))
    status, _wait, page = send_one(site, 0)
    print(f"sent at once: {status}, " + ("refused" if "trop vite" in page else "NOT REFUSED"))
    passed = 0
    ready = []
    for number in range(AT_MOST):  # all the pages first, then one wait for all of them
        _status, _wait, page = post(
            site, [("demande", WORDS), ("courriel", f"abus-{time.time_ns()}-{number}@example.org"), ("acte", "verifier")]
        )
        ready.append(
            [*hidden(page), *(("accord", uid) for uid in re.findall(r'name="accord" value="([^"]*)"', page)), ("acte", "envoyer")]
        )
    time.sleep(3.5)
    for pairs in ready:
        status, wait, page = post(site, pairs)
        if status == 429:
            kept = WORDS in page
            print(f"{passed} passed, then 429, Retry-After: {wait} s, words still on the page: {'yes' if kept else 'NO'}")
            return 0 if wait.isdecimal() and int(wait) > 0 and kept else 1
        if status != 303:
            print(f"unexpected answer: {status}")
            return 1
        passed += 1
    print(f"NO LIMIT after {passed} requests")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")) if len(sys.argv) == 2 else __doc__)
