"""The data of the PDF of a plan: the same words as its page, as plain strings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.kit.pdf.compile import pdf_from
from maillage.kit.typography import day, dialled, telephone, typographic
from maillage.orientation.answer import Contact
from maillage.orientation.plan import Plan, Step
from maillage.orientation.qr import qr_code
from maillage.orientation.situation import LIST_OF, Situation
from maillage.vocabulary.labels import label, labels
from maillage.vocabulary.portals import Portal

#: What a sheet prints of the longest texts, so that its size is bounded: documents of an offer, signs of a document and of a line.
DOCUMENTS_SHOWN, DOCUMENT_READ, LINE_READ = 20, 200, 600


def plan_pdf(plan: Plan, portal: Portal, url: str, now: datetime) -> bytes:
    """The sheet of a plan as PDF/UA-1; `url` is the whole address of its page, which the QR code carries. May raise `compile.Busy`."""
    return pdf_from("maillage.orientation.pdf", "plan.typ", plan_data(plan, portal, url, now), int(now.timestamp()))


def plan_data(plan: Plan, portal: Portal, url: str, now: datetime) -> dict[str, Any]:
    """Everything that the template prints, as JSON values."""
    title = _("Mon parcours")
    code = qr_code(url)
    return {
        "lang": (get_language() or "fr")[:2],
        "title": title,
        "author": portal.name,
        "description": _("Offres et contacts pour un projet, dans l’ordre, avec les dates"),
        "accent": portal.accent,
        "situation": situation_lines(plan.situation),
        "url": url,
        "qr": code.svg if code else None,
        "qr_alt": _("Code QR qui mène à la page de ce parcours\u202f: %(url)s") % {"url": url},
        "qr_caption": _("Cette fiche est aussi une page, toujours à jour, à cette adresse\u202f:"),
        "contacts": [_contact(contact) for contact in plan.contacts],
        "stages": [
            {
                "name": label("stage", stage.code) if stage.code else _("À tout moment"),
                "steps": [_step(step) for step in stage.steps],
            }
            for stage in plan.stages
        ],
        "words": {"contacts": _("Qui appeler"), "documents": _("Pièces à préparer")},
        "note": advice(),
        "footer": _("%(portal)s, fiche imprimée le %(day)s") % {"portal": portal.name, "day": day(now.date())},
    }


def advice() -> str:
    """What a lead time is worth, said on the page and on the sheet."""
    return _(
        "Les délais sont des repères pour s’organiser, pas des engagements. Les conditions sont à confirmer avec chaque structure."
    )


def situation_lines(situation: Situation) -> list[str]:
    """What the person said, one line per answer."""
    lines = []
    if situation.stage:
        lines.append(_("Étape\u202f: %(value)s") % {"value": label("stage", situation.stage)})
    if situation.commune:
        lines.append(_("Commune\u202f: %(value)s") % {"value": situation.commune.name})
    names = {"needs": _("Besoins"), "sectors": _("Secteurs"), "legal_form": _("Forme juridique"), "audiences": _("Publics")}
    for field, name in names.items():
        said = labels(LIST_OF[field], situation.values(field))
        if said:
            lines.append(_("%(name)s\u202f: %(values)s") % {"name": name, "values": ", ".join(said)})
    return lines


def when(step: Step) -> list[str]:
    """The dates of a step, in words: deadline, when to start, time to allow."""
    lines = []
    if step.offer.opens:
        lines.append(_("Ouvre le %(day)s") % {"day": day(step.offer.opens)})
    if step.offer.closes and step.start_by:
        lines.append(_("Date limite\u202f: %(day)s") % {"day": day(step.offer.closes)})
        if step.late:
            lines.append(_("À commencer dès maintenant\u202f: comptez environ %(time)s") % {"time": step.lead_time})
        else:
            lines.append(
                _("À commencer avant le %(day)s\u202f: comptez environ %(time)s")
                % {"day": day(step.start_by), "time": step.lead_time}
            )
    else:
        lines.append(_("Délai à prévoir\u202f: environ %(time)s") % {"time": step.lead_time})
    return lines


def _step(step: Step) -> dict[str, Any]:
    offer = step.offer
    lines = [_line(text) for text in when(step)]
    for title, reasons in (
        (_("Pourquoi\u202f: %(what)s"), step.match.reasons),
        (_("À vérifier\u202f: %(what)s"), step.to_check),
        (_("Ne correspond pas\u202f: %(what)s"), step.match.blocking),
    ):
        if reasons:
            lines.append(_line(title % {"what": typographic("\u202f; ".join(reason.label for reason in reasons))}))
    phone = offer.phone or offer.structure.phone
    if phone:
        lines.append(_line(_("Téléphone\u202f: %(phone)s") % {"phone": telephone(phone)}, f"tel:{dialled(phone)}"))
    return {
        "name": typographic(offer.name),
        "who": typographic(offer.structure.name),
        "summary": typographic(offer.summary),
        "lines": lines,
        "documents": [typographic(str(document)[:DOCUMENT_READ]) for document in offer.documents[:DOCUMENTS_SHOWN]],
    }


def _contact(contact: Contact) -> dict[str, Any]:
    lines = [_line(typographic(contact.reason))] if contact.reason else []
    if contact.phone:
        text = _("Téléphone\u202f: %(phone)s") % {"phone": telephone(contact.phone)}
        lines.append(_line(text, f"tel:{dialled(contact.phone)}"))
    if contact.email:
        lines.append(_line(contact.email, f"mailto:{contact.email}"))
    if contact.website and not contact.phone:
        lines.append(_line(contact.website, contact.website if contact.website.startswith(("https://", "http://")) else ""))
    if contact.opening:
        lines.append(_line(contact.opening))
    if not lines:
        lines.append(_line(label("level", contact.level)))
    return {"name": typographic(contact.name), "lines": lines}


def _line(text: str, to: str = "") -> dict[str, str]:
    return {"text": text[:LINE_READ], "to": to}
