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


#: WCAG 1.4.12.
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"


def add_style(page: Page, css: str) -> None:
    """Impose a reader's own style on the page: a constructed sheet, because the security policy refuses inline styles."""
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s] }",
        css,
    )


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


#: What the keyboard can reach, in the order of the document: a group of radio buttons is one stop, on its chosen button or its first.
TAB_STOPS = """() => {
  const can = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable], iframe, audio[controls], video[controls]';
  const stops = [...document.querySelectorAll(can)].filter(e =>
    e.tabIndex >= 0 && !e.disabled && !e.closest('[inert]') && e.checkVisibility({visibilityProperty: true}) &&
    !(e.tagName === 'SUMMARY' && e !== e.parentElement.querySelector(':scope > summary')));
  return stops.filter(e => {
    if (e.type !== 'radio') return true;
    const group = stops.filter(other => other.type === 'radio' && other.name === e.name && other.form === e.form);
    return e === (group.find(other => other.checked) || group[0]);
  });
}"""

_NAME = """(e => !e ? 'nothing' : e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' « '
  + (e.textContent.trim() || e.value || e.name || '').replace(/\\s+/g, ' ').slice(0, 40) + ' »')"""

#: Counts the stops and watches where the focus goes, and whether the stop looks different with it (outline, shadow, border, colours).
_WATCH = f"""() => {{
  const stops = ({TAB_STOPS})(), looks = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor', 'color', 'textDecoration'];
  const shown = e => e.type === 'radio' || e.type === 'checkbox' ? [e, e.closest('label')].filter(Boolean) : [e];
  const look = e => JSON.stringify(shown(e).map(part => {{ const s = getComputedStyle(part); return looks.map(name => s[name]); }}));
  const plain = new Map(stops.map(e => [e, look(e)]));
  window.focused = {{ names: stops.map({_NAME}), reached: [], unseen: [] }};
  document.addEventListener('focusin', ({{ target }}) => {{
    window.focused.reached.push(stops.indexOf(target) >= 0 ? stops.indexOf(target) : 'unexpected ' + {_NAME}(target));
    const box = target.getBoundingClientRect();
    if (look(target) === plain.get(target)) window.focused.unseen.push('no visible focus: ' + {_NAME}(target));
    else if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth)
      window.focused.unseen.push('focus out of the screen: ' + {_NAME}(target));
  }});
  document.activeElement.blur();
  // a date is four stops in one: day, month, year, and the button of its calendar
  return [stops.length, 3 * stops.filter(e => e.type === 'date').length];
}}"""


def keyboard_problems(page: Page) -> list[str]:
    """Tab goes once to everything that can be reached, in the order of the document, visibly; Shift+Tab comes back the same way."""
    stops, inner = page.evaluate(_WATCH)
    for _step in range(stops + inner):
        page.keyboard.press("Tab")
    forward, problems = page.evaluate("[window.focused.reached.splice(0), window.focused.unseen.splice(0)]")
    for _step in range(stops + inner - 1):
        page.keyboard.press("Shift+Tab")
    focused: dict[str, Any] = page.evaluate("window.focused")

    def told(numbers: list[int | str]) -> list[str]:
        return [focused["names"][number] if isinstance(number, int) else number for number in numbers]

    if forward != list(range(stops)):
        first = next((rank for rank, number in enumerate(forward) if number != rank), len(forward))
        problems.append(
            f"Tab reaches {len(forward)} of {stops} stops; stop {first} should be {told([first]) if first < stops else '–'}: {told(forward)[first:][:4]}"
        )
    elif focused["reached"] != list(range(stops - 2, -1, -1)):
        problems.append(f"Shift+Tab does not come back the same way: {told(focused['reached'])[:6]}")
    return problems
