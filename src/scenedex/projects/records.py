"""Projects and their ids."""

from __future__ import annotations

from datetime import datetime  # msgspec reads the annotations
from typing import NewType

import msgspec

ProjectId = NewType("ProjectId", int)


class Project(msgspec.Struct, frozen=True):
    """A folder of assets."""

    project_id: ProjectId
    name: str
    is_base_project: bool
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime
