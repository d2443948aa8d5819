"""Scene summaries of an asset: estimate, request, wait, read, cancel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.errors import SummaryFailed
from scenedex.client.polling import wait
from scenedex.client.summary_answers import (
    RequestedSummary,
    SceneSummaries,
    SummaryEstimate,
    SummaryLocale,
    SummaryState,
    SummaryStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class AssetSummaries(WorkspaceCalls):
    """The scene summaries of one asset. All methods raise NotFound if the asset does not exist."""

    project_id: int
    asset_id: int

    def request(
        self, *, scene_ids: Sequence[int] | None = None, locale: SummaryLocale | None = None
    ) -> RequestedSummary:
        """Request a scene summary. Former summaries are kept until it has completed.

        Args:
            scene_ids: scenes to summarise again. None is all scenes.
            locale: language and script. None is that of the asset. Not with ``scene_ids``.

        Raises:
            InvalidRequest: a scene does not exist, both arguments are given, or a limit of this month is exceeded.
            Conflict: the asset has no index, a scene summary or an analysis waits or runs, or scenes are chosen before
                all have been summarised.
        """
        body = given(sceneIds=None if scene_ids is None else list(scene_ids), locale=locale)
        return self._call("POST", RequestedSummary, body=body, is_repeatable=False)

    def estimate(self, *, scene_ids: Sequence[int] | None = None) -> SummaryEstimate:
        """Estimate scenes, pictures, tokens and cost of a scene summary. Nothing is requested.

        Args:
            scene_ids: scenes to summarise. None is all scenes.

        Raises:
            InvalidRequest: a scene does not exist.
            Conflict: the asset has no index.
        """
        ids = None if scene_ids is None else ",".join(str(one) for one in scene_ids)
        found = self._call("GET", SummaryEstimate, "estimate", query={"sceneIds": ids})
        return msgspec.structs.replace(found, asset_id=self.asset_id)

    def status(self) -> SummaryStatus:
        """Return the state of the latest scene summary."""
        return msgspec.structs.replace(self._call("GET", SummaryStatus, "status"), asset_id=self.asset_id)

    def get(self) -> SceneSummaries:
        """Return the summaries of the scenes.

        Raises:
            NotFound: no scene summary has completed.
        """
        return self._call("GET", SceneSummaries)

    def document(self) -> bytes:
        """Return the same summaries as the JSON that the service wrote.

        Raises:
            NotFound: no scene summary has completed.
        """
        return self.connection.document(Call("GET", self._target()))

    def wait(
        self,
        *,
        on_progress: Callable[[SummaryStatus], None] | None = None,
        timeout: float | None = None,
        poll: float = 2.0,
    ) -> SummaryStatus:
        """Wait until the scene summary has completed and return its last status.

        Args:
            on_progress: callback with every status.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: interval between two requests, in seconds.

        Raises:
            SummaryFailed: it failed, was cancelled or was never requested. The error carries the status.
            WaitTimeout: it did not end in time.
        """
        status = wait(self.status, on_progress, self.connection.clock, timeout=timeout, poll=poll, first_poll=0.25)
        if status.status is not SummaryState.SUMMARIZE_COMPLETED:
            raise SummaryFailed(status)
        return status

    def cancel(self) -> None:
        """Cancel the scene summary. Former summaries are kept.

        Raises:
            Conflict: no scene summary waits or runs.
        """
        self.connection.run(Call("POST", self._target("cancel"), is_repeatable=False))

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        asset = ("workspaces", self.workspace, "projects", self.project_id, "assets", self.asset_id)
        return target(*asset, "scene-summary", *segments, query=query)
