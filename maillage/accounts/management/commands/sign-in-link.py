"""maillage sign-in-link EMAIL: print a link that signs this person in, once, within 15 minutes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.accounts.actions import sign_in_link
from maillage.accounts.models import Person


class Command(BaseCommand):
    help = "Affiche un lien de connexion pour une personne : il marche une fois, pendant 15 minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse électronique du compte")
        parser.add_argument("--adresse", default="", help="adresse du site (par défaut SITE_URL, sinon http://127.0.0.1:8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(
                f"Aucun compte actif pour « {options['email']} ». Créez-le : maillage create-account {options['email']} --role redaction"
            )
        self.stdout.write(sign_in_link(person, options["adresse"]))
