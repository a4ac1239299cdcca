"""Who may do what to tables: the animation imports, whoever keeps sheets may look. For anybody else the pages do not exist."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from maillage.accounts.access import role_required
from maillage.accounts.models import Role
from maillage.interop.table_imports.models import TableImport

#: Decorates the views that change something, and the forms that lead there.
animation_only: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = role_required(Role.ANIMATION)


def table_named(uid: str) -> TableImport:
    """The table of an address; Http404 when it does not exist. Drafts of colleagues are seen by the whole office."""
    table = TableImport.objects.select_related("source").filter(uid=uid).first()
    if table is None:
        raise Http404
    return table
