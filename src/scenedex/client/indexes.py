"""The index of an asset: request an analysis, wait for it, read, correct, cancel, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.edits import FrameRate, Handles, query_of_handles
from scenedex.client.errors import AnalysisFailed
from scenedex.client.index_answers import (
    AnalysisOptions,
    AnalysisStatus,
    ConfidenceLevel,
    EditedPersons,
    EditedScript,
    EditedSpeaker,
    ExportFormat,
    Index,
    IndexStatus,
    RequestedIndex,
)
from scenedex.client.polling import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class AssetIndex(WorkspaceCalls):
    """The latest index of one asset. All methods raise NotFound if the asset does not exist."""

    project_id: int
    asset_id: int

    def request(self, options: AnalysisOptions = AnalysisOptions()) -> RequestedIndex:  # noqa: B008  # it is frozen
        """Request an analysis. The previous result is kept until the analysis has completed.

        Raises:
            InvalidRequest: the options contradict each other, or the import has not completed.
            Conflict: an analysis waits or runs.
        """
        body = given(**msgspec.to_builtins(options))
        requested = self._call("POST", RequestedIndex, body=body, is_repeatable=False)
        return msgspec.structs.replace(requested, asset_id=self.asset_id)

    def status(self) -> IndexStatus:
        """Return the state of the analysis."""
        return msgspec.structs.replace(self._call("GET", IndexStatus, "status"), asset_id=self.asset_id)

    def get(self, confidence_level: ConfidenceLevel | None = None) -> Index:
        """Return the result of the latest completed analysis.

        Raises:
            Conflict: no analysis has completed.
        """
        return self._call("GET", Index, query={"confidence_level": confidence_level})

    def document(self, confidence_level: ConfidenceLevel | None = None) -> bytes:
        """Return the same result as the JSON that the service wrote, including unknown fields.

        Raises:
            Conflict: no analysis has completed.
        """
        call = Call("GET", self._target(query={"confidence_level": confidence_level}))
        return self.connection.document(call)

    def export(
        self,
        export_format: ExportFormat,
        *,
        confidence_level: ConfidenceLevel | None = None,
        frame_rate: FrameRate | None = None,
        handles: Handles | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> bytes:
        """Return the same result as a file for other programs. Text is UTF-8.

        Args:
            export_format: format of the file.
            confidence_level: minimum confidence of keywords.
            frame_rate: frame rate of an edit. None is that of the media file.
            handles: time before and after each shot of an edit. None is none.
            start_ms: start of the exported range. None is the start of the asset.
            end_ms: end of the exported range. None is the end of the asset.

        Raises:
            Conflict: no analysis has completed.
        """
        query = {
            "format": export_format,
            "confidence_level": confidence_level,
            "frameRate": frame_rate,
            **query_of_handles(handles),
            "startTimeMs": start_ms,
            "endTimeMs": end_ms,
        }
        return self.connection.file(Call("GET", self._target("export", query=query)))

    def wait(
        self,
        *,
        on_progress: Callable[[IndexStatus], None] | None = None,
        timeout: float | None = None,
        poll: float = 2.0,
    ) -> IndexStatus:
        """Wait until the analysis has completed and return its last status.

        Args:
            on_progress: callback with every status.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: interval between two requests, in seconds.

        Raises:
            AnalysisFailed: the analysis failed, was cancelled or was never requested. The error carries the status.
            WaitTimeout: the analysis did not end in time.
        """
        status = wait(self.status, on_progress, self.connection.clock, timeout=timeout, poll=poll)
        if status.status is not AnalysisStatus.ANALYZE_COMPLETED:
            raise AnalysisFailed(status)
        return status

    def correct_person(
        self, scene_id: int, person_id: int, *, to_person_id: int | None = None, name: str | None = None
    ) -> EditedPersons:
        """Replace a person of a scene by another and return the persons of the scene.

        Later analyses of the asset do not match the face there with the replaced person again.

        Args:
            scene_id: id of the scene.
            person_id: id of the person in the index.
            to_person_id: id of the right person.
            name: name of the right person, in place of an id. A missing person is created.

        Raises:
            NotFound: the scene does not exist, or does not show the person.
            InvalidRequest: not exactly one of ``to_person_id`` and ``name`` is given.
            Conflict: the asset has no index.
        """
        # After a lost answer, a second attempt would fail with NotFound, since the person is no longer there.
        path, body = ("scenes", scene_id, "persons", person_id), given(personId=to_person_id, name=name)
        return self._call("PATCH", EditedPersons, *path, body=body, is_repeatable=False)

    def correct_script(self, script_id: int, *, text: str | None = None, speaker: str | None = None) -> EditedScript:
        """Replace the text of a line, its speaker, or both.

        The correction is kept until the asset is analysed again. The same holds for changes of speakers.

        Raises:
            NotFound: the line does not exist.
            InvalidRequest: the text or speaker is not valid, or neither is given.
            Conflict: the asset has no index.
        """
        return self._call("PATCH", EditedScript, "scripts", script_id, body=given(text=text, speaker=speaker))

    def rename_speaker(self, speaker: str, name: str) -> EditedSpeaker:
        """Rename a speaker in all lines. ``speaker`` is the name in the index.

        Raises:
            NotFound: the speaker does not exist, or the first attempt succeeded but its answer was lost.
            InvalidRequest: the name is not valid.
            Conflict: another speaker has this name, or the asset has no index.
        """
        return self._call("PATCH", EditedSpeaker, "speakers", speaker, body={"name": name})

    def link_speaker(self, speaker: str, person_id: int | None) -> EditedSpeaker:
        """Link a speaker to a person, whose name the lines then show. None removes the link.

        Raises:
            NotFound: the speaker or the person does not exist.
            Conflict: the asset has no index.
        """
        return self._call("PATCH", EditedSpeaker, "speakers", speaker, body={"personId": person_id or 0})

    def cancel(self) -> None:
        """Cancel the analysis. The previous result is kept.

        Raises:
            Conflict: no analysis waits or runs.
        """
        self.connection.run(Call("POST", self._target("cancel"), is_repeatable=False))

    def delete(self) -> None:
        """Delete the index and its summaries. Persons are kept.

        Raises:
            Conflict: an analysis runs.
        """
        self.connection.run(Call("DELETE", self._target()))

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        asset = ("workspaces", self.workspace, "projects", self.project_id, "assets", self.asset_id)
        return target(*asset, "index", *segments, query=query)
