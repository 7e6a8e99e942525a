"""The first schema: tables, indexes and triggers as SQL, a file a database, written by `.ci/first-migration`."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the file's statements; each ends with a semicolon and an empty line."""
    connection = op.get_bind()
    schema = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in schema.split(";\n\n"):
        if statement:
            # as it stands: a % in it is no placeholder
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
