"""The anchor's desk on the command line: what waits, confirm by a maker and a checker, reject."""

from collections.abc import Sequence
from typing import Any

import click

from anchors import queries
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.queries import ToConfirm
from anchors.reject import REJECT, Reason, Rejection
from invoices.cli import tell
from invoices.desk import Context, Desk, at_desk, parse_refs, party
from scf.commands import Command, in_organisation, run
from scf.ids import text
from scf.money import readable
from scf.outcomes import Outcome
from scf.programmes.terms import Undertaking

_AS = click.option("--as", "ref", required=True, metavar="REGISTRATION", help="The anchor's registration number.")
_EVERY = click.option("--all", "every", is_flag=True, help="All that wait.")
_UNDERTAKINGS = [strength.value for strength in Undertaking]


@click.group(help="The anchor's desk: confirm or reject what suppliers have submitted.")
def anchors() -> None:
    """The group."""


@anchors.command(help="Invoices that wait for confirmation, and confirmations that wait for a checker.")
@_AS
@click.pass_context
def pending(context: click.Context, ref: str) -> None:
    """One line each, by due date."""
    given: Context = context.obj
    anchor = party(given.database, ref)
    with given.database.reading() as connection:
        waiting = queries.to_confirm(connection, anchor.id)
        proposed = {each.confirmation.invoice_id: each for each in queries.proposed(connection, anchor.id)}
    for each in waiting:
        maker = proposed.get(each.id)
        note = f"  {text('pro', maker.proposal_id)} by {maker.maker}" if maker else ""
        click.echo(_line(each) + note + (f"  note: {each.warnings}" if each.warnings else ""))
    click.echo(f"{anchor.name}: {len(waiting)} invoices wait")


def _line(each: ToConfirm) -> str:
    amount = f"{readable(each.amount_minor, each.currency)} {each.currency}"
    return f"{text('inv', each.id)}  {each.number:<20} {each.supplier:<30} {each.due_on}  {amount:>20}"


@anchors.command(help="Propose to confirm invoices in full, on their due dates; a checker accepts.")
@_AS
@click.option("--maker", required=True, help="Who proposes.")
@_EVERY
@click.option("--undertaking", type=click.Choice(_UNDERTAKINGS), default="conditional", show_default=True)
@click.argument("refs", nargs=-1, metavar="[INVOICE]...")
@click.pass_context
def confirm(context: click.Context, ref: str, maker: str, every: bool, undertaking: str, refs: tuple[str, ...]) -> None:
    """Propose confirmations; 1 is returned when anything was refused."""
    given: Context = context.obj
    command = CONFIRM_BY_PEOPLE.propose
    desk = at_desk(given.database, ref, maker, [command.name])
    named = set(_chosen("inv", every, refs))
    with given.database.reading() as connection:
        waiting = {each.id: each for each in queries.to_confirm(connection, desk.organisation_id)}
        proposed = {each.confirmation.invoice_id for each in queries.proposed(connection, desk.organisation_id)}
    ids = [id for id in waiting if id not in proposed and (every or id in named)]
    strength = Undertaking(undertaking)
    chosen = [waiting[id] for id in ids]
    batch = [Confirmation(each.id, each.amount_minor, each.currency, each.due_on, strength) for each in chosen]
    outcomes = _run(given, command, batch, desk)
    told = tell([text("inv", id) for id in ids], outcomes, f"proposed by {maker}, waits for a checker")
    left = sorted(named - set(ids))
    for id in left:
        click.echo(f"{text('inv', id)}: refused: {'already proposed' if id in proposed else 'does not wait here'}")
    context.exit(1 if told or left else 0)


@anchors.command(help="Accept proposed confirmations, as somebody other than their maker.")
@_AS
@click.option("--checker", required=True, help="Who accepts.")
@_EVERY
@click.argument("refs", nargs=-1, metavar="[PROPOSAL]...")
@click.pass_context
def accept(context: click.Context, ref: str, checker: str, every: bool, refs: tuple[str, ...]) -> None:
    """Accept proposals by `pro_…` references; 1 is returned when anything was refused."""
    given: Context = context.obj
    command = CONFIRM_BY_PEOPLE.accept
    desk = at_desk(given.database, ref, checker, [command.name])
    ids = _chosen("pro", every, refs)
    if every:
        with given.database.reading() as connection:
            ids = [each.proposal_id for each in queries.proposed(connection, desk.organisation_id)]
    outcomes = _run(given, command, ids, desk)
    context.exit(tell([text("pro", id) for id in ids], outcomes, f"confirmed by {checker}"))


@anchors.command(help="Reject invoices; the supplier sees why.")
@_AS
@click.option("--by", "person", default="command line", show_default=True, help="Who acts.")
@click.option("--reason", type=click.Choice([reason.value for reason in Reason]), required=True)
@click.option("--words", default="", help="What the supplier should know; needed with the reason other.")
@click.argument("refs", nargs=-1, required=True, metavar="INVOICE...")
@click.pass_context
def reject(context: click.Context, ref: str, person: str, reason: str, words: str, refs: tuple[str, ...]) -> None:
    """Reject by `inv_…` references; 1 is returned when anything was refused."""
    given: Context = context.obj
    desk = at_desk(given.database, ref, person, [REJECT.name])
    batch = [Rejection(id, Reason(reason), words) for id in parse_refs("inv", refs)]
    context.exit(tell(list(refs), _run(given, REJECT, batch, desk), "rejected"))


def _chosen(prefix: str, every: bool, refs: tuple[str, ...]) -> list[int]:
    if every == bool(refs):
        raise click.UsageError("name what you mean, or give --all")
    return parse_refs(prefix, refs)


def _run(given: Context, command: Command[Any, Any, Any], batch: Sequence[Any], desk: Desk) -> list[Outcome]:
    """Run what there is; nothing to do is no error."""
    if not batch:
        return []
    key, scope = f"cli/{given.database.ids().one()}", in_organisation(desk.organisation_id)
    return run(given.database, command, batch, key=key, actor=desk.actor, scope=scope)
