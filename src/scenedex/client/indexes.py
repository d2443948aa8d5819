"""The index of an asset: request an analysis, follow it, read, correct, cancel, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from scenedex.client.connection import Call, Connection
from scenedex.client.errors import AnalysisFailed
from scenedex.client.index_answers import (
    AnalysisOptions,
    AnalysisStatus,
    ConfidenceLevel,
    EditedPersons,
    EditedScript,
    EditedSpeaker,
    ExportFormat,
    FrameRate,
    Index,
    IndexStatus,
    RequestedIndex,
)
from scenedex.client.targets import target
from scenedex.client.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Callable


class _WhoItIs(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    person_id: int | None = None
    name: str | None = None


class _Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    text: str | None = None
    speaker: str | None = None


class _WhoSpeaks(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    name: str | UnsetType = UNSET
    person_id: int | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class AssetIndex:
    """The latest index of one asset; every method raises NotFound when there is no such asset."""

    connection: Connection
    workspace: str
    project_id: int
    asset_id: int

    def request(self, options: AnalysisOptions) -> RequestedIndex:
        """Asks for an analysis; the previous result stays until this one has completed.

        Raises:
            InvalidRequest: the options do not go together, or the import has not completed.
            Conflict: an analysis waits or runs.
        """
        return self.connection.ask(Call("POST", self._target(), options, is_repeatable=False), RequestedIndex)

    def status(self) -> IndexStatus:
        """How far the analysis is."""
        return self.connection.ask(Call("GET", self._target("status")), IndexStatus)

    def get(self, confidence_level: ConfidenceLevel | None = None) -> Index:
        """The result of the last analysis that completed.

        Raises:
            Conflict: none has completed.
        """
        return self.connection.ask(self._reading(confidence_level), Index)

    def document(self, confidence_level: ConfidenceLevel | None = None) -> bytes:
        """The same result as the JSON that the service wrote, with fields that this SDK does not know.

        Raises:
            Conflict: no analysis has completed.
        """
        return self.connection.document(self._reading(confidence_level))

    def export(
        self,
        form: ExportFormat,
        *,
        confidence_level: ConfidenceLevel | None = None,
        frame_rate: FrameRate | None = None,
    ) -> bytes:
        """The same result as a file for other programs; text is UTF-8.

        Args:
            form: what the file is.
            confidence_level: which keywords are in it.
            frame_rate: what EDL and OTIO count in; None leaves it to the service.

        Raises:
            Conflict: no analysis has completed.
        """
        query = [("format", form.value)]
        if confidence_level is not None:
            query.append(("confidence_level", confidence_level.value))
        if frame_rate is not None:
            query.append(("frameRate", frame_rate.value))
        return self.connection.file(Call("GET", self._target("export", query=tuple(query))))

    def wait(
        self,
        *,
        on_progress: Callable[[IndexStatus], None] | None = None,
        timeout: float | None = None,
        poll: float = 2.0,
    ) -> IndexStatus:
        """Waits until the analysis has completed and answers with its last status.

        Args:
            on_progress: hears of every status.
            timeout: seconds to wait; None waits as long as it takes.
            poll: seconds between two questions.

        Raises:
            AnalysisFailed: the analysis failed, was cancelled or was never requested; carries the last status.
            WaitTimeout: the time is over.
        """
        status = wait(
            self.status,
            lambda answer: answer.status.is_final,
            on_progress,
            self.connection.clock,
            timeout=timeout,
            poll=poll,
        )
        if status.status is not AnalysisStatus.ANALYZE_COMPLETED:
            raise AnalysisFailed(status)
        return status

    def correct_person(
        self, scene_id: int, person_id: int, *, to_person_id: int | None = None, name: str | None = None
    ) -> EditedPersons:
        """Says who a person of a scene is instead, and answers with the persons of the scene.

        Later analyses of the asset do not take the face there for the former person again.

        Args:
            scene_id: the scene.
            person_id: whom the index shows.
            to_person_id: who it is.
            name: who it is, by name, in place of an id; somebody of this name is created where there is none.

        Raises:
            NotFound: no such scene, or no such person in it.
            InvalidRequest: not exactly one of id and name is given.
            Conflict: there is no index.
        """
        # A second attempt would no longer find the person there, so a lost answer must not turn into NotFound.
        call = Call(
            "PATCH",
            self._target("scenes", scene_id, "persons", person_id),
            _WhoItIs(person_id=to_person_id, name=name),
            is_repeatable=False,
        )
        return self.connection.ask(call, EditedPersons)

    def correct_script(self, script_id: int, *, text: str | None = None, speaker: str | None = None) -> EditedScript:
        """Replaces the text of a line, or who is said to speak it; what is None stays.

        It holds until the asset is analysed again, and so does what is changed of speakers.

        Raises:
            NotFound: no such line.
            InvalidRequest: a text or speaker is not usable, or none is given.
            Conflict: there is no index.
        """
        call = Call("PATCH", self._target("scripts", script_id), _Correction(text=text, speaker=speaker))
        return self.connection.ask(call, EditedScript)

    def rename_speaker(self, speaker: str, name: str) -> EditedSpeaker:
        """Gives a speaker, named as in the index, another name in all its lines.

        Raises:
            NotFound: no such speaker; also when a first attempt succeeded but its answer was lost.
            InvalidRequest: the name is not usable.
            Conflict: another speaker has this name, or there is no index.
        """
        return self._change_speaker(speaker, _WhoSpeaks(name=name))

    def link_speaker(self, speaker: str, person_id: int | None) -> EditedSpeaker:
        """Says which person a speaker is, whose name the lines show from now on; None takes that back.

        Raises:
            NotFound: no such speaker or person.
            Conflict: there is no index.
        """
        return self._change_speaker(speaker, _WhoSpeaks(person_id=person_id))

    def cancel(self) -> None:
        """Stops the analysis; the previous result stays.

        Raises:
            Conflict: no analysis waits or runs.
        """
        self.connection.tell(Call("POST", self._target("cancel"), is_repeatable=False))

    def delete(self) -> None:
        """Removes the index and its summaries; persons stay.

        Raises:
            Conflict: an analysis runs.
        """
        self.connection.tell(Call("DELETE", self._target()))

    def _reading(self, confidence_level: ConfidenceLevel | None) -> Call:
        query = () if confidence_level is None else (("confidence_level", confidence_level.value),)
        return Call("GET", self._target(query=query))

    def _change_speaker(self, speaker: str, change: _WhoSpeaks) -> EditedSpeaker:
        return self.connection.ask(Call("PATCH", self._target("speakers", speaker), change), EditedSpeaker)

    def _target(self, *segments: str | int, query: tuple[tuple[str, str], ...] = ()) -> str:
        project = ("api", "v1", "workspaces", self.workspace, "projects", self.project_id)
        return target(*project, "assets", self.asset_id, "index", *segments, query=query)
