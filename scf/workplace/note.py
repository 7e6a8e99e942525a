"""Announcements put down as notifications, beside whatever else they are delivered to."""

from collections.abc import Mapping
from typing import Any

from scf.commands import transact
from scf.db.engine import Database
from scf.module import Delivery, Surroundings
from scf.notifications import write


def note(database: Database, _surroundings: Surroundings, payload: Mapping[str, Any]) -> None:
    """Note an announcement for the screens of the organisation it is for; a second time changes nothing."""
    transact(database, lambda connection: write.note(connection, payload))


def each_of(*deliveries: Delivery) -> Delivery:
    """One delivery out of several, in their order; each changes nothing a second time, for all may be tried again."""

    def deliver(database: Database, surroundings: Surroundings, payload: Mapping[str, Any]) -> None:
        for each in deliveries:
            each(database, surroundings, payload)

    return deliver
