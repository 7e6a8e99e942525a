"""`init`: makes the operator's organisation and the link by which its first administrator comes in."""

from typing import Any

import click

from scf.errors import CommandError
from scf.identity.begin import begin


@click.command(help="Begin: make the operator's organisation and invite its first administrator. Once.")
@click.option("--name", required=True, help="The operator's name.")
@click.option("--registration", required=True, help="Its registration number: LEI, VAT or register.")
@click.option("--country", required=True, help="Its ISO country, like DE.")
@click.option("--person", required=True, help="Who administers it first.")
@click.option("--email", required=True, help="That person's address.")
@click.pass_obj
def init(running: Any, name: str, registration: str, country: str, person: str, email: str) -> None:
    """Print the link, this once."""
    outcome, token = begin(running.database, name, registration, country, person, email)
    if outcome.refusal is not None:
        raise CommandError(outcome.refusal.words())
    click.echo("Open this within seven days. It is shown once, and opens once:")
    click.echo(running.post.site.link(f"/welcome#{token}"))
