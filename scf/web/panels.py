"""Panels: what other folders show on a page of a thing. Each is behind its own permission; an empty one is left out."""

from collections.abc import Sequence

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Connection

from scf.module import Module
from scf.routes import Caller
from scf.web.shell import MODULES


def panels(caller: Caller, connection: Connection, place: str, id: int) -> Sequence[Markup]:
    """The panels of a place that the caller may see, in the order of the modules."""
    modules: Sequence[Module] = current_app.extensions[MODULES]
    shown = (
        each.show(caller, connection, id)
        for module in modules
        for each in module.panels
        if each.place == place and caller.actor.may(each.permission)
    )
    # a panel answers with the markup of its own template, which escapes what is put into it
    return [Markup(each) for each in shown if each]
