"""What is kept between visits: data sets, import answers, definitions, records; all on this machine."""

from kpi.workspace.change import Change, Conflict, Fate, Kept
from kpi.workspace.event import Event, EventKind
from kpi.workspace.kept import new_id
from kpi.workspace.nouns import Caps, Dataset, Invalid, Staged, WorkspaceError, Wrong
from kpi.workspace.places import default_folder
from kpi.workspace.workspace import Workspace

__all__ = [
    "Caps",
    "Change",
    "Conflict",
    "Dataset",
    "Event",
    "EventKind",
    "Fate",
    "Invalid",
    "Kept",
    "Staged",
    "Workspace",
    "WorkspaceError",
    "Wrong",
    "default_folder",
    "new_id",
]
