"""Watches of a project: create, follow, pause, delete. Only Scenedex has these routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.import_answers import RemovalRule, Watch
from scenedex.client.paging import Page, all_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.client.index_answers import AnalysisOptions


@dataclass(frozen=True, slots=True)
class Watches(WorkspaceCalls):
    """The watches of one project. All methods raise NotFound if the project or watch does not exist."""

    project_id: int

    def create(  # the options of a watch
        self,
        bucket: str,
        prefix: str = "",
        *,
        recursive: bool = True,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        every_seconds: int = 60,
        settle_seconds: int | None = None,
        on_removed: RemovalRule = "keep",
        analysis: AnalysisOptions | None = None,
    ) -> Watch:
        """Import new and changed objects of a prefix as they appear. The answer alone has ``event_url``.

        Args:
            bucket: bucket of the objects.
            prefix: start of their keys.
            recursive: whether objects with further slashes after the prefix are imported.
            include: globs of which an object must match one, if there are any.
            exclude: globs of which an object must match none.
            every_seconds: time from one look to the next.
            settle_seconds: time for which an object must stay the same before it is imported.
            on_removed: what happens to the asset of a removed object.
            analysis: options of an analysis of each new or changed asset. None requests no analyses.

        Raises:
            InvalidRequest: an option is not valid, or the project has too many watches.
            NotFound: there is no such bucket, or the access key may not read it.
        """
        body = given(
            bucketName=bucket,
            prefix=prefix,
            recursive=recursive,
            include=list(include),
            exclude=list(exclude),
            everySeconds=every_seconds,
            settleSeconds=settle_seconds,
            onRemoved=on_removed,
            analysis=None if analysis is None else given(**msgspec.to_builtins(analysis)),
        )
        return self._call("POST", Watch, body=body, is_repeatable=False)

    def list(self, *, page_size: int = 100) -> Iterator[Watch]:
        """Iterate over all watches, oldest first."""

        def page(number: int) -> Page[Watch]:
            return self._call("GET", Page[Watch], query={"pageNum": number, "pageSize": page_size})

        return all_items(page)

    def get(self, watch_id: int) -> Watch:
        """Return a watch with its last look, its next one and its last error."""
        return self._call("GET", Watch, watch_id)

    def pause(self, watch_id: int) -> Watch:
        """Look at nothing for now. Events are stored until the watch is resumed."""
        return self._call("POST", Watch, watch_id, "pause")

    def resume(self, watch_id: int) -> Watch:
        """Look at once, and go on."""
        return self._call("POST", Watch, watch_id, "resume")

    def renew_token(self, watch_id: int) -> Watch:
        """Replace the URL for events. The answer alone has ``event_url``."""
        return self._call("POST", Watch, watch_id, "token", is_repeatable=False)

    def delete(self, watch_id: int) -> None:
        """Delete a watch. Its assets stay."""
        self.connection.run(Call("DELETE", self._target(watch_id)))

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        return target("workspaces", self.workspace, "projects", self.project_id, "watches", *segments, query=query)
