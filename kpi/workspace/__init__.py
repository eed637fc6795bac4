"""What is kept between visits: data sets, import answers, definitions, records; all on this machine."""

from kpi.workspace.action import Action, ActionStatus, Horizon
from kpi.workspace.category_rule import CategoryRule, IssueFamily
from kpi.workspace.change import Change, Conflict, Fate, Kept
from kpi.workspace.event import Event, EventKind
from kpi.workspace.goal import Goal
from kpi.workspace.kept import new_id
from kpi.workspace.note import Note
from kpi.workspace.nouns import Caps, Dataset, Invalid, Staged, WorkspaceError, Wrong
from kpi.workspace.places import default_folder
from kpi.workspace.target import Target
from kpi.workspace.workspace import Workspace

__all__ = [
    "Action",
    "ActionStatus",
    "Caps",
    "CategoryRule",
    "Change",
    "Conflict",
    "Dataset",
    "Event",
    "EventKind",
    "Fate",
    "Goal",
    "Horizon",
    "Invalid",
    "IssueFamily",
    "Kept",
    "Note",
    "Staged",
    "Target",
    "Workspace",
    "WorkspaceError",
    "Wrong",
    "default_folder",
    "new_id",
]
