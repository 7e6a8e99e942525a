"""The supplier's desk on the command line: upload files and see what became of the invoices."""

from hashlib import sha256
from pathlib import Path

import click

from invoices import queries
from invoices.desk import Context, at_desk, parse_refs, party
from invoices.intake import upload_file
from invoices.upload import UPLOAD
from invoices.withdraw import WITHDRAW, Withdrawal
from scf.commands import in_organisation, run
from scf.ids import text
from scf.money import readable
from scf.outcomes import Outcome

_AS = click.option("--as", "ref", required=True, metavar="REGISTRATION", help="The supplier's registration number.")
_BY = click.option("--by", "person", default="command line", show_default=True, help="Who acts.")


@click.group(help="The supplier's desk: upload invoices, list them, take them back.")
def invoices() -> None:
    """The group."""


@invoices.command(help="Submit invoices and credit notes: UBL 2.1 XML, one a file, or CSV lists.")
@_AS
@_BY
@click.option("--again", default="", metavar="WORD", help="Ask anew about files sent before; a new word each time.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def upload(context: click.Context, ref: str, person: str, again: str, files: tuple[Path, ...]) -> None:
    """Upload files in the order given; 1 is returned when anything was refused."""
    given: Context = context.obj
    desk = at_desk(given.database, ref, person, [UPLOAD.name])
    refused = 0
    for path in files:
        payload = path.read_bytes()
        key = f"{sha256(payload).hexdigest()}/{again}" if again else ""
        report = upload_file(given.database, desk.actor, desk.organisation_id, path.name, payload, key=key)
        refused += len(report.refused)
        for line in report.lines():
            click.echo(line)
    context.exit(1 if refused else 0)


@invoices.command("list", help="What became of the supplier's invoices.")
@_AS
@click.pass_context
def list_(context: click.Context, ref: str) -> None:
    """One line an invoice, by due date."""
    given: Context = context.obj
    supplier = party(given.database, ref)
    with given.database.reading() as connection:
        standings = queries.of_supplier(connection, supplier.id)
    for each in standings:
        amount = f"{readable(each.amount_minor, each.currency)} {each.currency}"
        told = each.stands + (f" ({each.reason.replace('_', ' ')})" if each.reason else "")
        click.echo(f"{text('inv', each.id)}  {each.number:<20} {each.anchor:<30} {each.due_on}  {amount:>20}  {told}")
    click.echo(f"{supplier.name}: {len(standings)} invoices")


@invoices.command(help="Take back invoices that the anchor has not decided on.")
@_AS
@_BY
@click.option("--words", default="", help="Why.")
@click.argument("refs", nargs=-1, required=True, metavar="INVOICE...")
@click.pass_context
def withdraw(context: click.Context, ref: str, person: str, words: str, refs: tuple[str, ...]) -> None:
    """Withdraw by `inv_…` references; 1 is returned when anything was refused."""
    given: Context = context.obj
    desk = at_desk(given.database, ref, person, [WITHDRAW.name])
    batch = [Withdrawal(id, words) for id in parse_refs("inv", refs)]
    scope = in_organisation(desk.organisation_id)
    key = f"cli/{given.database.ids().one()}"
    outcomes = run(given.database, WITHDRAW, batch, key=key, actor=desk.actor, scope=scope)
    context.exit(tell(refs, outcomes, "withdrawn"))


def tell(refs: tuple[str, ...] | list[str], outcomes: list[Outcome], verb: str) -> int:
    """Print an outcome a reference; 1 when anything was refused."""
    for ref, outcome in zip(refs, outcomes, strict=True):
        click.echo(f"{ref}: {f'refused: {outcome.refusal.words()}' if outcome.refusal else verb}")
    return int(any(outcome.refusal for outcome in outcomes))
