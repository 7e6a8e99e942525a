"""Seeds a sandbox: parties that may trade at once, people who can sign in, and a key for each of them.

Everything goes through the platform's own commands. What the keys are is written to one file, readable by its owner;
a database that has an operator is left as it is.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from scf import calendars, ids
from scf.actor import PLATFORM, Actor
from scf.commands import Command, Scope, in_book, in_organisation, run, transact
from scf.db.engine import Database
from scf.errors import CommandError
from scf.factoring.set_limit import SET, Ceiling
from scf.identity import invitation_rows, members_queries
from scf.identity.accept import accept
from scf.identity.begin import begin
from scf.identity.invite import INVITE, Invitation
from scf.identity.key_use import make_keys
from scf.identity.keys import LONGEST_DAYS, NewKey
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.permissions import NOT_BY_KEY
from scf.identity.register import REGISTER, NewOrganisation
from scf.identity.role_rules import Granted, permissions_of
from scf.identity.tokens import hash_of, new_secret
from scf.limits.positions import LimitKind
from scf.payments.accounts import SET_ACCOUNT, NewAccount
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.models import enrolment_terms, terms_documents
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.sandbox.parties import (
    ANCHOR,
    BOOK_REF,
    CALENDAR,
    CEILING_MINOR,
    CURRENCY,
    FUNDER,
    OPERATOR,
    PARTIES,
    PEOPLE,
    PROGRAMME,
    SUPPLIER,
    TERMS,
    Person,
)

FILE = Path("sandbox") / "keys.json"
_COUNTRY = "AT"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the tutorial needs: ids as the API writes them, and by person a key, an address and a password."""

    ids: Mapping[str, str]
    people: Mapping[str, Mapping[str, str]]


def seed(database: Database, granted: Granted, folder: Path) -> Path:
    """Seed an empty sandbox; returns the file with the keys, which is there already when it was seeded before."""
    path = folder / FILE
    with database.reading() as connection:
        begun = members_queries.operator_id(connection) is not None
    if begun:
        return path
    made = _Seeding(database).run(granted)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"ids": made.ids, "people": made.people}, file, indent=2)
    return path


class _Seeding:
    """One seeding; its commands bear keys that count."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = count(1)

    def run(self, granted: Granted) -> Seeded:
        begin(self._database, OPERATOR.name, OPERATOR.registration_ref, _COUNTRY, "Sandbox", "first@sandbox.example")
        made = dict(zip((each.key for each in PARTIES), self._register(), strict=True))
        made[OPERATOR.key] = self._operator_id()
        today = calendars.next_open(CALENDAR, self._database.clock.now().date() - timedelta(days=1))
        (book,) = self._done(
            OPEN_BOOK, [NewBook(BOOK_REF, made[FUNDER.key], CALENDAR, today)], in_organisation(made[FUNDER.key])
        )
        scope = in_book(book)
        self._done(SET_ACCOUNT, [NewAccount(made[each.key], each.iban, each.name, CURRENCY) for each in PARTIES], scope)
        self._done(SET, [Ceiling(LimitKind.ANCHOR, made[ANCHOR.key], CURRENCY, CEILING_MINOR)], scope)
        (programme,) = self._done(OPEN_PROGRAMME, [NewProgramme(made[ANCHOR.key], PROGRAMME)], scope)
        (enrolment,) = self._done(ENROL, [NewEnrolment(programme, made[SUPPLIER.key])], scope)
        terms = self._done(AGREE, [NewTerms(enrolment, today, TERMS)], scope)
        self._done(CONSENT, self._consents(terms), in_organisation(made[SUPPLIER.key]))
        named = {
            "book": ids.text("bok", book),
            "programme": ids.text("prg", programme),
            "enrolment": ids.text("enr", enrolment),
            **{each.key: ids.text("org", made[each.key]) for each in PARTIES},
            "anchor_registration_ref": ANCHOR.registration_ref,
        }
        people = {each.key: self._person(each, made[each.party], granted) for each in PEOPLE}
        return Seeded(named, people)

    def _operator_id(self) -> int:
        with self._database.reading() as connection:
            return members_queries.operator_id(connection) or 0

    def _register(self) -> list[int]:
        new = [NewOrganisation(each.name, each.registration_ref, _COUNTRY) for each in PARTIES]
        return self._done(REGISTER, new, in_organisation(0))

    def _consents(self, terms: Sequence[int]) -> list[TermsConsent]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(enrolment_terms.c.id, terms_documents.c.hash)
                .join(terms_documents, terms_documents.c.id == enrolment_terms.c.terms_id)
                .where(enrolment_terms.c.id.in_(terms))
            )
            return [TermsConsent(id, sha256) for id, sha256 in rows]

    def _person(self, person: Person, organisation_id: int, granted: Granted) -> dict[str, str]:
        """A member with a password and an API key that may all that the person may."""
        scope = in_organisation(organisation_id)
        (invitation_id,) = self._done(INVITE, [Invitation(person.email, person.name, person.roles)], scope)
        token, password = new_secret(), new_secret()
        at, id = self._database.clock.now(), self._database.ids().one()
        ends_at = at + invitation_rows.OPEN_FOR
        transact(
            self._database,
            lambda connection: invitation_rows.add_token(
                connection, id, "invitation", invitation_id, hash_of(token), at, ends_at
            ),
        )
        outcome = accept(self._database, token, person.name, password, "127.0.0.1", "sandbox").outcome
        if outcome is None or outcome.id is None:
            raise CommandError(f"{person.email} could not accept the invitation")
        actor = Actor(outcome.id, person.name, organisation_id, permissions_of(person.roles, granted), stepped_up=True)
        return {"email": person.email, "password": password, "key": self._key(actor, person)}

    def _key(self, actor: Actor, person: Person) -> str:
        last_on = self._database.clock.now().date() + timedelta(days=LONGEST_DAYS - 1)
        new = NewKey(f"sandbox {person.key}", tuple(sorted(actor.permissions - NOT_BY_KEY)), last_on, (), True)
        outcomes, secrets = make_keys(self._database, actor, [new], f"seed-{next(self._keys)}")
        if outcomes[0].id is None:
            raise CommandError(f"no key for {person.email}: {outcomes[0].refusal}")
        return secrets[outcomes[0].id]

    def _done(self, command: Command[Any, Any, Any], batch: Sequence[Any], scope: Scope) -> list[int]:
        """Run a command of which nothing is refused; its ids."""
        key = f"seed-{next(self._keys)}"
        outcomes = run(self._database, command, batch, key=key, actor=PLATFORM, scope=scope)
        for outcome in outcomes:
            if outcome.refusal is not None:
                raise CommandError(f"{command.name}: {outcome.refusal.words()}")
        return [outcome.id or 0 for outcome in outcomes]
