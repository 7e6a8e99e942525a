"""Roles: what a person is in an organisation. Which permissions a role carries is declared in the manifests."""

from enum import StrEnum


class Role(StrEnum):
    """A part a member plays; one member may have several."""

    MAKER = "maker"
    CHECKER = "checker"
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"
    CREDIT_OFFICER = "credit_officer"
    OPERATIONS = "operations"
    OPERATOR = "operator"
    AUDITOR = "auditor"


EVERYWHERE = frozenset({Role.MAKER, Role.CHECKER, Role.ADMINISTRATOR, Role.VIEWER})
AT_A_FUNDER = frozenset({Role.CREDIT_OFFICER, Role.OPERATIONS})
AT_THE_OPERATOR = frozenset({Role.OPERATOR, Role.AUDITOR})
