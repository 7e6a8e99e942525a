"""The API keys of all members, as administrators see them: whose, what for, used when; any of them can be revoked."""

from flask import Response
from sqlalchemy import select

from scf.identity.keys_revoke import REVOKE
from scf.identity.models_sessions import api_keys
from scf.identity.schemas import KeyIdSchema
from scf.people.models import people
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import _

_PATH, _READ = "/organisation/keys", "keys.view_any"
_MOST = 200


def show(caller: Caller) -> Response:
    """Keys that open something now, the newest first."""
    held = api_keys.c
    with caller.reading() as connection:
        keys = connection.execute(
            select(
                held.id, held.name, held.with_approvals, held.expires_at, held.used_at, people.c.name.label("person")
            )
            .join(people, people.c.id == held.person_id)
            .where(held.organisation_id == caller.organisation_id, held.status == "active")
            .where(held.expires_at > caller.database.clock.now())
            .order_by(held.id.desc())
            .limit(_MOST)
        ).all()
    return page("organisation/keys.html", keys=keys, may_revoke=caller.actor.may("keys.revoke_any"), form=Form())


def revoke(caller: Caller) -> Response:
    """Revoke one; the command refuses who may not."""
    form = read(KeyIdSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    (outcome,) = ran(caller, REVOKE, [form.loaded], form.key)
    if outcome.refusal is not None:
        say(sentence(outcome.refusal), look="danger")
    else:
        say(_("The key is revoked."))
    return see(_PATH)


PAGES = (PageRoute(_PATH, _READ, show), PageRoute(f"{_PATH}/revoke", REVOKE.name, revoke, ("POST",)))
