"""People who can sign in, for tests: cheap passwords, everybody's permissions, and days that pass quickly."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pyotp
from first_rows import register
from sqlalchemy import insert

from scf.clock import SetClock
from scf.db.engine import Database
from scf.identity.enrol import add_totp, offer_totp
from scf.identity.models_factors import passwords as stored_passwords
from scf.identity.models_members import memberships
from scf.identity.passwords import Cost, hashed
from scf.identity.permissions import PERMISSIONS
from scf.identity.role_rules import Granted
from scf.identity.sessions import SignedIn, actor_of_session
from scf.identity.show import ShowResult, show_factor
from scf.identity.sign_in import SignInResult, sign_in
from scf.people import queries as people
from scf.roles import Role
from scf.secrets import Vault

VAULT = Vault(["a secret of the tests, thirty-two letters"])
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
PASSWORD = "seven brass lanterns at dusk"
HOME, PHONE = ("203.0.113.7", "Firefox"), ("2001:db8:1:2:3::4", "Safari")
GRANTED: Granted = {role: frozenset(each.name for each in PERMISSIONS if role in each.roles) for role in Role}


@dataclass
class House:
    """An organisation on a database, with whoever joins it."""

    database: Database
    organisation: int
    _keys: "count[int]" = field(default_factory=lambda: count(1))

    def key(self) -> str:
        return f"k{next(self._keys)}"

    def person(self, name: str, *roles: Role, organisation: int = 0, password: str = PASSWORD) -> int:
        """Somebody who is a member and has a password, as if long ago."""
        id, at = self.database.ids().one(), self.database.clock.now()
        with self.database.writing() as connection:
            people.add(connection, [(id, name, email_of(name))], at)
            values = {"id": id, "person_id": id, "hash": hashed(password, CHEAP), "changed_at": at, "version": 1}
            connection.execute(insert(stored_passwords).values(values))
        self.joins(id, roles, organisation)
        return id

    def joins(self, person_id: int, roles: Iterable[Role], organisation: int = 0) -> None:
        """A person plays parts in an organisation from now on."""
        at = self.database.clock.now()
        with self.database.writing() as connection:
            for role in roles:
                values = {"organisation_id": organisation or self.organisation, "person_id": person_id, "role": role}
                given = {"status": "active", "granted_at": at, "granted_by_id": 0, "version": 1}
                connection.execute(insert(memberships).values(id=self.database.ids().one(), **values, **given))

    def sign_in(self, name: str, password: str = PASSWORD, where: tuple[str, str] = HOME) -> SignInResult:
        return sign_in(self.database, email_of(name), password, *where, cost=CHEAP)

    def signed_in(self, name: str) -> SignedIn:
        """Signs in, which must succeed."""
        found = self.who(self.sign_in(name).token)
        assert found is not None
        return found

    def who(self, token: str | None) -> SignedIn | None:
        assert token is not None
        return actor_of_session(self.database, token, self.database.clock.now(), GRANTED)

    def with_totp(self, name: str) -> tuple[SignedIn, str]:
        """Signs in and enrols an authenticator app: the session that goes on, stepped up, and the app's secret."""
        offer = offer_totp(VAULT, signed_in := self.signed_in(name), "scf", self.database.clock.now())
        enrolled = add_totp(self.database, VAULT, signed_in, offer.ticket, self.code(offer.secret), "phone", self.key())
        assert enrolled.outcome.accepted, enrolled.outcome
        found = self.who(enrolled.token)
        assert found is not None
        return found, offer.secret

    def code(self, secret: str) -> str:
        """What an app shows now."""
        return pyotp.TOTP(secret).at(self.database.clock.now())

    def show(self, token: str | None, code: str) -> ShowResult:
        """Shows a code; the session must be there."""
        shown = show_factor(self.database, VAULT, token or "", code, *HOME)
        assert shown is not None
        return shown

    def later(self, **passed: float) -> None:
        """Time passes."""
        assert isinstance(self.database.clock, SetClock)
        self.database.clock.at += timedelta(**passed)


def email_of(name: str) -> str:
    return f"{name.lower()}@ash.example"


def open_house(database: Database, name: str = "Ash Castings") -> House:
    return House(database, register(database, name)[0])
