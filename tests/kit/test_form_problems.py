"""The summary of errors: one line per error, each with the id of an element that the page has."""

from __future__ import annotations

import re

from django import forms

from maillage.kit.form_problems import problems_of


class Sample(forms.Form):
    """A plain field, a field of several choices, and a rule about both."""

    name = forms.CharField(label="Nom")
    colour = forms.ChoiceField(label="Couleur", choices=[("r", "rouge"), ("v", "vert")], widget=forms.RadioSelect)

    def clean(self) -> None:
        raise forms.ValidationError("Rien ne va.")


def test_each_error_leads_to_its_field_and_the_first_of_several_choices() -> None:
    form = Sample({}, prefix="un")
    found = {problem["anchor"] for problem in problems_of(form)}
    assert found == {"id_un-name", "id_un-colour_0", ""}
    written = set(re.findall(r'id="([^"]+)"', form.as_p()))
    assert found - {""} <= written


def test_an_anchor_written_by_hand_wins_and_an_unknown_one_changes_nothing() -> None:
    found = [problem["anchor"] for problem in problems_of(Sample({}), {"name": "ici", "autre": "là"})]
    assert found == ["ici", "id_colour_0", ""]


def test_a_named_sentence_begins_with_the_name_of_its_field() -> None:
    said = [problem["message"] for problem in problems_of(Sample({}), named=True)]
    assert said == ["Nom\u202f: Ce champ est obligatoire.", "Couleur\u202f: Ce champ est obligatoire.", "Rien ne va."]
