"""`backup`, `restore`, `export`: the whole platform, or all that is one organisation's, as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from scf.errors import FieldError
from scf.operations.backup import Tell
from scf.operations.backup import backup as write_backup
from scf.operations.export import export as write_export
from scf.operations.restore import restore as load_backup
from scf.operations.soundness import findings
from scf.organisations.queries import by_registration

_progress = click.option(
    "--progress/--no-progress", default=None, help="A bar of the rows; default: when standard error is a terminal."
)


@contextmanager
def _bar(shown: bool | None) -> Iterator[Tell]:
    with tqdm(desc="rows", unit="row", unit_scale=True, disable=None if shown is None else not shown) as bar:

        def tell(table: str, rows: int) -> None:
            bar.set_postfix_str(table, refresh=False)
            bar.update(rows)

        yield tell


@click.command(help="Write everything as of this moment into one file; others may go on working. Keep the key apart.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file; it must not be there yet.")
@_progress
@click.pass_obj
def backup(running: Any, output: Path, progress: bool | None) -> None:
    """Print what the file holds."""
    with _bar(progress) as tell:
        manifest = write_backup(running.database, running.settings.var_folder, output, tell)
    rows = sum(each.row_count for each in manifest.tables.values())
    click.echo(f"{output}: {rows} rows of {len(manifest.tables)} tables, {len(manifest.files)} files of the bank")
    click.echo(f"as of {manifest.taken_at}, schema {manifest.revision}, from {manifest.database}")


@click.command(help="Load a backup into an empty database of either kind, and recompute every book.")
@click.argument("file", type=click.Path(path_type=Path))
@_progress
@click.pass_obj
def restore(running: Any, file: Path, progress: bool | None) -> None:
    """Print what was loaded and what the checks found; exit code 1 when something does not hold."""
    with _bar(progress) as tell:
        manifest = load_backup(running.database, running.settings.var_folder, file, tell)
    rows = sum(each.row_count for each in manifest.tables.values())
    click.echo(f"{rows} rows and {len(manifest.files)} files, as of {manifest.taken_at}, are back")
    unsound = 0
    with running.database.reading() as connection:
        for place, found in findings(connection):
            unsound += len(found)
            click.echo(f"{place}: {len(found)} findings")
            for words in found:
                click.echo(f"  {words}")
    if unsound:
        raise SystemExit(1)


@click.command(help="Write all that is one organisation's into a zip that it can read without us.")
@click.option("--organisation", "ref", required=True, metavar="REGISTRATION", help="Its registration number.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file; it must not be there yet.")
@click.pass_obj
def export(running: Any, ref: str, output: Path) -> None:
    """Print what the file holds."""
    with running.database.reading() as connection:
        found = list(by_registration(connection, [ref]).values())
    if not found:
        raise FieldError("organisation", f"nobody is registered as {ref!r}")
    exported = write_export(running.database, found[0], output)
    for name, count in exported.rows.items():
        click.echo(f"{count:>9}  {name}")
    click.echo(f"{output}: {len(exported.rows)} tables, {exported.file_count} original files")
