"""Account numbers, in full to those who need them for their work and by their last four digits to all others."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal

from scf.routes import Caller

NUMBERS = "payments.numbers"
_LAST = 4


def shown(caller: Caller, number: ColumnElement[str]) -> ColumnElement[Any]:
    """An account number as the caller may see it, as a column of the same name."""
    name = str(getattr(number, "name", "number"))
    if caller.actor.may(NUMBERS):
        return number.label(name)
    last = literal("…") + func.substr(number, func.length(number) - (_LAST - 1))
    return case((func.length(number) > _LAST, last), else_=number).label(name)
