"""What every page must be, looked at in the browser: each check gives the list of what is wrong, empty when all is well."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

#: Every rule of axe up to level AA of WCAG 2.2, the RGAA's, its advice and its experiments. AAA is not promised.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice", "experimental"]


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page: rule, help and the elements."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        "async tags => (await axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})).violations", AXE_TAGS
    )
    return [f"axe {rule['id']}: {rule['help']} – {[node['target'] for node in rule['nodes']][:4]}" for rule in found]


_HEADINGS = """() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading]')]
  .map(e => [Number(e.getAttribute('aria-level') || e.tagName[1]), e.textContent.trim().replace(/\\s+/g, ' ')])"""


def heading_problems(page: Page) -> list[str]:
    """One h1, first of all; no level skipped; none empty."""
    headings: list[tuple[int, str]] = [(level, text) for level, text in page.evaluate(_HEADINGS)]
    problems = [f"empty heading h{level}" for level, text in headings if not text]
    ones = [text for level, text in headings if level == 1]
    if len(ones) != 1:
        problems.append(f"{len(ones)} h1: {ones}")
    before = 0
    for level, text in headings:
        if level > before + 1:
            problems.append(f"h{level} « {text[:50]} » comes after h{before}")
        before = level
    return problems


_OVERFLOW = """() => {
  const wrong = [], root = document.scrollingElement, wide = root.clientWidth;
  const hidden = e => { const r = e.getBoundingClientRect(); return r.width <= 1 || r.height <= 1 || !e.checkVisibility(); };
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.classList.length ? '.' + [...e.classList].join('.') : '')
    + ' « ' + e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40) + ' »';
  if (root.scrollWidth > wide) {
    const past = [...document.body.querySelectorAll('*')].filter(e => !hidden(e) && e.getBoundingClientRect().right > wide + 0.5);
    const deepest = past.filter(e => !past.some(other => other !== e && e.contains(other)));
    wrong.push(`the page is ${root.scrollWidth} px wide in ${wide}: ` + deepest.slice(0, 4).map(name).join(', '));
  }
  for (const e of document.body.querySelectorAll('*')) {
    if (hidden(e) || e.closest('svg') || ['INPUT', 'TEXTAREA', 'SELECT'].includes(e.tagName)) continue;
    const style = getComputedStyle(e), sideways = e.scrollWidth > e.clientWidth + 1, down = e.scrollHeight > e.clientHeight + 1;
    if (style.display === 'inline' || !e.clientWidth) continue;
    if (sideways && ['auto', 'scroll'].includes(style.overflowX)) wrong.push(`scrolls sideways: ${name(e)}`);
    else if ((sideways && ['hidden', 'clip'].includes(style.overflowX)) || (down && ['hidden', 'clip'].includes(style.overflowY)))
      wrong.push(`text is cut: ${name(e)}`);
  }
  return wrong;
}"""


def overflow(page: Page) -> list[str]:
    """What sticks out of the page sideways, what scrolls sideways inside it, what is cut."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


#: WCAG 1.4.12, and text twice as large (WCAG 1.4.4); constructed sheets, because the security policy refuses inline styles.
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"
LARGE_TEXT = "html { font-size: 200% !important }"


def add_style(page: Page, css: str) -> None:
    """Impose a reader's own style on the page."""
    page.evaluate("css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s] }", css)


def remove_styles(page: Page) -> None:
    """Take the reader's styles away."""
    page.evaluate("() => { document.adoptedStyleSheets = [] }")


_MAIN = """() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('[role=status], [role=listbox], script').forEach(e => e.remove());
  return main.textContent.replace(/\\s+/g, ' ').trim();
}"""


def main_text(page: Page) -> str:
    """The words of the main content, without what scripts announce."""
    text: str = page.evaluate(_MAIN)
    return text
