"""maillage run: prepare the installation and serve it."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from maillage.accounts.actions import sign_in_link
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.config.operations.prepare import Prepared, prepare
from maillage.config.operations.serve import PortTaken, check_port, serve
from maillage.territories import queries
from maillage.vocabulary.portals import portals


class Command(BaseCommand):
    help = "Prépare la base et les données si besoin, puis sert le site. Ctrl+C l’arrête ; le relancer ne perd rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (0.0.0.0 pour toutes ; par défaut 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port d’écoute (par défaut 8000)")
        parser.add_argument("--workers", type=int, default=1, help="nombre de processus (par défaut 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, workers = options["host"], options["port"], options["workers"]
        if workers < 1:
            raise CommandError("--workers demande au moins 1 processus.", returncode=2)
        try:
            check_port(host, port)
        except PortTaken as error:
            raise CommandError(
                f"Le port {port} est déjà pris sur {host} : un autre Maillage tourne peut-être. Arrêtez-le, ou choisissez un "
                f"autre port : maillage run --port {port + 1}"
            ) from error
        except (OSError, OverflowError) as error:
            raise CommandError(f"Impossible d’écouter sur {host}, port {port} : {error}.", returncode=2) from error
        try:
            prepared = prepare(self.say)
            self._tell(prepared, host, port)
        except DatabaseError as error:
            raise CommandError(
                f"La base de données ne répond pas comme il faut : {str(error).strip()}. Vérifiez DATABASE_URL et MAILLAGE_DATA "
                f"({settings.MAILLAGE_DATA}), puis « maillage doctor »."
            ) from error
        serve(host, port, workers)
        self.say("Arrêté.")

    def say(self, text: str) -> None:
        """One line, at once: nobody waits for a full buffer to know that the site is up."""
        self.stdout.write(text)
        self.stdout.flush()

    def _tell(self, prepared: Prepared, host: str, port: int) -> None:
        base = settings.SITE_URL or f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104  # compared, not bound
        self.say(
            f"Données : {_count(len(queries.commune_codes_of('france')))} communes, {_count(Structure.objects.visible().count())} structures, "
            f"{_count(Offer.objects.visible().count())} offres, {_count(Relay.objects.visible().count())} relais."
        )
        if settings.MAILLAGE_PORTAL:
            self.say(f"Portail « {portals()[settings.MAILLAGE_PORTAL].name} » : {base}/")
        else:
            for rank, portal in enumerate(portals().values()):
                hosts = [name for name in portal.hosts if name.endswith("localhost")] or list(portal.hosts)
                address = base if rank == 0 or not hosts else f"http://{hosts[0]}:{port}"
                self.say(f"Portail « {portal.name} » : {address}/")
        person = prepared.administrator.person
        if person.last_login is None:
            self.say(f"Gestion, première connexion (lien valable une fois, 15 minutes) : {sign_in_link(person, base)}")
        self.say(f"Un autre lien de connexion : maillage sign-in-link {person.email}")
        self.say(f"Le site répond sur {base}/ (processus {os.getpid()}). Ctrl+C pour arrêter.")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")
