"""Whoever is erased comes in no more, by any way, and no row tells who they were or where from; others stay."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from signing_in import House, email_of, open_house
from sqlalchemy import Table, insert, select
from test_retention import pass_by, swept

from scf import encoding
from scf.actor import PLATFORM
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.identity.erase import ERASE
from scf.identity.invite import Invitation
from scf.identity.models_factors import (
    external_identities,
    identity_providers,
    passkeys,
    passwords,
    recovery_codes,
    totps,
)
from scf.identity.models_members import invitations, mail_tokens, memberships
from scf.identity.models_sessions import api_keys, attempts, sessions
from scf.identity.sign_in import account_hash
from scf.people.models import people
from scf.proposals.models import proposals
from scf.roles import Role

TABLES = (
    people, passwords, totps, passkeys, recovery_codes, external_identities, memberships, invitations, mail_tokens,
    sessions, attempts, api_keys, proposals,
)  # fmt: skip
TELLS = ("vera", account_hash("vera@ash.example"))


@pytest.fixture
def house(database: Database) -> House:
    return open_house(database)


def let_in(house: House, name: str) -> int:
    """A member with every way in that there is, and an invitation elsewhere that nobody has answered."""
    person_id, elsewhere = house.person(name, Role.MAKER), house.organisation
    with house.database.engine.begin() as connection:
        for n, (table, values) in enumerate(_ways(house, person_id, name, elsewhere)):
            connection.execute(insert(table).values({"id": 10 * person_id + n, "version": 1} | values))
    return person_id


def _ways(house: House, person_id: int, name: str, elsewhere: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    at, door, secret = house.database.clock.now(), f"{name}'s front door", f"{name} sesame"
    later, own = at + timedelta(days=30), {"person_id": person_id}
    yield totps, own | {"name": door, "secret": secret, "last_step": 0, "created_at": at}
    device = {"credential": secret.encode(), "public_key": secret.encode(), "sign_count": 0, "last_challenge": 0}
    yield passkeys, own | {"name": door, "created_at": at} | device
    yield recovery_codes, own | {"code_hash": "0" * 64, "status": "unused", "made_at": at}
    key = {"name": door, "secret_hash": str(person_id), "permissions": "[]", "networks": "[]", "with_approvals": False}
    lasts = {"status": "active", "created_at": at, "expires_at": later}
    yield api_keys, own | {"organisation_id": elsewhere} | key | lasts
    who = {"email": email_of(name), "name": name, "roles": "maker"}
    asked = {"status": "open", "invited_at": at, "invited_by_id": 0, "expires_at": later}
    yield invitations, {"organisation_id": elsewhere} | who | asked
    # as an administrator typed it
    said = encoding.canonical(Invitation(email_of(name).upper(), name, (Role.MAKER,)))
    made = {"scope_id": elsewhere, "command": "members.invite", "payload": said, "maker_id": 1, "proposed_at": at}
    yield proposals, made | {"status": "accepted", "checker_id": 2, "decided_at": at}


def test_whoever_is_erased_comes_in_no_more_and_leaves_no_trace_of_who_it_was(house: House) -> None:
    vera, wim = let_in(house, "Vera"), let_in(house, "Wim")
    provided(house, vera, "vera@idp.example")
    tokens = {name: house.sign_in(name).token for name in ("Vera", "Wim")}
    assert house.sign_in("Vera", "wrong").token is None
    assert all(word in everything(house) for word in TELLS), "there is something to blank"
    run(house.database, ERASE, [vera], key="k", actor=PLATFORM, scope=in_organisation(house.organisation))
    assert house.who(tokens["Vera"]) is None and house.who(tokens["Wim"]) is not None
    left = everything(house)
    assert [word for word in TELLS if word in left] == []
    assert alive(house, vera) == []
    assert alive(house, wim) == ["api_key", "membership", "passkey", "recovery_code", "session", "totp"]
    assert "wim's front door" in left and "wim@ash.example" in left
    assert house.sign_in("Vera").token is None and house.sign_in("Wim").token is not None


def provided(house: House, person_id: int, subject: str) -> None:
    """An identity provider vouched for somebody once."""
    at, ids = house.database.clock.now(), house.database.ids().take(2)
    provider = {"organisation_id": house.organisation, "issuer": "i", "client_id": "c", "client_secret": "s"}
    over = {"domains": "[]", "status": "ended", "created_at": at, "ended_at": at, "version": 1}
    link = {"provider_id": ids[0], "subject": subject, "person_id": person_id, "linked_at": at}
    with house.database.engine.begin() as connection:
        connection.execute(insert(identity_providers).values(id=ids[0], **provider, **over))
        connection.execute(insert(external_identities).values(id=ids[1], **link))


def everything(house: House) -> str:
    """All rows about people, in small letters; of Wim's only what is told under Wim's own name."""
    with house.database.reading() as connection:
        return repr([connection.execute(select(table)).all() for table in TABLES]).lower()


def alive(house: House, person_id: int) -> list[str]:
    """The tables that hold something of a person's which has not ended."""
    with house.database.reading() as connection:
        return sorted(
            table.name
            for table in TABLES
            if {"person_id", "ended_at"} <= set(table.c.keys())
            and table is not invitations
            and connection.execute(
                select(table.c.id).where(table.c.person_id == person_id, table.c.ended_at.is_(None))
            ).first()
        )


def test_where_people_came_from_is_blanked_in_time_and_so_are_invitations(house: House) -> None:
    let_in(house, "Vera")
    token = house.sign_in("Vera").token
    assert house.sign_in("Vera", "wrong").token is None
    pass_by(house.database, timedelta(days=90))
    assert set(swept(house.database).values()) == {0}
    pass_by(house.database, timedelta(days=31))
    first = swept(house.database)
    assert (first["attempts to sign in"], first["where sessions came from"]) == (2, 0)
    assert (first["invitations"], first["proposals to invite"]) == (1, 1)
    pass_by(house.database, timedelta(days=60))
    assert swept(house.database)["where sessions came from"] == 1
    assert set(swept(house.database).values()) == {0}
    with house.database.reading() as connection:
        kept = [connection.execute(select(table)).all() for table in (sessions, attempts, invitations, proposals)]
    assert token and [word for word in TELLS if word in repr(kept).lower()] == []
    assert [len(rows) for rows in kept] == [1, 2, 1, 1]
