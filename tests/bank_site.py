"""A funder's book over HTTP: the world of the stories, and callers that hold what their roles carry."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from api_site import ApiCaller, Site, open_site
from world import World

from scf.actor import Actor
from scf.ids import text
from scf.limits.positions import LimitKind
from scf.programmes.terms import Terms
from scf.roles import Role
from wsgi import MODULES

START = date(2026, 1, 5)
DUE = date(2026, 3, 6)
TERMS = Terms(currency="EUR", rate_ppm=60_000, advance_rate_ppm=900_000, late_rate_ppm=90_000)


@dataclass
class BankSite:
    """The parties' callers: each acts for one organisation with what its roles carry, a second factor just shown."""

    world: World
    site: Site

    @property
    def book(self) -> str:
        """Where the funder's book stands."""
        return f"/books/{text('bok', self.world.book_id)}"

    def at(self, organisation: str, *roles: Role, name: str = "") -> ApiCaller:
        """Somebody at an organisation."""
        met = self.world.person(name or f"{'-'.join(roles)} of {organisation}", organisation)
        carried = {each.name for module in MODULES for each in module.permissions if each.roles & set(roles)}
        return self.site.caller(Actor(met.id, met.name, met.organisation_id, frozenset(carried), stepped_up=True))

    def bank(self, *roles: Role) -> ApiCaller:
        """Somebody at the funder."""
        return self.at("Northbank", *roles)

    def supplier(self) -> ApiCaller:
        """Who asks for the supplier."""
        return self.at("Ash Castings", Role.MAKER)

    def agreed(self, path: str, *items: dict[str, Any], maker: Role = Role.CREDIT_OFFICER) -> list[str]:
        """One banker proposes, a checker agrees; the ids of what was made."""
        proposals = self.bank(maker).done(f"{self.book}{path}/propose", *items)
        accepted = [{"proposal_id": each} for each in proposals]
        return self.bank(Role.CHECKER).done(f"{self.book}{path}/accept", *accepted)

    def claim(self, ref: str, face: str = "100,000.00", due_on: date = DUE) -> str:
        """A confirmed claim of the supplier on the anchor."""
        self.world.confirmed(ref, "Ash Castings", "Halberd", face, due_on)
        return text("rcv", self.world.receivables[ref])

    def request(self, ref: str, face: str = "100,000.00", due_on: date = DUE) -> str:
        """The supplier's request on a new claim."""
        enrolment_id = text("enr", self.world.enrolments["Ash Castings"])
        return self.supplier().done(
            "/requests", {"receivable_id": self.claim(ref, face, due_on), "enrolment_id": enrolment_id}
        )[0]

    def advance(self, ref: str, face: str = "100,000.00", due_on: date = DUE) -> str:
        """A funded advance on a new claim."""
        self.agreed("/requests/approve", {"request_id": self.request(ref, face, due_on)})
        requested = self.bank(Role.OPERATIONS).get(f"{self.book}/requests", status="approved")["items"]
        return self.bank(Role.OPERATIONS).done(f"{self.book}/requests/fund", {"request_id": requested[0]["id"]})[0]


def open_bank(world: World, folder: Path, **agreed: Any) -> BankSite:
    """Northbank's programme with Halberd, in which Ash Castings takes part; Birch Tools does not.

    `agreed` are the terms' differences from `TERMS`; with a guarantee's share, Fjord Cover is the guarantor.
    """
    world.register("Northbank", "Halberd", "Ash Castings", "Birch Tools", "Fjord Cover")
    world.open_book("Northbank", START)
    programme_id = world.programme("Halberd")
    world.enrol(programme_id, "Ash Castings")
    guarantor_id = world.organisations["Fjord Cover"] if "guarantee_share_ppm" in agreed else 0
    world.agree("Ash Castings", replace(TERMS, guarantor_id=guarantor_id, **agreed))
    world.limit(LimitKind.ANCHOR, "Halberd", "1,000,000.00")
    return BankSite(world, open_site(world.database, folder))
