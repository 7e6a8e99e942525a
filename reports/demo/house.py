"""The sandbox's organisations and people, as the trade among them needs them: found by the keys of the tutorial."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from reports.demo.stage import Stage
from scf import calendars
from scf.actor import Actor
from scf.books.queries import Book
from scf.identity.role_rules import permissions_of
from scf.organisations.models import organisations
from scf.organisations.registration import normal_id
from scf.sandbox import entering
from scf.sandbox.parties import CALENDAR, OPERATOR, PARTIES, PEOPLE


@dataclass(frozen=True, slots=True)
class House:
    """Organisations and people by key, and the day on which the trade ends."""

    stage: Stage
    organisations: Mapping[str, int]
    people: Mapping[str, Actor]
    ends_on: date

    @property
    def book(self) -> Book:
        """The bank's book as it stands."""
        (book,) = self.stage.books()
        return book

    def day(self, open_days: int) -> date:
        """The date so many open days from the end; before it when negative."""
        if open_days >= 0:
            return calendars.add_open_days(CALENDAR, self.ends_on, open_days) if open_days else self.ends_on
        on = self.ends_on
        for _ in range(-open_days):
            on = calendars.previous_open(CALENDAR, on)
        return on


def house(stage: Stage, ends_on: date) -> House:
    """Find everybody that the seed has made."""
    granted = stage.running.granted
    refs = {normal_id(party.registration_ref): party.key for party in (OPERATOR, *PARTIES)}
    with stage.running.database.reading() as connection:
        rows = connection.execute(select(organisations.c.id, organisations.c.registration_ref))
        found = {refs[ref]: id for id, ref in rows if ref in refs}
        by_name = {each.name: each for each in entering.made_up(connection)}
    people = {
        person.key: Actor(
            by_name[person.name].person_id,
            person.name,
            found[person.party],
            permissions_of(person.roles, granted),
            stepped_up=True,
        )
        for person in PEOPLE
    }
    return House(stage, found, people, ends_on)
