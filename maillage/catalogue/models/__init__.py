"""Tables of the catalogue."""

from maillage.catalogue.models.edit import ProposedEdit
from maillage.catalogue.models.link import CheckedLink
from maillage.catalogue.models.membership import Invitation, Membership
from maillage.catalogue.models.offer import Offer
from maillage.catalogue.models.relay import Relay
from maillage.catalogue.models.report import ErrorReport
from maillage.catalogue.models.revision import Change, Revision
from maillage.catalogue.models.structure import Structure

__all__ = [
    "Change", "CheckedLink", "ErrorReport", "Invitation", "Membership", "Offer", "ProposedEdit", "Relay", "Revision", "Structure"
]  # fmt: skip
