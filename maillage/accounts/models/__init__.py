"""People who sign in, what proves who they are, their sessions and the events of their safety."""

from maillage.accounts.models.event import SecurityEvent
from maillage.accounts.models.person import Person, PersonManager, Role
from maillage.accounts.models.proofs import Attempts, Code, SignInLink
from maillage.accounts.models.session import Session

__all__ = ["Attempts", "Code", "Person", "PersonManager", "Role", "SecurityEvent", "Session", "SignInLink"]
