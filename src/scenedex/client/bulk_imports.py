"""Bulk imports of a project: request, follow, pause, and what was skipped. Only Scenedex has these routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.errors import BulkImportFailed
from scenedex.client.import_answers import BulkImport, BulkImportStatus, SkippedObject
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items
from scenedex.client.polling import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scenedex.client.index_answers import AnalysisOptions


@dataclass(frozen=True, slots=True)
class BulkImports(WorkspaceCalls):
    """The bulk imports of one project. All methods raise NotFound if the project or bulk import does not exist."""

    project_id: int

    def request(  # the options of a bulk import
        self,
        bucket: str,
        prefix: str = "",
        *,
        recursive: bool = True,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        skip_known: bool = True,
        analysis: AnalysisOptions | None = None,
    ) -> BulkImport:
        """Request the import of what lies below a prefix, page by page in the background.

        Args:
            bucket: bucket of the objects.
            prefix: start of their keys.
            recursive: whether objects with further slashes after the prefix are imported.
            include: globs of which an object must match one, if there are any.
            exclude: globs of which an object must match none.
            skip_known: whether objects are skipped that the project knows in this version.
            analysis: options of an analysis of each asset as it arrives. None requests no analyses.

        Raises:
            InvalidRequest: an option is not valid.
            NotFound: there is no such bucket, or the access key may not read it.
            UnknownRoute: the service is not Scenedex.
        """
        body = given(
            bucketName=bucket,
            prefix=prefix,
            recursive=recursive,
            include=list(include),
            exclude=list(exclude),
            skipKnown=skip_known,
            analysis=None if analysis is None else given(**msgspec.to_builtins(analysis)),
        )
        return self._call("POST", BulkImport, body=body, is_repeatable=False)

    def list(self, *, page_size: int = 100) -> Iterator[BulkImport]:
        """Iterate over all bulk imports, the latest first."""

        def page(number: int) -> Page[BulkImport]:
            return self._call("GET", Page[BulkImport], query={"pageNum": number, "pageSize": page_size})

        return all_items(page)

    def get(self, import_id: int) -> BulkImport:
        """Return a bulk import with its progress."""
        return self._call("GET", BulkImport, import_id)

    def pause(self, import_id: int) -> BulkImport:
        """Register no more objects for now.

        Raises:
            Conflict: it neither waits nor runs.
        """
        return self._call("POST", BulkImport, import_id, "pause", is_repeatable=False)

    def resume(self, import_id: int) -> BulkImport:
        """Continue after the last page.

        Raises:
            Conflict: it is neither paused nor failed.
        """
        return self._call("POST", BulkImport, import_id, "resume", is_repeatable=False)

    def cancel(self, import_id: int) -> BulkImport:
        """End a bulk import. Assets that it has registered stay.

        Raises:
            Conflict: it has ended.
        """
        return self._call("POST", BulkImport, import_id, "cancel", is_repeatable=False)

    def skipped(
        self, import_id: int, reason: str | None = None, *, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[SkippedObject]:
        """Iterate over the objects that a bulk import has skipped, in the order of their keys."""

        def page(number: int) -> Page[SkippedObject]:
            query = {"pageNum": number, "pageSize": page_size, "reason": reason}
            return self._call("GET", Page[SkippedObject], import_id, "skipped", query=query)

        return all_items(page)

    def skipped_spreadsheet(self, import_id: int, reason: str | None = None) -> bytes:
        """Return all skipped objects as CSV."""
        query = {"format": "csv", "reason": reason}
        return self.connection.file(Call("GET", self._target(import_id, "skipped", query=query)))

    def wait(
        self,
        import_id: int,
        *,
        on_progress: Callable[[BulkImport], None] | None = None,
        timeout: float | None = None,
        poll: float = 2.0,
    ) -> BulkImport:
        """Wait until all objects have been looked at. Their imports may go on.

        Args:
            import_id: id of the bulk import.
            on_progress: callback with every state.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: interval between two requests, in seconds.

        Raises:
            BulkImportFailed: it failed, was paused or cancelled. The error carries the state.
            WaitTimeout: it did not end in time.
        """
        ended = wait(
            lambda: self.get(import_id), on_progress, self.connection.clock, timeout=timeout, poll=poll, first_poll=0.25
        )
        if ended.status is not BulkImportStatus.COMPLETED:
            raise BulkImportFailed(ended)
        return ended

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        return target("workspaces", self.workspace, "projects", self.project_id, "imports", *segments, query=query)
