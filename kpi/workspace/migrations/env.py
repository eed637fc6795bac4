"""Alembic's entry: runs the steps inside the transaction of the process that opens the workspace."""

from __future__ import annotations

from alembic import context

from kpi.workspace.migrations.upgrade import VERSION_TABLE


def run() -> None:
    """Runs the steps on the connection that :func:`kpi.workspace.migrations.upgrade.upgrade` hands over."""
    context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under this name; an ordinary import of it must run nothing.
if __name__ == "env_py":
    run()
