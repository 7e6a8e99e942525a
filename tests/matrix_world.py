"""Two funders' worlds in one database, each with a row of nearly everything: what the access matrix is asked about."""

from pathlib import Path

from access import Matrix, Party, carried, places
from api_site import open_site
from signing_in import House
from test_walls_of_parties import played

from scf.db.engine import Database
from scf.identity.begin import begin
from scf.roles import AT_A_FUNDER, AT_THE_OPERATOR, EVERYWHERE, Role

# who plays which part in each world; a world knows its funder by one name
_PARTS = (
    {"bank": "Northbank", "anchor": "Halberd", "supplier": "Birch Tools"},
    {"bank": "Northbank", "anchor": "Kestrel", "supplier": "Cedar Works"},
)


def open_matrix(database: Database, folder: Path) -> Matrix:
    """Play both worlds, then let every party write whatever it may, once."""
    worlds = played(database, folder)
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
