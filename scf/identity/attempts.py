"""Attempts to sign in, as rows: what throttles the next ones, and what an auditor reads.

An attempt is noted as failed before it is weighed, and as a success after: a hundred guesses sent at once are counted
before the first of them is answered, and a crash between the two counts against the guesser.
"""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, func, insert, select, update

from scf.db.locks import lock_name
from scf.db.types import UTCDateTime
from scf.identity import throttle
from scf.identity.models_sessions import attempts
from scf.identity.sessions import Origin
from scf.identity.throttle import Failures

_AGENT_MAX = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is tried, on whose account, from where. `account_hash` is of the account as it was typed."""

    kind: str
    account_hash: str
    origin: Origin
    person_id: int | None = None


def origin(address: str, agent: str) -> Origin:
    """Where a request comes from, cut to what is kept: of IPv6 the network, since one home has 2^64 addresses."""
    found = address_of(address)
    network = str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found or "")
    return Origin(network, "".join(letter for letter in agent if letter.isprintable())[:_AGENT_MAX])


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """An address in its own form: IPv4 inside IPv6 is IPv4. None when it is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def note(connection: Connection, id: int, attempt: Attempt, at: datetime) -> datetime | None:
    """Note an attempt; None lets it through, otherwise it is refused until the instant given."""
    lock_name(connection, f"sign in {attempt.kind} {attempt.account_hash}")
    free = throttle.free_at(_of_account(connection, attempt, at), _of_network(connection, attempt.origin, at), at)
    values = {
        "id": id,
        "at": at,
        "kind": attempt.kind,
        "account_hash": attempt.account_hash,
        "person_id": attempt.person_id,
        "network": attempt.origin.network,
        "agent": attempt.origin.agent,
        # those that were not even weighed do not count: else a stranger could lock somebody out for good
        "outcome": "throttled" if free > at else "failed",
    }
    connection.execute(insert(attempts).values(values))
    return free if free > at else None


def succeed(connection: Connection, id: int, person_id: int) -> None:
    """Note that an attempt was right after all: the account's failures count no more."""
    connection.execute(update(attempts).where(attempts.c.id == id).values(outcome="succeeded", person_id=person_id))


def _of_account(connection: Connection, attempt: Attempt, at: datetime) -> Failures:
    same = (attempts.c.account_hash == attempt.account_hash) & (attempts.c.kind == attempt.kind)
    since = at - throttle.WINDOW
    right = select(func.max(attempts.c.at)).where(same, attempts.c.outcome == "succeeded", attempts.c.at > since)
    row = connection.execute(
        select(func.count(), func.max(attempts.c.at)).where(
            same,
            attempts.c.outcome == "failed",
            attempts.c.at > func.coalesce(right.scalar_subquery(), since, type_=UTCDateTime),
        )
    ).one()
    return Failures(*row)


def _of_network(connection: Connection, origin: Origin, at: datetime) -> Failures:
    # a success resets nothing here: whoever has one account would guess at others' between two of his own
    row = connection.execute(
        select(func.count(), func.max(attempts.c.at)).where(
            attempts.c.network == origin.network,
            attempts.c.outcome == "failed",
            attempts.c.at > at - throttle.NETWORK_WINDOW,
        )
    ).one()
    return Failures(*row)
