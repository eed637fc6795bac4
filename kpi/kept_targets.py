"""Targets of the workspace for the command line, which makes no workspace of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from kpi.workspace import Target, Workspace, WorkspaceError
from kpi.workspace.places import place

KEPT, USUAL = "kept", "usual"


def add_options(command: argparse.ArgumentParser) -> None:
    """Which targets stand beside the numbers."""
    command.add_argument(
        "--targets",
        choices=(KEPT, USUAL),
        default=KEPT,
        help="kept (default): those set on the page Targets, where this user has a workspace, as the pages "
        "show them; usual: those of the definitions alone; --set targets.KEY=X stands before both",
    )


def kept_targets(wanted: str = KEPT, settings: Iterable[str] = ()) -> tuple[tuple[Target, ...], str]:
    """The targets that were kept, and why there are none where they could not be read; else "".

    Parameters
        settings: definitions given on the command line; a target among them stands before the kept ones.
    """
    if wanted != KEPT:
        return (), ""
    given = {item.partition("=")[0].strip().removeprefix("targets.") for item in settings}
    try:
        where = place(None)
        file = where.url.database if where.url.get_backend_name() == "sqlite" else None
        if file is not None and not Path(file).is_file():
            return (), ""
        opened = Workspace.open()
        try:
            found = opened.kept(Target)
        finally:
            opened.close()
    except WorkspaceError as error:
        return (
            (),
            f"the targets of the workspace could not be read, so those of the definitions stand: {error}",
        )
    return tuple(each for each in found if each.metric not in given), ""
