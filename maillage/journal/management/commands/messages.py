"""maillage messages: send what waits, in a process of its own; or say what waits."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from maillage.journal.models import Message
from maillage.journal.outbox.sending import quiet_now, send_due
from maillage.journal.outbox.worker import run


class Command(BaseCommand):
    help = "Envoie les messages en attente, en continu. « maillage run » le fait déjà ; utile sur une machine à part."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--une-fois", action="store_true", dest="once", help="envoie ce qui est dû, puis s’arrête")
        parser.add_argument("--etat", action="store_true", dest="state", help="dit ce qui attend, sans rien envoyer")
        parser.add_argument(
            "--lire",
            action="store_true",
            dest="read",
            help="affiche les messages en attente, adresses comprises, sans rien envoyer",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["state"] or options["read"]:
            self._say(whole=options["read"])
            return
        if not settings.EMAIL_URL:
            raise CommandError(
                "EMAIL_URL est vide : les messages sont gardés, aucun ne part (docs/guides/messages.md).", returncode=2
            )
        if options["once"]:
            done = send_due()
            self.stdout.write(f"{done.sent} envoyé(s), {done.postponed} remis à plus tard, {done.refused} refusé(s).")
            if done.unreachable:
                raise CommandError(f"Le serveur de messagerie ne répond pas : {done.unreachable}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        connection.close()
        run(stop.is_set, stop.wait)

    def _say(self, *, whole: bool) -> None:
        for state in Message.State:
            count = Message.objects.filter(state=state).count()
            if count:
                self.stdout.write(f"{state.label} : {count}")
        if quiet_now():
            self.stdout.write("Heures calmes : seuls les messages urgents partent.")
        if not whole:
            return
        for message in Message.objects.filter(state=Message.State.READY).order_by("-urgent", "not_before", "pk"):
            self.stdout.write(
                f"\n--- {message.not_before:%Y-%m-%d %H:%M} {message.kind}\nÀ : {message.to}\nObjet : {message.subject}\n"
            )
            self.stdout.write(message.text)
