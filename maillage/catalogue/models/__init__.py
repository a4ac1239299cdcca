"""Tables of the catalogue."""

from maillage.catalogue.models.membership import Membership
from maillage.catalogue.models.offer import Offer
from maillage.catalogue.models.relay import Relay
from maillage.catalogue.models.report import ErrorReport
from maillage.catalogue.models.revision import Change, Revision
from maillage.catalogue.models.structure import Structure

__all__ = ["Change", "ErrorReport", "Membership", "Offer", "Relay", "Revision", "Structure"]
