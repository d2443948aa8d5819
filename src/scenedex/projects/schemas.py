"""Wire shapes of projects."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class NameProject(Wire, frozen=True, kw_only=True):
    """Name of a project."""

    name: Annotated[
        str,
        described.text(
            "Project name, unique in the workspace, without `;`, `|` and backticks",
            longest=100,
            pattern=described.NAME_PATTERN,
        ),
    ]


class ProjectObject(Wire, frozen=True, kw_only=True):
    """A project."""

    project_id: described.ProjectId
    name: Annotated[str, Meta(min_length=1, max_length=100, description="Project name")]
    is_base_project: Annotated[bool, Meta(description="True for the project that every workspace has from the start")]
    created_user_name: described.CreatedUserName
    created_time: described.CreatedTime
    updated_user_name: described.UpdatedUserName
    updated_time: described.UpdatedTime


class ProjectList(Wire, frozen=True, kw_only=True):
    """All projects of a workspace."""

    projects: Annotated[list[ProjectObject], Meta(description="All projects of the workspace")]
    total_count: Annotated[int, Meta(ge=1, description="Number of projects", examples=[1])]


class ProjectListEnvelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer to a list of projects. As in the vendor's table, the count is also beside the result."""

    code: described.Code = "0"
    message: described.Message = "success"
    result: Annotated[ProjectList, Meta(description="Projects of the workspace")]
    total_count: Annotated[int, Meta(ge=1, description="The same as in result", examples=[1])]


NAME_PROJECT = NameProject(name="project_name")
PROJECT = ProjectObject(
    project_id=1234,
    name="project_name",
    is_base_project=False,
    created_user_name="username",
    created_time="2025-04-23T14:15:19.563829",
    updated_user_name="username",
    updated_time="2025-04-23T14:15:19.563829",
)
