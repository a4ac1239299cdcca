"""The changes that sources ask for on published sheets: what the sheet says, what the source says, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from maillage.catalogue.access import NotAllowed
from maillage.catalogue.models import Structure
from maillage.catalogue.office import sentences
from maillage.catalogue.office.page import office_page, person_of, team_only
from maillage.interop import decisions, queries
from maillage.interop.access import may_decide
from maillage.interop.models import Proposal
from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import sources
from maillage.kit.http import SeeOther

PER_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def changes(request: HttpRequest) -> HttpResponse:
    """The queue; POST accepts or refuses the changes that are ticked."""
    person = person_of(request)
    code = request.GET.get("source", "")
    known = sources()
    if request.method == "POST":
        _decide(request)
        return SeeOther(reverse("office-changes") + (f"?source={code}" if code in known else ""))
    page = Paginator(queries.proposals(code if code in known else ""), PER_PAGE).get_page(request.GET.get("page"))
    sheets = queries.sheets_by_uid((proposal.kind, proposal.uid) for proposal in page)
    hosts = _host_names(list(page))
    groups = [
        {"sheet": sheets.get(key), "name": key[1], "rows": [_row(proposal, hosts, known) for proposal in asked]}
        for key, asked in groupby(page, key=lambda proposal: (proposal.kind, proposal.uid))
    ]
    context = {
        "groups": groups,
        "pager": page,
        "pager_query": f"source={code}" if code in known else "",
        "sources": [(source.code, source.name) for source in known.values()],
        "code": code,
        "decides": may_decide(person),
        "total": page.paginator.count,
    }
    trail = [(_("Sources"), reverse("office-sources")), (_("Changements à relire"), "")]
    return office_page(request, "sources/changes.html", context, part="sources", trail=trail)


def _row(proposal: Proposal, hosts: dict[str, str], known: Mapping[str, Source]) -> dict[str, Any]:
    def said(value: Any) -> str:
        if proposal.field == "structure":
            return hosts.get(str(value), str(value))
        return sentences.words(proposal.kind, proposal.field, value)

    source = known.get(proposal.source)
    return {
        "pk": proposal.pk,
        "label": _("Structure") if proposal.field == "structure" else sentences.field_label(proposal.kind, proposal.field),
        "before": said(proposal.before),
        "after": said(proposal.after),
        "source": source.name if source else proposal.source,
        "on": proposal.proposed_on,
    }


def _host_names(asked: list[Proposal]) -> dict[str, str]:
    uids = {uid for proposal in asked if proposal.field == "structure" for uid in (proposal.before, proposal.after)}
    return dict(Structure.objects.filter(uid__in=uids).order_by("pk").values_list("uid", "name")) if uids else {}


def _decide(request: HttpRequest) -> None:
    pks = [int(pk) for pk in request.POST.getlist("changement") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    accept = "accepter" in request.POST
    try:
        done = decisions.decide(pks, accept=accept, person=person_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return
    if done.done:
        said = (
            ngettext("%(n)s changement accepté.", "%(n)s changements acceptés.", done.done)
            if accept
            else ngettext("%(n)s changement refusé.", "%(n)s changements refusés.", done.done)
        )
        messages.success(request, said % {"n": done.done})
    elif not done.moved:
        messages.error(request, _("Rien n’a été décidé\u202f: cochez au moins un changement qui attend encore."))
    if done.moved:
        names = ", ".join(dict.fromkeys(done.moved))
        messages.error(
            request,
            _("Ces fiches ont changé entre-temps, ou n’auraient plus l’essentiel\u202f: relisez-les. %(names)s")
            % {"names": names},
        )
