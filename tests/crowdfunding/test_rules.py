"""The forms, their conditions and the matching rules, against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from maillage.crowdfunding.chooser import State, choose, verdict
from maillage.crowdfunding.rules import CODES, FIELDS, NUMBERS, Form, Text, TopUpRule, rules
from maillage.crowdfunding.topup import Cap, Gift, Spent, addition, additions, applies
from maillage.vocabulary.words import vocabulary


def possible_answers(field: str) -> list[str | int | bool]:
    """Values that tell every condition of the data apart: each code, each threshold and what is just beside it."""
    if field in CODES:
        return list(vocabulary().codes(field))
    if field in NUMBERS:
        edges = {
            edge
            for form in rules().forms.values()
            for each in form.conditions
            if each.field == field
            for edge in (each.min, each.max)
            if edge
        }
        return sorted({max(0, edge + move) for edge in edges for move in (-1, 0, 1)})
    return [True, False]


def holds(form: Form, answers: dict[str, str | int | bool]) -> bool:
    """Are all the blocking conditions of a form met by complete answers? Written another way than the chooser."""
    for each in form.conditions:
        said = answers[each.field]
        wrong = (
            (each.among and said not in each.among)
            or said in each.not_among
            or (each.min is not None and said < each.min)
            or (each.max is not None and said > each.max)
            or (each.value is not None and said != each.value)
        )
        if each.blocking and wrong:
            return False
    return True


def completions(form: Form, answers: dict[str, str | int | bool]) -> Iterator[dict[str, str | int | bool]]:
    missing = sorted({each.field for each in form.conditions if each.blocking} - answers.keys())
    base: dict[str, str | int | bool] = {field: possible_answers(field)[0] for field in FIELDS if field != "commercial"}
    for values in product(*(possible_answers(field) for field in missing)):
        yield {**base, **answers, **dict(zip(missing, values, strict=True))}


ANSWERS = st.fixed_dictionaries(
    {}, optional={field: st.sampled_from(possible_answers(field)) for field in FIELDS if field != "commercial"}
)


@given(st.sampled_from(sorted(rules().forms)), ANSWERS)
def test_a_verdict_is_what_every_way_to_complete_the_answers_says(code: str, answers: dict[str, str | int | bool]) -> None:
    form = rules().forms[code]
    found = {holds(form, each) for each in completions(form, answers)}
    expected = State.YES if found == {True} else State.NO if found == {False} else State.TO_CHECK
    assert verdict(form, answers).state == expected


@given(ANSWERS)
def test_the_order_is_by_verdict_then_by_the_data_and_loses_no_form(answers: dict[str, str | int | bool]) -> None:
    found = choose(rules().forms.values(), answers)
    rank = [State.YES, State.TO_CHECK, State.NO]
    codes = list(rules().forms)
    assert [each.form.code for each in found] == sorted(
        codes, key=lambda code: (rank.index(verdict(rules().forms[code], answers).state), codes.index(code))
    )
    assert all(each.blocking for each in found if each.state == State.NO)


@given(ANSWERS, st.sampled_from([field for field in FIELDS if field != "commercial"]), st.data())
def test_saying_more_never_changes_a_yes_or_a_no(answers: dict[str, str | int | bool], field: str, data: st.DataObject) -> None:
    if field in answers:
        return
    more = {**answers, field: data.draw(st.sampled_from(possible_answers(field)))}
    for form in rules().forms.values():
        before = verdict(form, answers).state
        assert before == State.TO_CHECK or verdict(form, more).state == before


def test_cooperative_shares_are_for_cooperatives_and_their_regime_is_the_psfp() -> None:
    form = rules().forms["parts-sociales"]
    assert verdict(form, {"legal_form": "scic"}).state == State.YES
    assert verdict(form, {"legal_form": "association"}).state == State.NO
    assert form.regimes == ("psfp",)
    assert form.risky


def test_every_code_of_the_data_is_one_of_the_vocabulary() -> None:
    for form in rules().forms.values():
        for each in form.conditions:
            if each.field in CODES:
                assert set(each.among) | set(each.not_among) <= set(vocabulary().codes(each.field)), form.code
            assert each.ours or each.source, f"{form.code}: a condition says neither its source nor that it is ours"


def test_a_platform_without_a_number_says_that_it_is_unknown_rather_than_guess() -> None:
    assert rules().platforms["wedogood"].registration == "ORIAS 17002712"
    assert rules().platforms["lita"].registration == ""
    assert all(each.source.startswith("http") for each in rules().platforms.values())


def test_a_gift_is_matched_by_hand() -> None:
    rule = TopUpRule(
        "essai",
        Text("Essai"),
        Decimal(1),
        per_gift=Decimal(50),
        per_person=Decimal(80),
        per_project=Decimal(100),
        total=Decimal(1000),
    )
    gifts = [Gift("ana", "four", Decimal(each)) for each in (30, 70, 20)] + [Gift("bob", "four", Decimal(40))]
    found = additions(rule, gifts)
    # 30; then 50 (per gift); then nothing (80 per person is reached); then 20 (100 per project)
    assert [each.added for each in found] == [30, 50, 0, 20]
    assert found[1].caps == (Cap.GIFT, Cap.PERSON)  # 70 wanted: 50 left by gift, 50 by person, 70 by project
    assert found[2].caps == (Cap.PERSON,)
    assert found[3].caps == (Cap.PROJECT,)


cents = st.decimals(0, 500, places=2)
caps = st.none() | st.decimals(0, 1000, places=2)


@given(
    st.builds(
        TopUpRule,
        code=st.just("x"),
        name=st.just(Text("x")),
        share=st.decimals(0, 5, places=2),
        per_gift=caps,
        per_person=caps,
        per_project=caps,
        total=caps,
    ),
    st.lists(st.builds(Gift, person=st.sampled_from("abc"), project=st.sampled_from("pq"), amount=cents), max_size=30),
)
def test_no_cap_is_ever_passed_and_nothing_is_withheld_without_one(rule: TopUpRule, gifts: list[Gift]) -> None:
    """The oracle keeps the whole history and adds cent by cent what every cap still allows."""
    given_before: list[tuple[Gift, Decimal]] = []
    for gift, found in zip(gifts, additions(rule, gifts), strict=True):
        wanted = int(gift.amount * rule.share * 100)
        rooms = [wanted]
        for cap, same in (
            (rule.per_gift, lambda other: False),
            (rule.per_person, lambda other, gift=gift: other.person == gift.person),
            (rule.per_project, lambda other, gift=gift: other.project == gift.project),
            (rule.total, lambda other: True),
        ):
            if cap is not None:
                rooms.append(int(cap * 100) - int(sum(added for other, added in given_before if same(other)) * 100))
        assert found.added * 100 == max(0, min(rooms))
        assert bool(found.caps) == (found.added * 100 < wanted)
        given_before.append((gift, found.added))


def test_a_rule_applies_to_its_region_its_forms_and_its_days() -> None:
    rule = rules().topups["nouvelle-aquitaine-ess"]
    values = {"region": "75", "form": "don", "sector": "", "opens": date(2025, 12, 1), "closes": date(2026, 1, 15)}
    assert applies(rule, **values)  # type: ignore[arg-type]
    assert not applies(rule, **{**values, "region": "52"})  # type: ignore[arg-type]
    assert not applies(rule, **{**values, "form": "pret"})  # type: ignore[arg-type]
    assert not applies(rule, **{**values, "opens": date(2026, 1, 1)})  # type: ignore[arg-type]


def test_one_gift_after_others_counts_what_was_already_added() -> None:
    rule = rules().topups["nouvelle-aquitaine-ess"]
    found = addition(rule, Gift("ana", "four", Decimal(100)), Spent(Decimal(0), {"four": Decimal(2450)}))
    assert (found.added, found.caps) == (Decimal(50), (Cap.PROJECT,))
