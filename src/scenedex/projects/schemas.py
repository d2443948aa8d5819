"""Wire shapes of projects."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from scenedex.wire.envelope import Wire


class NameProject(Wire, frozen=True, kw_only=True):
    """Name of a project."""

    name: Annotated[str, Meta(description="1-100 characters, none of ; | `, unique in the workspace")]


class ProjectObject(Wire, frozen=True, kw_only=True):
    """A project."""

    project_id: int
    name: str
    is_base_project: bool
    created_user_name: str
    created_time: str
    updated_user_name: str
    updated_time: str


class ProjectList(Wire, frozen=True, kw_only=True):
    """All projects of a workspace."""

    projects: list[ProjectObject]
    total_count: int


class ProjectListEnvelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answer to a list of projects. As in the vendor's table, the count is also beside the result."""

    code: str = "0"
    message: str = "success"
    result: ProjectList
    total_count: int


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
