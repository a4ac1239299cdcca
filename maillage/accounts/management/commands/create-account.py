"""maillage create-account EMAIL --role ROLE: open an account, or change the role of one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from maillage.accounts import events
from maillage.accounts.actions import change_role, sign_in_link
from maillage.accounts.models import Person, Role
from maillage.territories.queries import place


class Command(BaseCommand):
    help = "Ouvre un compte (ou change le rôle d’un compte existant) et affiche un lien de connexion."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse électronique de la personne")
        parser.add_argument("--role", choices=Role.values, default=Role.REDACTION.value, help="ce que la personne pourra faire")
        parser.add_argument("--territoire", default="", help="pour l’agent d’une collectivité : departement:53, epci:200048551…")
        parser.add_argument("--nom", default="", help="nom affiché dans l’historique des fiches")
        parser.add_argument("--adresse", default="", help="adresse du site (par défaut SITE_URL, sinon http://127.0.0.1:8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse électronique.") from error
        territory = self._territory(options["role"], options["territoire"])
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create_user(
                email, role=options["role"], name=options["nom"], territory_level=territory[0], territory_code=territory[1]
            )
            events.record(events.Kind.ACCOUNT_OPENED, person=person, detail=options["role"])
            done = "Compte ouvert"
        else:
            try:
                change_role(person, options["role"], is_active=True, territory=territory)
            except ValueError as error:
                raise CommandError(str(error)) from error
            done = "Rôle changé"
        self.stdout.write(f"{done} : {email}, {Role(person.role).label}.")
        self.stdout.write(f"Lien de connexion, valable une fois et 15 minutes : {sign_in_link(person, options['adresse'])}")

    def _territory(self, role: str, typed: str) -> tuple[str, str]:
        """The territory of an officer of a local authority. Raises CommandError when there is none, or one that does not exist."""
        if role != Role.LOCAL:
            return "", ""
        level, _colon, code = typed.strip().partition(":")
        if not code or place(level, code) is None:
            raise CommandError("L’agent d’une collectivité a un territoire : --territoire departement:53, par exemple.")
        return level, code
