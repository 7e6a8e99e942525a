"""Who takes part in a sandbox: parties, people and what was agreed, made up for it."""

from dataclasses import dataclass

from scf.programmes.terms import Terms
from scf.roles import Role

# of the addresses of the sandbox's people; nobody can have one of them
DOMAIN = "sandbox.example"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation of the sandbox; `key` is what the tutorial calls it."""

    key: str
    name: str
    registration_ref: str
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a sign-in and an API key; `key` names the key."""

    key: str
    party: str
    name: str
    roles: tuple[Role, ...]

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.key.replace('_', '.')}@{DOMAIN}"


OPERATOR = Party("operator", "Sandbox Operations", "SANDBOX-1")
FUNDER = Party("funder", "Larchfield Bank", "SANDBOX-2", "AT849999900000000501")
ANCHOR = Party("anchor", "Moorgate Retail", "SANDBOX-3", "AT579999900000000502")
SUPPLIER = Party("supplier", "Alder Textiles", "SANDBOX-4", "AT309999900000000503")
SECOND_ANCHOR = Party("second_anchor", "Harbour Foods", "SANDBOX-5", "AT039999900000000504")
SECOND_SUPPLIER = Party("second_supplier", "Birch Packaging", "SANDBOX-6", "AT739999900000000505")
PARTIES = (FUNDER, ANCHOR, SUPPLIER, SECOND_ANCHOR, SECOND_SUPPLIER)

PEOPLE = (
    Person("supplier", "supplier", "Sam Alder", (Role.MAKER, Role.CHECKER)),
    Person("anchor_maker", "anchor", "Mina Moor", (Role.MAKER,)),
    Person("anchor_checker", "anchor", "Carl Gate", (Role.CHECKER,)),
    Person("funder_maker", "funder", "Olga Larch", (Role.MAKER, Role.CREDIT_OFFICER, Role.OPERATIONS)),
    Person("funder_checker", "funder", "Ben Field", (Role.CHECKER, Role.CREDIT_OFFICER)),
    Person("funder_operations", "funder", "Rita Lark", (Role.MAKER, Role.OPERATIONS)),
    Person("second_supplier", "second_supplier", "Bea Birch", (Role.MAKER, Role.CHECKER, Role.ADMINISTRATOR)),
    Person("second_anchor_maker", "second_anchor", "Hugo Haven", (Role.MAKER,)),
    Person("second_anchor_checker", "second_anchor", "Ines Quay", (Role.CHECKER, Role.ADMINISTRATOR)),
    Person("operator", "operator", "Opal Reed", (Role.OPERATOR, Role.ADMINISTRATOR)),
    Person("second_operator", "operator", "Theo Marsh", (Role.OPERATOR, Role.ADMINISTRATOR)),
    Person("auditor", "operator", "Aldo Watts", (Role.AUDITOR,)),
)

CURRENCY = "EUR"
BOOK_REF, CALENDAR, PROGRAMME = "SANDBOX", "TARGET", "Moorgate payables"
CEILING_MINOR = 1_000_000_00
TERMS = Terms(currency=CURRENCY, rate_ppm=60_000, advance_rate_ppm=900_000, late_rate_ppm=90_000)
