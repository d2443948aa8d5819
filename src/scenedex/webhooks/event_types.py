"""All types of events that endpoints can choose: the notices of every slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.analysis.notices import NOTICE_TYPES as OF_ANALYSES
from scenedex.assets.notices import NOTICE_TYPES as OF_ASSETS
from scenedex.audit.notices import NoticeType
from scenedex.persons.notices import NOTICE_TYPES as OF_PERSONS
from scenedex.playback.notices import NOTICE_TYPES as OF_PROXIES
from scenedex.projects.notices import NOTICE_TYPES as OF_PROJECTS
from scenedex.summaries.notices import NOTICE_TYPES as OF_SUMMARIES

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENT_TYPES: Final = (*OF_ASSETS, *OF_PROJECTS, *OF_ANALYSES, *OF_SUMMARIES, *OF_PROXIES, *OF_PERSONS)
"""Types in the order of the documentation."""

TEST_EVENT: Final = NoticeType("webhook.test", "A manager has asked for a test event. It reaches this endpoint alone.")

ALL: Final = "*"
"""Choice of all types, also of those that later releases add."""


def unknown_types(chosen: Sequence[str]) -> list[str]:
    """Return the chosen names that are no types."""
    known = {one.name for one in EVENT_TYPES} | {ALL}
    return [name for name in chosen if name not in known]
