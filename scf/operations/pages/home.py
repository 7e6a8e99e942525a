"""The operator's first page."""

from flask import Response

from scf.operations.desk_routes import ORGANISATIONS
from scf.operations.pages.waiting import COUNTED_MAX, home
from scf.routes import Caller, PageRoute
from scf.scheduling.day import in_order
from scf.web import formats
from scf.web.pages import page
from scf.web.problems import Problem

PATH = "/operator"


def only_the_operator(caller: Caller) -> None:
    """Raise `Problem` for who does not run the platform, whatever they may elsewhere."""
    if not caller.actor.operates:
        raise Problem(403, "forbidden", "this is for the people who run the platform")


def show(caller: Caller) -> Response:
    """What waits and what failed, and where every book stands."""
    only_the_operator(caller)
    now = caller.database.clock.now()
    with caller.reading() as connection:
        steps = [step.name for step in in_order(caller.running.steps)]
        found = home(connection, caller.organisation_id, now, steps)
    return page("operator/home.html", found=found, now=now, at_most=_at_most)


def _at_most(number: int) -> str:
    """A count as it is shown: beyond a thousand it says that there are more."""
    return formats.count(number) if number <= COUNTED_MAX else f"> {formats.count(COUNTED_MAX)}"


PAGES = (PageRoute(PATH, ORGANISATIONS, show),)
