"""Confirmations that wait for a second person: a checker accepts or declines what another proposed, its maker may take
it back.

Nobody checks their own: those stand apart, without a button for it, and the command refuses it.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from anchors import proposed
from anchors.api import READ
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.pages.told import tell, written
from scf import command_log
from scf.commands import Command
from scf.currencies import exponent
from scf.fields import Id, Words
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.routes import Caller, PageRoute
from scf.web.batches import KEY
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.problems import Problem
from scf.web.words import N_, _

PATH = "/anchor/proposals"
_SHOWN = 200
_TICK = N_("Tick at least one proposal.")
_ACCEPT, _DECLINE, _WITHDRAW = CONFIRM_BY_PEOPLE.accept, CONFIRM_BY_PEOPLE.decline, CONFIRM_BY_PEOPLE.withdraw


class TickedSchema(Schema):
    """The proposals that were ticked, or all that waited at a moment."""

    take = fields.List(Id("pro"), validate=[validate.Length(1, 2_000)])
    all = fields.AwareDateTime()


class UndoSchema(Schema):
    """The form whose proposals are taken back."""

    proposed_by = Words(80, 1, required=True)


def show(caller: Caller) -> Response:
    """What waits."""
    return _page(caller, Form())


def _decide(command: Command[int, Any, Any], mine: bool, one: str, many: str, caller: Caller) -> Response:
    form = read(TickedSchema)
    if form.errors or not (form.loaded.get("take") or form.loaded.get("all")):
        form.errors.clear()
        form.say(_(_TICK))
        return _page(caller, form)
    ids = _all(caller, form, mine) if form.loaded.get("all") else form.loaded["take"]
    if not ids:
        form.say(_("Nothing of it waits any more."), status=409)
        return _page(caller, form)
    outcomes = ran(caller, command, ids, form.key)
    if not any(each.accepted for each in outcomes):
        told = dict.fromkeys(sentence(each.refusal) for each in outcomes if each.refusal is not None)
        form.say(" ".join(list(told)[:3]), status=409)
        return _page(caller, form)
    tell(outcomes, one, many)
    return see(PATH)


accept = partial(
    _decide, _ACCEPT, False,
    N_("%(count)s invoice is confirmed: it is a receivable now."),
    N_("%(count)s invoices are confirmed: they are receivables now."),
)  # fmt: skip
decline = partial(
    _decide, _DECLINE, False,
    N_("%(count)s proposal is declined; its invoice waits again."),
    N_("%(count)s proposals are declined; their invoices wait again."),
)  # fmt: skip
_TAKEN_BACK = (
    N_("%(count)s proposal is taken back; its invoice waits again."),
    N_("%(count)s proposals are taken back; their invoices wait again."),
)
withdraw = partial(_decide, _WITHDRAW, True, *_TAKEN_BACK)


def undo(caller: Caller) -> Response:
    """Take back what a form proposed, as far as nobody has decided it yet."""
    form = read(UndoSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    with caller.reading() as connection:
        key = KEY + form.loaded["proposed_by"]
        stored = command_log.last(connection, caller.organisation_id, CONFIRM_BY_PEOPLE.propose.name, key)
    ids = [each.id for each in command_log.unpack(stored.outcomes) if each.accepted] if stored else []
    if not ids:
        raise Problem(404, "not_found", "there is nothing to take back")
    tell(ran(caller, _WITHDRAW, ids, form.key), *_TAKEN_BACK)
    return see("/anchor/confirm")


def _all(caller: Caller, form: Form, mine: bool) -> Sequence[int]:
    with caller.reading() as connection:
        listed = proposed.proposed(
            connection, caller.organisation_id, mine=mine, person_id=caller.actor.id, until=form.loaded["all"]
        )
    return [each.id for each in listed]


def _page(caller: Caller, form: Form) -> Response:
    with caller.reading() as connection:
        theirs, own = (
            proposed.proposed(connection, caller.organisation_id, mine=mine, person_id=caller.actor.id)
            for mine in (False, True)
        )
        listed = [*theirs[:_SHOWN], *own[:_SHOWN]]
        names = organisations.names(connection, {each.supplier_id for each in listed})
        makers = people.names(connection, {each.maker_id for each in listed})
    form.typed = {**form.typed, "take": set(form.typed.get("take", ()))}
    return again(
        "anchor/proposals.html",
        form,
        theirs=theirs[:_SHOWN],
        own=own[:_SHOWN],
        their_count=len(theirs),
        own_count=len(own),
        their_sums=written(proposed.sums(theirs)),
        own_sums=written(proposed.sums(own)),
        now=caller.database.clock.now().isoformat(),
        at_once=proposed.AT_ONCE,
        names=names,
        makers=makers,
        digits=exponent,
        may={each.name: caller.actor.may(each.name) for each in (_ACCEPT, _DECLINE, _WITHDRAW)},
    )


PAGES = (
    PageRoute(PATH, READ, show),
    PageRoute(f"{PATH}/accept", _ACCEPT.name, accept, ("POST",)),
    PageRoute(f"{PATH}/decline", _DECLINE.name, decline, ("POST",)),
    PageRoute(f"{PATH}/withdraw", _WITHDRAW.name, withdraw, ("POST",)),
    PageRoute(f"{PATH}/undo", _WITHDRAW.name, undo, ("POST",)),
)
