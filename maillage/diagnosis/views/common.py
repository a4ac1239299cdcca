"""What the pages of an open diagnosis and those of a kept one share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.catalogue.index import current_index
from maillage.diagnosis import drawing
from maillage.diagnosis.filling import Filling
from maillage.diagnosis.grid import UNANSWERED, Criterion, Gate, GateQuestion
from maillage.diagnosis.pdf.sheet import sheet_pdf
from maillage.diagnosis.result import Result, as_json, columns, result
from maillage.diagnosis.wording import ANSWERS, GATES, SHORT
from maillage.kit.absolute import absolute_url
from maillage.kit.frame import framed, kept
from maillage.kit.pdf.compile import Busy
from maillage.kit.typography import typographic
from maillage.vocabulary.labels import choices
from maillage.vocabulary.middleware import PortalRequest

#: Seconds after which to ask again when too many PDF are being made.
RETRY = 5
#: Answers in an address are nobody else's business.
_NO_INDEX = '<meta name="robots" content="noindex">\n'


def list_page(request: PortalRequest, filling: Filling, context: Mapping[str, Any]) -> HttpResponse:
    """The questions by family, with their answers."""
    grid, language = filling.version.grid, get_language()
    groups = []
    if grid.gate:
        given = filling.answers.get(grid.gate.code, UNANSWERED)
        line = (filling.step_url(grid.gate.code), typographic(grid.gate.title.said(language)), GATES[given], given != UNANSWERED)
        groups.append(
            {"code": grid.gate.code, "title": _("Pour commencer"), "plain": "", "lines": [line], "done": int(line[3]), "total": 1}
        )
    for family in grid.families:
        lines = []
        for criterion in grid.of_family(family.code):
            given = filling.answers.get(criterion.code, UNANSWERED)
            title = typographic(criterion.title.said(language))
            lines.append((filling.step_url(criterion.code), title, SHORT[given], given != UNANSWERED))
        groups.append(
            {
                "code": family.code,
                "title": typographic(family.title.said(language)),
                "plain": typographic(family.plain.said(language)),
                "lines": lines,
                "done": sum(1 for line in lines if line[3]),
                "total": len(lines),
            }
        )
    answered = sum(1 for step in grid.steps if step.code in filling.answers)
    shared = {
        "section": "diagnosis",
        "filling": filling,
        "expires": None,
        "other_voice": None,
        "grid_title": typographic(grid.title.said(language)),
        "grid_intro": typographic(grid.intro.said(language)),
        "groups": groups,
        "answered": answered,
        "total": len(grid.steps),
    }
    whole = {**shared, **context}
    entry = whole.get("kept")
    kind = _("autodiagnostic")
    if entry:
        kind = _("autodiagnostic gardé") if entry.is_holder else _("regard d’un accompagnateur")
    return _framed(request, "list.jinja", whole, f"{whole['grid_title']} – {kind}", wrong=bool(whole.get("problems")))


def step_page(
    request: PortalRequest,
    filling: Filling,
    step: Criterion | GateQuestion,
    context: Mapping[str, Any],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """One question: why it matters, an example, the answers."""
    language = get_language()
    codes = [each.code for each in filling.version.grid.steps]
    rank = codes.index(step.code)
    shared = {
        "section": "diagnosis",
        "filling": filling,
        "step": step.code,
        "title": typographic(step.title.said(language)),
        "question": typographic(step.question.said(language)),
        "why": typographic(step.why.said(language)),
        "example": typographic(step.example.said(language)) if isinstance(step, Criterion) else "",
        "family": _family(filling, step),
        "options": _options(step, language),
        "chosen": filling.answers.get(step.code, ""),
        "number": rank + 1,
        "total": len(codes),
        "progress": [rank >= each for each in range(len(codes))],
        "before": filling.step_url(codes[rank - 1]) if rank else filling.list_url,
        "problem": problem,
        "kept": None,
        "evidence": "",
        "evidence_problem": "",
        "document_problem": "",
        "documents": [],
        "may_add": False,
        "expires": None,
        "action": filling.step_url(step.code).partition("?")[0],
    }
    whole = {**shared, **context}
    place = _("critère %(number)s sur %(total)s") % {"number": rank + 1, "total": len(codes)}
    title = f"{shared['title']} – {place}"
    response = _framed(request, "step.jinja", whole, title, wrong=bool(problem or whole.get("problems")))
    response.status_code = status
    return response


def _framed(
    request: PortalRequest, template: str, context: Mapping[str, Any], title: str, *, wrong: bool, scripts: str = ""
) -> HttpResponse:
    body = render_to_string(f"diagnosis/{template}", context, using="jinja")
    title = f"{_('Erreur :')} {title}" if wrong else title
    return framed(request, body, title=title, section="diagnosis", head=_NO_INDEX, scripts=scripts)


def _family(filling: Filling, step: Criterion | GateQuestion) -> str:
    if isinstance(step, GateQuestion):
        return _("Pour commencer")
    found = next(each for each in filling.version.grid.families if each.code == step.family)
    return typographic(found.title.said(get_language()))


def _options(step: Criterion | GateQuestion, language: str | None) -> list[tuple[str, str]]:
    if isinstance(step, Criterion):
        return [(letter, str(words)) for letter, words in ANSWERS.items()]
    said = {Gate.FIRST: step.first.said(language), Gate.SECOND: step.second.said(language)}
    return [(letter, typographic(said.get(letter, "")) or str(GATES[letter])) for letter in Gate]


def result_page(request: PortalRequest, filling: Filling, context: Mapping[str, Any], *, busy: bool = False) -> HttpResponse:
    """The profile."""
    said = _result(request, filling)
    heads = columns()
    rows = [[family.title, family.index, *family.counts] for family in said.families]
    shared = {
        "section": "diagnosis",
        "filling": filling,
        "kept": None,
        "evidence": {},
        "expires": None,
        "other_voice": None,
        "place_url": filling.place_url,
        "said": said,
        "radar": mark_safe(drawing.radar(said.drawn, drawing.PAGE)),  # noqa: S308  # escaped where it is drawn
        "bars": mark_safe(drawing.bars(said.drawn, drawing.PAGE)),  # noqa: S308  # the same
        "columns": heads,
        "rows": rows,
        "grid_title": typographic(filling.version.grid.title.said(get_language())),
        "stages": choices("stage"),
        "busy": busy,
        "portal": request.portal,
        **context,
    }
    title = f"{_('Votre profil d’innovation sociale')} – {shared['grid_title']}"
    if shared["kept"]:
        title = f"{title} – {_('autodiagnostic gardé')}"
    wrong = bool(filling.where.problem or shared.get("problems"))
    scripts = kept("ui/suggestions.html", request.portal, "diagnosis")
    response = _framed(request, "result.jinja", shared, title, wrong=wrong, scripts=scripts)
    if busy:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY)
    return response


def result_pdf(
    request: PortalRequest, filling: Filling, context: Mapping[str, Any], evidence: Mapping[str, str], *, printed_url: str
) -> HttpResponse:
    """The profile as a PDF; the page itself, with 503, when too many are being made."""
    said = _result(request, filling)
    site = absolute_url(request, "/", request.portal.hosts).rstrip("/")
    try:
        content = sheet_pdf(filling, said, evidence, request.portal, site, printed_url, timezone.localtime())
    except Busy:
        return result_page(request, filling, context, busy=True)
    return _attached(HttpResponse(content, content_type="application/pdf"), "autodiagnostic.pdf", attachment=False)


def result_json(
    request: PortalRequest, filling: Filling, evidence: Mapping[str, str], documents: Mapping[str, list[str]], *, url: str
) -> HttpResponse:
    """The profile as JSON."""
    data = as_json(filling, _result(request, filling), evidence, documents, url)
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _attached(response, "autodiagnostic.json", attachment=True)


def _result(request: PortalRequest, filling: Filling) -> Result:
    return result(filling, current_index(), request.portal, timezone.localdate())


def _attached(response: HttpResponse, name: str, *, attachment: bool) -> HttpResponse:
    response.headers["Content-Disposition"] = content_disposition_header(attachment, name) or ""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
