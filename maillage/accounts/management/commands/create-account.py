"""maillage create-account EMAIL --role ROLE: open an account, or change the role of one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from maillage.accounts.actions import change_role, sign_in_link
from maillage.accounts.models import Person, Role


class Command(BaseCommand):
    help = "Ouvre un compte (ou change le rôle d’un compte existant) et affiche un lien de connexion."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse électronique de la personne")
        parser.add_argument("--role", choices=Role.values, default=Role.REDACTION.value, help="ce que la personne pourra faire")
        parser.add_argument("--nom", default="", help="nom affiché dans l’historique des fiches")
        parser.add_argument("--adresse", default="", help="adresse du site (par défaut SITE_URL, sinon http://127.0.0.1:8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse électronique.") from error
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create_user(email, role=options["role"], name=options["nom"])
            done = "Compte ouvert"
        else:
            try:
                change_role(person, options["role"], is_active=True)
            except ValueError as error:
                raise CommandError(str(error)) from error
            done = "Rôle changé"
        self.stdout.write(f"{done} : {email}, {Role(person.role).label}.")
        self.stdout.write(f"Lien de connexion, valable une fois et 15 minutes : {sign_in_link(person, options['adresse'])}")
