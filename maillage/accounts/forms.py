"""Forms of sign-in and of « Mon compte »."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Person


class AddressForm(forms.Form):
    """The address to send a code to."""

    email = forms.EmailField(
        label=_("Adresse électronique"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    """Six digits, typed with or without spaces."""

    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"}),
    )


class NameForm(forms.Form):
    """Open an account: a name, if one wants."""

    name = forms.CharField(label=_("Nom"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class KeyForm(forms.Form):
    """The name of a passkey, and what the browser says of it."""

    name = forms.CharField(label=_("Nom de cette clé"), max_length=60, help_text=_("Par exemple : mon téléphone."))
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class SignInForm(forms.Form):
    """E-mail address and password. The answer is the same whether the account exists or not."""

    email = forms.EmailField(
        label=_("Adresse électronique"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def check_password(self, request: HttpRequest) -> Person | None:
        """The person, or None with an error on the form."""
        person = authenticate(request, username=self.cleaned_data["email"], password=self.cleaned_data["password"])
        if isinstance(person, Person):
            return person
        self.add_error(None, _("L’adresse ou le mot de passe ne convient pas. Vérifiez-les, ou demandez un lien de connexion."))
        return None


class PasswordForm(forms.Form):
    """Choose a password. The current one is asked for when there is one."""

    current = forms.CharField(
        label=_("Mot de passe actuel"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("Nouveau mot de passe"),
        help_text=_("Au moins 12 caractères. Une phrase que vous retenez convient très bien."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Le même, une seconde fois"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        """The current password must be the right one."""
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise forms.ValidationError(_("Ce n’est pas votre mot de passe actuel."))
        return current

    def clean(self) -> dict[str, Any]:
        """Both new ones are equal, and strong enough."""
        data = super().clean() or {}
        new, again = data.get("new"), data.get("again")
        if new and again and new != again:
            self.add_error("again", _("Les deux mots de passe ne sont pas les mêmes."))
        elif new:
            try:
                password_validation.validate_password(new, self.person)
            except forms.ValidationError as error:
                self.add_error("new", error)
        return data
