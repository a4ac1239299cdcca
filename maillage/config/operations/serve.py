"""Serves the site with granian, in the foreground, until SIGTERM or SIGINT."""

from __future__ import annotations

import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Any

from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

TARGET = "maillage.config.wsgi:application"
#: Requests that one worker answers at once: one that waits for the database does not stop the others.
THREADS = 4
_PR_SET_PDEATHSIG = 1  # linux/prctl.h: the signal that a process gets when its parent dies

log = logging.getLogger(__name__)


class PortTaken(OSError):
    """Somebody already listens where we were asked to."""


def check_port(host: str, port: int) -> None:
    """Raise PortTaken when another program listens there, OSError when this machine has no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(error.errno, f"le port {port} de {host} est déjà pris") from error
            raise


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; workers finish their requests and write what they keep in memory."""
    connections.close_all()  # a forked worker must open its own
    gc.collect()
    _give_back()  # what preparing took: a forked worker would carry it for ever
    server = Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=workers > 1,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        websockets=False,
    )
    server.serve(target_loader=_application, wrap_loader=False)


def _application() -> Callable[..., Any]:
    """In the worker: the application, its index already read, and its search records written when it ends."""
    from maillage.catalogue.index import current_index
    from maillage.config.operations import nightly
    from maillage.config.wsgi import application
    from maillage.interop.table_imports import worker
    from maillage.journal.outbox import worker as messages
    from maillage.observatory.siting import worker as siting_worker
    from maillage.observatory.visitors import counting
    from maillage.orientation import record
    from maillage.territories.queries import warm_up

    _follow_the_parent()
    record.start()
    # a process of multiprocessing runs its finalizers when it ends, not what `atexit` holds
    Finalize(None, record.stop, exitpriority=10)
    counting.start()
    Finalize(None, counting.stop, exitpriority=10)
    worker.start()
    Finalize(None, worker.stop, exitpriority=10)
    messages.start()
    Finalize(None, messages.stop, exitpriority=10)
    nightly.start()
    Finalize(None, nightly.stop, exitpriority=10)
    siting_worker.start()
    Finalize(None, siting_worker.stop, exitpriority=10)
    warm_up()  # now, so that what reading it takes for a moment is given back below
    try:
        current_index()
    except Exception:  # the first request will say what is wrong, with its page
        log.exception("the index could not be read before the first request")
    finally:
        connections.close_all()
    _spare_the_collector()
    return application


def _spare_the_collector() -> None:
    """The index and the code live as long as the process: the garbage collector need not walk them again (4 % of a page, 2026-11)."""
    gc.collect()
    _give_back()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def _give_back() -> None:
    """What reading the catalogue took for a moment goes back to the system: glibc would keep it, 65 MB of 330 at 100,000 offers (2026-11).

    Other C libraries have neither the call nor the need.
    """
    library = ctypes.CDLL(None)
    if sys.platform == "linux" and hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


def _follow_the_parent() -> None:
    """Only the parent hears Ctrl+C and stops its workers: a worker of granian that hears it twice hangs. A worker without parent ends."""
    os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
