"""Two things about what is on record: a book's calendar, changed by two people, and a person, erased for good."""

from marshmallow import fields, validate

from scf.calendars import CALENDARS
from scf.fields import Id, ItemSchema
from scf.identity.change_calendar import CHANGE_CALENDAR_BY_PEOPLE, NewCalendar
from scf.identity.erase import ERASE
from scf.module import Permission
from scf.proposals.api import four_eyes_permissions, four_eyes_routes
from scf.roles import Role
from scf.routes import CommandRoute, Route

_WHAT = "change the calendar of a book"


class CalendarSchema(ItemSchema):
    """The calendar that a book is to keep."""

    makes = NewCalendar
    calendar = fields.String(required=True, validate=[validate.OneOf(CALENDARS)])


def _id(person_id: int) -> int:
    return person_id


class PersonSchema(ItemSchema):
    """A person named by their id."""

    makes = staticmethod(_id)
    person_id = Id("per", required=True)


PERMISSIONS = (
    *four_eyes_permissions(CHANGE_CALENDAR_BY_PEOPLE, _WHAT, frozenset({Role.OPERATIONS}), frozenset({Role.CHECKER})),
    Permission(ERASE.name, "erase a person: name, address and every way in", frozenset({Role.OPERATOR})),
)

ROUTES: tuple[Route, ...] = (
    *four_eyes_routes("/calendar", CHANGE_CALENDAR_BY_PEOPLE, CalendarSchema, "bok", _WHAT, {}),
    CommandRoute("/people/erase", ERASE, PersonSchema, "per", "Erase people; what they signed stays."),
)
