"""The matching calculator: what a Région adds to a gift. A page for people, an address for platforms."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.crowdfunding.models import LARGEST
from maillage.crowdfunding.reading import Reader
from maillage.crowdfunding.rules import Text, TopUpRule, rules
from maillage.crowdfunding.topup import Cap, Gift, Spent, addition, additions
from maillage.crowdfunding.views.page import content, crowdfunding_page, said
from maillage.crowdfunding.wording import rule_in_words
from maillage.vocabulary.middleware import PortalRequest

#: The caps in the address and in JSON.
CAPS = {"per_gift": "par_don", "per_person": "par_personne", "per_project": "par_projet", "total": "total"}
GIFTS_AT_MOST = 10_000


def _own_rule(reader: Reader) -> TopUpRule | None:
    """A rule whose figures were typed; None when no share was said."""
    share = reader.number("part", least=0, most=100)
    if share is None:
        if "part" not in reader.problems:
            reader.refuse("part", _("Écrivez ce que la Région ajoute pour 1\u202f€ donné, ou choisissez une règle."))
        return None
    caps = {name: reader.number(parameter, least=0, most=LARGEST, euros=True) for name, parameter in CAPS.items()}
    return TopUpRule(
        "",
        Text(_("Votre règle"), _("Votre règle")),
        share,
        per_gift=caps.get("per_gift"),
        per_person=caps.get("per_person"),
        per_project=caps.get("per_project"),
        total=caps.get("total"),
    )


@require_safe
@login_not_required
def topup(request: PortalRequest) -> HttpResponse:
    """What is added to one gift, and which cap limits it."""
    reader, known = Reader(request.GET), rules().topups
    code = reader.code("regle", known)
    asked = any(reader.typed(name) for name in ("don", "part"))
    result: dict[str, Any] | None = None
    rule = known.get(code)
    if asked:
        amount = reader.number("don", least=Decimal("0.01"), most=LARGEST, euros=True)
        if amount is None:
            reader.refuse("don", _("Écrivez le montant du don."))
        rule = rule or _own_rule(reader)
        before = {
            name: reader.number(name, most=LARGEST, default=Decimal(0), euros=True)
            for name in ("deja_personne", "deja_projet", "deja_total")
        }
        if amount is not None and rule is not None and not reader.problems:
            spent = Spent(
                before["deja_total"] or Decimal(0),
                {"projet": before["deja_projet"] or Decimal(0)},
                {"personne": before["deja_personne"] or Decimal(0)},
            )
            found = addition(rule, Gift("personne", "projet", amount), spent)
            result = {
                "gift": amount,
                "added": found.added,
                "all": amount + found.added,
                "caps": [cap_in_words(cap) for cap in found.caps],
            }
    context = {
        "reader": reader,
        "rules": [(each.code, said(each.name)) for each in known.values()],
        "rule": rule,
        "rule_lines": rule_in_words(rule) if rule else [],
        "rule_note": said(rule.note) if rule else "",
        "result": result,
        "regional": [each for each in known.values() if each.region in request.portal.regions],
    }
    page = content(request.portal, "topup.jinja", context, title=_("Calculer un abondement"), problems=bool(reader.problems))
    return crowdfunding_page(request, page)


def cap_in_words(cap: Cap) -> str:
    """What limited an addition, in words."""
    return {
        Cap.GIFT: _("le plafond par don"),
        Cap.PERSON: _("le plafond par personne"),
        Cap.PROJECT: _("le plafond par projet"),
        Cap.TOTAL: _("l’enveloppe de la Région"),
    }[cap]


class BadRequest(ValueError):
    """What was posted is refused; the message is a French sentence."""


def _amount(value: Any, where: str) -> Decimal:
    try:
        amount = Decimal(str(value)) if not isinstance(value, (bool, type(None), list, dict)) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise BadRequest(f"{where} : attendu un montant en euros entre 0 et {LARGEST}, avec deux décimales au plus.")
    return amount


def _posted_rule(data: Any) -> TopUpRule:
    if isinstance(data, str):
        known = rules().topups
        if data not in known:
            raise BadRequest(f"regle : « {data[:40]} » n’est pas connue. Règles connues : {', '.join(known) or 'aucune'}.")
        return known[data]
    if not isinstance(data, dict) or "part" not in data:
        raise BadRequest("regle : attendu le code d’une règle, ou un objet avec « part » et des plafonds.")
    unknown = set(data) - {"part", *CAPS.values()}
    if unknown:
        raise BadRequest(f"regle : clés inconnues : {', '.join(sorted(map(str, unknown)))[:80]}.")
    caps = {name: _amount(data[key], f"regle.{key}") for name, key in CAPS.items() if data.get(key) is not None}
    return TopUpRule(
        "",
        Text(""),
        _amount(data["part"], "regle.part"),
        per_gift=caps.get("per_gift"),
        per_person=caps.get("per_person"),
        per_project=caps.get("per_project"),
        total=caps.get("total"),
    )


def _posted_gifts(data: Any) -> list[Gift]:
    if not isinstance(data, list) or not data or len(data) > GIFTS_AT_MOST:
        raise BadRequest(f"dons : attendu une liste de 1 à {GIFTS_AT_MOST} dons.")
    gifts = []
    for rank, each in enumerate(data, 1):
        if not isinstance(each, dict):
            raise BadRequest(f"dons, ligne {rank} : attendu un objet avec « montant », « personne » et « projet ».")
        amount = _amount(each.get("montant"), f"dons, ligne {rank}, montant")
        gifts.append(Gift(str(each.get("personne", ""))[:200], str(each.get("projet", ""))[:200], amount))
    return gifts


def _rule_as_json(rule: TopUpRule) -> dict[str, Any]:
    caps = {key: None if getattr(rule, name) is None else f"{getattr(rule, name):f}" for name, key in CAPS.items()}
    return {
        "code": rule.code,
        "nom": rule.name.said(get_language()),
        "region": rule.region,
        "part": f"{rule.share:f}",
        **caps,
        "objectif_atteint": rule.goal_reached,
        "formes": list(rule.forms),
        "secteurs": list(rule.sectors),
        "jusqu_au": rule.until.isoformat() if rule.until else None,
        "source": rule.source,
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def api(request: HttpRequest) -> JsonResponse:
    """GET: the rules. POST {"regle", "dons": [{"montant", "personne", "projet"}]}: what is added to each gift, in their order.

    It reads nothing of ours but the rules, writes nothing and sets no cookie: hence no CSRF token.
    """
    if request.method != "POST":
        return JsonResponse({"regles": [_rule_as_json(rule) for rule in rules().topups.values()]})
    try:
        try:
            posted = json.loads(request.body, parse_float=str)
        except (ValueError, RecursionError) as error:
            raise BadRequest("Le corps de la demande n’est pas du JSON.") from error
        if not isinstance(posted, dict):
            raise BadRequest("Attendu un objet JSON avec « regle » et « dons ».")
        rule, gifts = _posted_rule(posted.get("regle")), _posted_gifts(posted.get("dons"))
    except BadRequest as refusal:
        return JsonResponse({"erreur": str(refusal)}, status=400)
    found = additions(rule, gifts)
    return JsonResponse(
        {
            "abondements": [
                {"montant": f"{each.gift.amount:.2f}", "ajout": f"{each.added:.2f}", "plafonds": [CAPS[cap] for cap in each.caps]}
                for each in found
            ],
            "total": f"{sum((each.added for each in found), Decimal(0)):.2f}",
        }
    )
