"""A receivable that nobody funded and the anchor paid to its supplier is closed, without a journal."""

from datetime import date

from test_story import opening
from world import World

from scf.commands import in_organisation
from scf.ledger import queries
from scf.receivables.close import CLOSE


def test_either_side_may_close_what_is_open_and_nobody_what_is_funded(world: World) -> None:
    opening(world)
    world.confirmed("R1", "Birch Tools", "Halberd", "5,000.00", date(2026, 3, 6))
    world.confirmed("R2", "Birch Tools", "Halberd", "7,000.00", date(2026, 3, 6))
    world.asks("R2", "Birch Tools")
    world.end_the_day()
    with world.database.reading() as connection:
        before = queries.balances(connection, world.book_id)

    halberd = world.person("Hal Clerk", "Halberd")
    scope = in_organisation(world.organisations["Halberd"])
    batch = [world.receivables["R1"], world.receivables["R2"], world.receivables["R1"]]
    reasons = [outcome.refusal and outcome.refusal.reason for outcome in world.ask(CLOSE, batch, halberd, scope)]
    assert reasons == [None, "not_open", "not_found"]

    stranger = world.person("Kes Clerk", "Kestrel")
    kestrel = in_organisation(world.organisations["Kestrel"])
    refusal = world.ask(CLOSE, [world.receivables["R2"]], stranger, kestrel)[0].refusal
    assert refusal is not None and refusal.reason == "not_found"
    with world.database.reading() as connection:
        assert queries.balances(connection, world.book_id) == before
