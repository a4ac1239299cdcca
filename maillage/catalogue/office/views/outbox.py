"""Messages in the office: what waits, what failed and why, how many left. Addresses are masked: nobody reads here whom we write to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as said
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.accounts.access import role_required
from maillage.accounts.models import Role
from maillage.catalogue.office.page import office_page
from maillage.journal.kinds import kinds
from maillage.journal.models import Message
from maillage.journal.outbox import queue
from maillage.journal.outbox.sending import quiet_now
from maillage.kit.http import SeeOther
from maillage.kit.masking import masked_address

PER_PAGE = 50
_BADGES = {Message.State.SENT: "badge-ok", Message.State.FAILED: "badge-alarm", Message.State.REFUSED: "badge-alarm"}
_AGAIN = (Message.State.FAILED, Message.State.REFUSED)
animators = role_required(Role.ANIMATION)


@require_safe
@animators
def messages(request: HttpRequest) -> HttpResponse:
    """The queue, by state; what failed first."""
    counts = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("etat", "")
    if state not in Message.State.values:
        state = ""
    shown = Message.objects.filter(state=state) if state else Message.objects.exclude(state=Message.State.SENT)
    page = Paginator(shown.order_by("-created_at", "-pk").defer("text", "html"), PER_PAGE).get_page(request.GET.get("page"))
    waiting = counts.get(Message.State.READY, 0) + counts.get(Message.State.SENDING, 0)
    context = {
        "kept": not settings.EMAIL_URL,
        "quiet": quiet_now(),
        "waiting": waiting,
        "states": [(value, label, counts.get(value, 0)) for value, label in Message.State.choices],
        "state": state,
        "rows": [_row(message) for message in page],
        "again": [(_what(message), message) for message in page if message.state in _AGAIN and message.to],
        "pager": page,
        "pager_query": urlencode({"etat": state}) if state else "",
        "caption": _("Messages"),
        "columns": [_("Écrit le"), _("Sujet"), _("À"), _("État"), _("Ce qui s’est passé")],
        "purge_days": queue.PURGE_DAYS,
    }
    return office_page(request, "messages.html", context, part="messages", trail=[(_("Messages"), "")])


def _what(message: Message) -> str:
    """One message in a few words, to tell it from the others."""
    kind = kinds().get(message.kind)
    return _("%(kind)s, à %(to)s, écrit le %(day)s") % {
        "kind": kind.title if kind else message.kind,
        "to": masked_address(message.to),
        "day": date_format(timezone.localtime(message.created_at), "j F Y, H:i"),
    }


def _row(message: Message) -> list[object]:
    kind = kinds().get(message.kind)
    badge = format_html(
        '<span class="badge {}">{}</span>', _BADGES.get(Message.State(message.state), ""), message.get_state_display()
    )
    happened = message.last_error
    if message.state == Message.State.SENT and message.sent_at:
        happened = _("Parti le %(day)s") % {"day": date_format(timezone.localtime(message.sent_at), "j F Y, H:i")}
    elif message.state == Message.State.READY and message.tries:
        happened = _("%(tries)d essai(s) ; le prochain le %(day)s. %(why)s") % {
            "tries": message.tries,
            "day": date_format(timezone.localtime(message.not_before), "j F Y, H:i"),
            "why": message.last_error,
        }
    return [
        date_format(timezone.localtime(message.created_at), "j F Y, H:i"),
        kind.title if kind else message.kind,
        masked_address(message.to) if message.to else _("oubliée"),
        badge,
        happened or "—",
    ]


@require_POST
@animators
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back in the queue a message that was given up or refused."""
    found = Message.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if queue.send_again(found):
        said.success(request, _("Le message est de nouveau à envoyer."))
    else:
        said.error(request, _("Ce message ne peut plus être renvoyé : il est déjà reparti, ou son contenu a été oublié."))
    return SeeOther(reverse("office-messages"))
