"""The time lines of what stands below the screens: organisations and proposals."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, or_, select

from scf.db.bulk import among
from scf.organisations.models import organisations
from scf.programmes.models import enrolments
from scf.proposals.models import proposals
from scf.routes import SIGNED_IN, Caller
from scf.screens import History, Moment
from scf.web.own import in_my_books, is_mine
from scf.web.words import N_, _

READ_PROPOSALS = "proposals.read"
_DECIDED = {"accepted": N_("Proposal accepted"), "declined": N_("Proposal declined")}


def known_to(caller: Caller) -> ColumnElement[bool]:
    """Organisations that the caller knows by a programme: its own, and both sides of the enrolments it is part of."""
    if caller.actor.operates:
        return organisations.c.id > 0
    mine = caller.organisation_id
    by_book = in_my_books(caller, enrolments.c.book_id)
    suppliers = select(enrolments.c.supplier_id).where(or_(by_book, enrolments.c.anchor_id == mine))
    anchors = select(enrolments.c.anchor_id).where(or_(by_book, enrolments.c.supplier_id == mine))
    known = (organisations.c.id == mine, organisations.c.id.in_(suppliers), organisations.c.id.in_(anchors))
    return or_(*known)


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(organisations.c.id, organisations.c.name).where(
        among(connection, organisations.c.id, ids), known_to(caller)
    )
    return dict(connection.execute(asked).all())


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(organisations.c.id, organisations.c.created_at, organisations.c.registration_ref).where(
            among(connection, organisations.c.id, ids), known_to(caller)
        )
    )
    return [Moment(row.created_at, N_("Registered"), None, row.registration_ref, (), row.id) for row in rows]


def _of_proposals(caller: Caller) -> ColumnElement[bool]:
    return or_(is_mine(caller, proposals.c.scope_id), in_my_books(caller, proposals.c.scope_id))


def _proposal_names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = select(proposals.c.id, proposals.c.command).where(
        among(connection, proposals.c.id, ids), _of_proposals(caller)
    )
    said = _said(caller)
    return {id: said.get(command, command) for id, command in connection.execute(asked)}


def _said(caller: Caller) -> Mapping[str, str]:
    """What commands that take two people do, in words: those of the permission to propose them."""
    end = ".propose"
    found = {each.name: each.words for each in caller.running.permissions if each.name.endswith(end)}
    return {name.removesuffix(end): _(words[:1].upper() + words[1:]) for name, words in found.items()}


def _proposals(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    rows = connection.execute(
        select(proposals).where(among(connection, proposals.c.id, ids), _of_proposals(caller))
    ).all()
    said = _said(caller)
    made = [
        Moment(row.proposed_at, N_("Proposed"), row.maker_id, said.get(row.command, row.command), (), row.id)
        for row in rows
    ]
    return made + [
        Moment(row.decided_at, _DECIDED[row.status], row.checker_id, "", (), row.id) for row in rows if row.decided_at
    ]


HISTORIES = (
    History("org", SIGNED_IN, _moments, words=N_("Organisation"), names=_names),
    History("pro", READ_PROPOSALS, _proposals, words=N_("Proposal"), names=_proposal_names),
)
