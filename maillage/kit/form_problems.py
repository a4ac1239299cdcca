"""What to correct in a form, for the summary at the top of its page (`ui/error_summary.html`)."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms


def problems_of(form: forms.BaseForm, anchors: Mapping[str, str] | None = None, *, named: bool = False) -> list[dict[str, str]]:
    """One line per error: its sentence, and the id of the field to go to (empty when it is about the whole form).

    `anchors`: name of a field → an id, for fields that the template writes by hand. `named`: the sentence begins with the name of its
    field, for long forms where « Ce champ est obligatoire » would come eight times.
    """
    return [
        {"anchor": _anchor(form, name, anchors or {}), "message": _sentence(form, name, str(message), named=named)}
        for name, messages in form.errors.items()
        for message in messages
    ]


def _anchor(form: forms.BaseForm, name: str, anchors: Mapping[str, str]) -> str:
    """The id of a field: that of its first choice when it has several."""
    if name in anchors or name not in form.fields:
        return anchors.get(name, "")
    several = isinstance(form.fields[name].widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return f"{form[name].auto_id}{'_0' if several else ''}"


def _sentence(form: forms.BaseForm, name: str, message: str, *, named: bool) -> str:
    return f"{form[name].label}\u202f: {message}" if named and name in form.fields else message
