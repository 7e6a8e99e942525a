"""Limits: where each stands, and the editor that shows what a change would do before anybody proposes it.

A ceiling takes two people; who may suspends a limit alone, at once.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from scf import ids
from scf.commands import ScopeKind
from scf.errors import FieldError
from scf.factoring.dry_run import LOOKED_AT, Change, would_hold, would_set
from scf.factoring.pages.answers import asked, back, below, must, tell
from scf.factoring.pages.limit_names import holder_names
from scf.factoring.portfolio import currencies
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.fields import Id, Words, currency
from scf.ids import text
from scf.limits.api import READ
from scf.limits.hold import HOLD, REASON_LENGTH, Hold
from scf.limits.models import limits
from scf.limits.positions import LimitKey, LimitKind
from scf.limits.queries import listed
from scf.money import decimal_string, parse_minor
from scf.organisations import queries as organisations
from scf.programmes.choices import Choices, parties_of_book, programmes_of_book
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import page, see
from scf.web.words import N_, _

_SHOWN = 100
_KINDS = [kind.value for kind in LimitKind]
_AMOUNT = validate.Regexp(r"^[0-9]{1,15}(\.[0-9]{1,6})?\Z", error="write an amount like 1234.50")
_CEILING, _HOLD, _RELEASE = "ceiling", "hold", "release"


class ListSchema(Schema):
    """Which limits are wanted."""

    kind = fields.String(validate=[validate.OneOf(_KINDS)])
    currency = Words(3, 3)
    after = Id("lim")


class ChangeSchema(Schema):
    """A limit and what is to become of it; the holder is an organisation or a programme by its id."""

    kind = fields.String(required=True, validate=[validate.OneOf(_KINDS)])
    holder = Words(40, 1, required=True)
    currency = currency()
    what = fields.String(load_default=_CEILING, validate=[validate.OneOf([_CEILING, _HOLD, _RELEASE])])
    ceiling = fields.String(validate=[_AMOUNT])
    reason = Words(REASON_LENGTH)


class HoldSchema(Schema):
    """A limit to suspend for a reason; an empty one lifts the suspension."""

    limit_id = Id("lim", required=True)
    reason = Words(REASON_LENGTH, load_default="")


def show(caller: Caller) -> Response:
    """The limits."""
    book = caller.in_book()
    filters = asked(ListSchema)
    loaded = filters.loaded
    query = listed(book.id).where(limits.c.id > loaded.get("after", 0)).order_by(limits.c.id)
    for name in ("kind", "currency"):
        if name in loaded:
            query = query.where(limits.c[name] == loaded[name])
    with caller.reading() as connection:
        found = connection.execute(query.limit(_SHOWN + 1)).all()
        rows = found[:_SHOWN]
        names = holder_names(connection, [(row.kind, row.holder_id) for row in rows])
        codes = currencies(connection, book.id)
    return page(
        "bank/limits.html",
        rows=rows,
        names=names,
        currencies=codes,
        kinds=_KINDS,
        filters=filters,
        next=text("lim", rows[-1].id) if len(found) > _SHOWN else "",
        may_set=caller.actor.may(SET_LIMIT.propose.name),
        holder=_holder_text,
    )


def change(caller: Caller) -> Response:
    """The editor: a change to be thought through, and what it would do."""
    form = asked(ChangeSchema)
    if not form.typed:
        return _editor(caller, Form({"currency": "EUR", "what": _CEILING}), None)
    key = _key(form)
    wanted = form.loaded.get("what", _CEILING)
    found = None
    if not form.errors and key is not None:
        with caller.reading() as connection:
            found = _change(caller, connection, form, key, wanted)
    return _editor(caller, form, found)


def _change(caller: Caller, connection: Connection, form: Form, key: LimitKey, wanted: str) -> Change | None:
    if wanted == _HOLD:
        if not form.loaded.get("reason"):
            form.say(_("Say why, in at most 20 characters."), "reason")
            return None
        return would_hold(connection, caller.in_book(), key, form.loaded["reason"])
    if wanted == _RELEASE:
        return would_hold(connection, caller.in_book(), key, "")
    minor = _minor(form, key[2])
    return None if minor is None else would_set(connection, caller.in_book(), Ceiling(*key, minor))


def propose(caller: Caller) -> Response:
    """Propose a ceiling; somebody else agrees."""
    form = read(ChangeSchema)
    key = _key(form)
    minor = None if form.errors or key is None else _minor(form, key[2])
    if key is None or minor is None:
        return _editor(caller, form, None)
    outcomes = ran(caller, SET_LIMIT.propose, [Ceiling(*key, minor)], form.key)
    tell(outcomes, N_("The ceiling waits for a second person."), N_("%(count)s ceilings wait for a second person."))
    return see(below(caller, "/limits"))


def hold(caller: Caller) -> Response:
    """Suspend a limit, or lift its suspension."""
    form = must(read(HoldSchema))
    reason = form.loaded["reason"]
    outcomes = ran(caller, HOLD, [Hold(form.loaded["limit_id"], reason)], form.key)
    words = N_("The limit is suspended.") if reason else N_("The suspension is lifted.")
    tell(outcomes, words, words)
    return back(caller, form, "/limits")


def _editor(caller: Caller, form: Form, found: Change | None) -> Response:
    with caller.reading() as connection:
        given: dict[str, Any] = {
            "choices": _choices(caller, connection), "names": _names(connection, found), "change": found,
            "kinds": _KINDS, "sentence": sentence, "looked_at": LOOKED_AT,
            "current": _current(caller, connection, form), "may_set": caller.actor.may(SET_LIMIT.propose.name),
            "may_hold": caller.actor.may(HOLD.name), "reason_max": REASON_LENGTH,
        }  # fmt: skip
    return again("bank/limit_change.html", form, **given)


def _current(caller: Caller, connection: Connection, form: Form) -> Any:
    """The limit that the form is about as it stands; its ceiling stands in the form until another is typed."""
    key = _key(form)
    if key is None:
        return None
    mine = (limits.c.kind == key[0].value) & (limits.c.holder_id == key[1]) & (limits.c.currency == key[2])
    row = connection.execute(listed(caller.in_book().id).where(mine)).one_or_none()
    if row is not None and not form.typed.get("ceiling"):
        form.typed = {**form.typed, "ceiling": decimal_string(row.ceiling_minor, row.currency)}
    return row


def _choices(caller: Caller, connection: Connection) -> Mapping[str, Choices]:
    return {
        _("Organisations"): parties_of_book(caller, connection),
        _("Programmes"): programmes_of_book(caller, connection),
    }


def _names(connection: Connection, found: Change | None) -> Mapping[Any, str]:
    if found is None:
        return {}
    turned = {id for each in found.turned for id in (each.ask.supplier_id, each.ask.anchor_id)}
    return {**organisations.names(connection, turned), **holder_names(connection, [found.key[:2]])}


def _key(form: Form) -> LimitKey | None:
    """The limit a form is about; None, and the form says why, when it is none."""
    kind, holder, code = (form.typed.get(name, "") for name in ("kind", "holder", "currency"))
    if kind not in _KINDS or not holder or not code:
        return None
    prefix = "prg" if kind == LimitKind.PROGRAMME else "org"
    try:
        if str(holder).startswith(f"{prefix}_"):
            return LimitKind(kind), ids.parse(str(holder)), str(code)
    except ValueError:
        pass
    form.say(
        _("A limit of this kind stands on an organisation.")
        if prefix == "org"
        else _("A limit of this kind stands on a programme."),
        "holder",
    )
    return None


def _minor(form: Form, code: str) -> int | None:
    written = form.loaded.get("ceiling")
    if not written:
        # a change that is only opened is not wrong yet
        return None
    try:
        return parse_minor(written, code, "ceiling")
    except FieldError as error:
        form.say(_(error.message), "ceiling")
        return None


def _holder_text(row: Any) -> str:
    return text("prg" if row.kind == LimitKind.PROGRAMME else "org", row.holder_id)


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/limits", READ, show, scope=_BOOK),
    PageRoute("/limits/change", READ, change, scope=_BOOK),
    PageRoute("/limits/propose", SET_LIMIT.propose.name, propose, ("POST",), _BOOK),
    PageRoute("/limits/hold", HOLD.name, hold, ("POST",), _BOOK),
)
