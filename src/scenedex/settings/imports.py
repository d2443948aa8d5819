"""Options of imports of many objects."""

from __future__ import annotations

from pydantic import Field

from scenedex.settings.group import Group


class ImportSettings(Group):
    """Bulk imports and watches."""

    report_days: int = Field(
        default=30,
        ge=1,
        description="Time that the report of what a bulk import skipped is kept after its end, in days.",
    )
    min_watch_seconds: int = Field(
        default=10, ge=1, le=86_400, description="Minimum time between two looks of a watch, in seconds."
    )
    max_watches: int = Field(default=100, ge=1, description="Maximum number of watches of a project.")
