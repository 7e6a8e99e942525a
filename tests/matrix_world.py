"""Two funders' worlds in one database, each with a row of nearly everything: what the access matrix is asked about."""

from datetime import date, timedelta
from itertools import count
from pathlib import Path

from access import Matrix, Party, carried, places
from api_site import open_site
from conftest import START
from signing_in import House
from world import EUR, World

from scf.clock import SetClock
from scf.db.engine import Database
from scf.identity.begin import begin
from scf.limits.positions import LimitKind
from scf.programmes.terms import Terms
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE, Role

# who plays which part in each world; a world knows its funder by one name, and Ash Castings sells in both
_PARTS = (
    {"bank": "Northbank", "anchor": "Halberd", "supplier": "Birch Tools"},
    {"bank": "Northbank", "anchor": "Kestrel", "supplier": "Elm Plastics"},
)
_SHARED = "Ash Castings"


def open_matrix(database: Database, folder: Path) -> Matrix:
    """Play both worlds, then let every party write whatever it may, once."""
    worlds = _worlds(database, folder)
    outcome, _ = begin(database, "Operator", "REG-Operator", "DE", "Olga", "olga@operator.example")
    assert outcome.accepted, outcome
    operator = _party(database, "Operator", outcome.id or 0, 0, EVERYWHERE | AT_THE_OPERATOR)
    north, south = (
        {
            part: _party(
                database,
                f"{name} {n}",
                world.organisations[name],
                world.book_id,
                EVERYWHERE | AT_A_FUNDER if part == "bank" else EVERYWHERE,
            )
            for part, name in parts.items()
        }
        for n, (world, parts) in enumerate(zip(worlds, _PARTS, strict=True))
    )
    site = open_site(database, folder, SCF_CALLS_PER_MINUTE="1000000")
    matrix = Matrix(site, worlds[0], north, south, operator)
    for party in (*north.values(), *south.values()):
        _live(matrix, party)
    matrix.forget()
    return matrix


def _worlds(database: Database, folder: Path) -> tuple[World, World]:
    """Two funders with a programme each; of its anchor's invoices one is funded, one asked for, one disputed."""
    assert isinstance(database.clock, SetClock)
    north = World(database, database.clock, folder / "north")
    north.register("Northbank", "Halberd", "Birch Tools", _SHARED)
    south = World(database, database.clock, folder / "south", _keys=count(1_000_000))
    south.register("Southbank", "Kestrel", "Elm Plastics")
    south.organisations["Northbank"] = south.organisations.pop("Southbank")
    south.organisations[_SHARED] = north.organisations[_SHARED]
    for world, funder, parts in zip((north, south), ("Northbank", "Southbank"), _PARTS, strict=True):
        world.folder.mkdir()
        world.clock.set(START.date(), 9)
        # a book is named by its funder's name
        world.organisations[funder] = world.organisations["Northbank"]
        world.open_book(funder, START.date())
        _play(world, parts["anchor"], parts["supplier"])
    return north, south


def _play(world: World, anchor: str, supplier: str) -> None:
    world.limit(LimitKind.ANCHOR, anchor, "100,000.00")
    programme = world.programme(anchor)
    for name, ref in ((_SHARED, f"A-{anchor}"), (supplier, f"O-{anchor}")):
        world.enrol(programme, name)
        world.agree(name, Terms(EUR, rate_ppm=60_000, advance_rate_ppm=900_000))
        world.confirmed(ref, name, anchor, "10,000.00", date(2026, 2, 20))
        world.asks(ref, name)
    world.end_the_day()
    world.credit_note(f"O-{anchor}", supplier, "2,500.00")
    world.pays(anchor, f"C-{anchor}", "3,000.00", f"O-{anchor}")
    world.end_the_day()
    world.disputed(f"D-{anchor}", supplier, anchor, "7,000.00", date(2026, 2, 27))
    world.confirmed(f"R-{anchor}", supplier, anchor, "9,000.00", date(2026, 2, 27))
    world.asks(f"R-{anchor}", supplier)
    world.offer_terms(supplier, Terms(EUR, rate_ppm=70_000, advance_rate_ppm=900_000), world.today + timedelta(30))


def _party(database: Database, name: str, id: int, book_id: int, roles: frozenset[Role]) -> Party:
    """An organisation with two members who hold every role there is there, and have signed in."""
    house = House(database, id)
    names = [f"{who}-{name.replace(' ', '-')}" for who in ("Ida", "Otto")]
    people = [house.person(each, *sorted(roles)) for each in names]
    for each in names:
        house.with_totp(each)
    return Party(name, id, book_id, roles, (people[0], people[1]), operates=bool(roles & AT_THE_OPERATOR))


def _live(matrix: Matrix, party: Party) -> None:
    """Let a party write all it may, with ids of its own; who accepts is another than who proposes."""
    for place in places():
        permission = place.route.permission
        if not place.writes or permission not in carried(party.roles) or (place.in_book and not party.has_book):
            continue
        actor = party.actor(second=permission.endswith(".accept"))
        told = matrix.call(actor, place, matrix.own(party), party.book_id)
        assert told.status < 500, (place, told.text)
        matrix.lived.setdefault(str(place), []).append(told)
        if told.accepted:
            matrix.forget()
