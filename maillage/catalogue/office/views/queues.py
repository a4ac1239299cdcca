"""What structures ask of the animation: to belong, to change a published sheet; and the structures that nobody keeps any more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.access import role_required
from maillage.accounts.models import Role
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import edits, members
from maillage.catalogue.actions.sheets import Conflict, NotReady, plain, version
from maillage.catalogue.models import Membership, ProposedEdit, Structure
from maillage.catalogue.office import sentences
from maillage.catalogue.office.forms import ReasonForm
from maillage.catalogue.office.page import link, office_page, person_of, sheet_url, status_badge
from maillage.kit.http import SeeOther
from maillage.kit.typography import day

PER_PAGE = 25
animation_only = role_required(Role.ANIMATION)
_MANAGES = Membership.objects.current().filter(
    structure=OuterRef("structure"), role=Membership.Role.MANAGER, person__is_active=True
)


def first_claims() -> Any:
    """Who asks for a structure that nobody manages: the animation decides; those of the others go to their managers."""
    asked = Membership.objects.filter(state=Membership.State.ASKED, structure__merged_into="")
    return asked.exclude(Exists(_MANAGES)).select_related("person", "structure").order_by("created_at", "pk")


def orphans() -> Any:
    """Structures that somebody managed and nobody does any more."""
    rows = Membership.objects.filter(structure=OuterRef("pk"), role=Membership.Role.MANAGER)
    now = rows.filter(state=Membership.State.ACTIVE, person__is_active=True)
    once = rows.filter(state__in=(Membership.State.ENDED, Membership.State.ACTIVE))
    said = members.once_managed().filter(subject_uid=OuterRef("uid"))
    return (
        Structure.objects.filter(merged_into="").filter(Exists(once) | Exists(said)).exclude(Exists(now)).order_by("name", "pk")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def members_queue(request: HttpRequest) -> HttpResponse:
    """First managers to accept, orphans to entrust."""
    person = person_of(request)
    if request.method == "POST":
        text = request.POST.get("demande", "")
        membership = first_claims().filter(pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None
        accept = request.POST.get("acte") == "accepter"
        if membership is None:
            messages.error(request, _("Cette demande a déjà été décidée."))
        else:
            members.decide(membership, accept=accept, person=person, note=request.POST.get("note", "")[:1000])
            messages.success(request, _("La demande est acceptée.") if accept else _("La demande est refusée."))
        return SeeOther(reverse("office-members"))
    page = Paginator(first_claims(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "pager": page,
        "pager_query": "",
        "claims": [(row, sorted(members.proving_domains(row.structure))) for row in page],
        "orphans": [
            [link(sheet_url(one), one.name), link(reverse("space-members", args=(one.uid,)), _("Membres et invitations"))]
            for one in orphans()[:100]
        ],
        "columns": [_("Structure"), _("Que faire")],
        "caption": _("Structures sans gestionnaire"),
    }
    return office_page(request, "members.html", context, part="members", trail=[(_("Qui tient les fiches"), "")])


@require_safe
@animation_only
def proposed_edits(request: HttpRequest) -> HttpResponse:
    """The changes that structures ask for, the oldest first."""
    waiting = ProposedEdit.objects.filter(state=ProposedEdit.State.WAITING).order_by("created_at", "pk")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        [
            link(reverse("office-proposed-edit", args=(edit.pk,)), edit.sheet_name),
            ", ".join(sentences.field_label(edit.sheet_kind, name) for name in edit.changes),
            edit.person_name,
            day(edit.created_at),
        ]
        for edit in page
    ]
    context = {
        "pager": page,
        "pager_query": "",
        "rows": rows,
        "columns": [_("Fiche"), _("Ce qui change"), _("Demandé par"), _("Le")],
        "caption": _("Modifications à relire"),
    }
    return office_page(request, "proposed_edits.html", context, part="proposed", trail=[(_("Modifications à relire"), "")])


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def proposed_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One change, field by field beside what is published now; accepted whole or in part, or refused with a reason."""
    person = person_of(request)
    edit = ProposedEdit.objects.filter(pk=pk).select_related("person").first()
    if edit is None:
        raise Http404
    sheet = edits.sheet_of(edit)
    form = ReasonForm(request.POST if "refuser" in request.POST else None)
    problems: list[dict[str, str]] = []
    status = 200
    if request.method == "POST" and "refuser" in request.POST:
        if form.is_valid():
            edits.refuse(edit, person=person, note=form.cleaned_data["note"])
            messages.success(request, _("La modification est refusée, et la personne en est prévenue."))
            return SeeOther(reverse("office-proposed"))
        problems = [{"anchor": "id_note", "message": str(text)} for texts in form.errors.values() for text in texts]
    elif request.method == "POST":
        names = [name for name in request.POST.getlist("champ") if name in edit.changes]
        try:
            if not names:
                raise NotReady(_("Cochez au moins un champ, ou refusez la modification."))
            edits.accept(edit, names, person=person, seen=request.POST.get("seen", ""))
        except Conflict:
            status, problems = (
                409,
                [
                    {
                        "anchor": "",
                        "message": _("La fiche a changé depuis que vous avez ouvert cette page. Relisez, puis décidez."),
                    }
                ],
            )
            sheet = edits.sheet_of(edit)
        except (NotReady, NotAllowed) as refusal:
            problems = [{"anchor": "champs", "message": str(refusal)}]
        else:
            messages.success(request, _("La modification est publiée, et la personne en est prévenue."))
            return SeeOther(reverse("office-proposed"))
    context = {
        "edit": edit,
        "sheet": sheet,
        "badge": status_badge(sheet),
        "sheet_url": sheet_url(sheet),
        "waits": edit.state == ProposedEdit.State.WAITING,
        "fields": [
            {
                "name": name,
                "label": sentences.field_label(edit.sheet_kind, name),
                "now": sentences.words(edit.sheet_kind, name, plain(getattr(sheet, name))),
                "before": sentences.words(edit.sheet_kind, name, before),
                "after": sentences.words(edit.sheet_kind, name, after),
                "moved": plain(getattr(sheet, name)) not in (before, after),
            }
            for name, (before, after) in edit.changes.items()
        ],
        "form": form,
        "problems": problems,
        "seen": version(sheet),
    }
    trail = [(_("Modifications à relire"), reverse("office-proposed")), (edit.sheet_name, "")]
    return office_page(request, "proposed_edit.html", context, part="proposed", trail=trail, status=status)
