"""What is kept between visits: data sets, import answers, definitions. Nothing leaves the machine."""

from kpi.workspace.nouns import Caps, Dataset, Staged, WorkspaceError
from kpi.workspace.places import default_folder
from kpi.workspace.workspace import Workspace

__all__ = ["Caps", "Dataset", "Staged", "Workspace", "WorkspaceError", "default_folder"]
