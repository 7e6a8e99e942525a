"""What goes in and out of the workplace's routes, as JSON and from forms."""

import json
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from scf.announcements import KINDS
from scf.fields import Id, ItemSchema, Words
from scf.ids import text
from scf.people.preferences import THEMES, Preference
from scf.web.reader import FORMATS, LANGUAGES
from scf.workplace.commands import NAME_MAX, PATH_MAX, QUERY_MAX, NewFilter


class PreferenceSchema(ItemSchema):
    """How screens speak to somebody; an empty word leaves it to the browser."""

    makes = Preference

    language = fields.String(load_default="", validate=validate.OneOf(["", *LANGUAGES]))
    formats = fields.String(load_default="", validate=validate.OneOf(["", *FORMATS]))
    theme = fields.String(load_default="", validate=validate.OneOf(["", *THEMES]))


class NewFilterSchema(ItemSchema):
    """The query of a page, to be kept under a name."""

    makes = NewFilter

    path = Words(PATH_MAX, required=True)
    name = Words(NAME_MAX, required=True)
    query = fields.String(load_default="", validate=validate.Length(max=QUERY_MAX))


def _id_alone(**loaded: Any) -> int:
    (id,) = loaded.values()
    return int(id)


class FilterIdSchema(ItemSchema):
    """A filter that somebody keeps."""

    makes: ClassVar[Any] = staticmethod(_id_alone)

    filter_id = Id("flt", required=True)


class SeenSchema(ItemSchema):
    """The newest notification that was seen."""

    makes: ClassVar[Any] = staticmethod(_id_alone)

    notification_id = Id("ntf", required=True)


class FilterSchema(Schema):
    """A filter as its person keeps it."""

    id = Id("flt")
    path = fields.String()
    name = fields.String()
    query = fields.String()


class NotificationSchema(Schema):
    """That something of a kind happened, when, and to which things; they are not named any more after ninety days."""

    id = Id("ntf")
    kind = fields.String()
    ids = fields.Function(lambda row: [text(KINDS[row.kind].prefix, id) for id in json.loads(row.ids or "[]")])
    id_count = fields.Integer()
    at = fields.AwareDateTime()
