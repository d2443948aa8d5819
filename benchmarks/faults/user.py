"""A user of one file, who retries while the service is out of order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from scenedex.client import AnalysisFailed, AnalysisOptions, AnalysisStatus, Conflict, ImportFailed
from scenedex.client.errors import (
    AuthenticationFailed,
    NotFound,
    ScenedexError,
    ServiceError,
    TransportFailed,
    UnreadableAnswer,
    UploadFailed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.faults.files import File

    from scenedex.client import Client
    from scenedex.client.assets import Assets

T = TypeVar("T")
OPTIONS = AnalysisOptions(analysis_person_count=0)
POLL_S = 0.25
PATIENCE_S = 240
_SECONDS_UNTIL_COMMITTED = 1.5


class Impatient(Exception):
    """The request did not end in time."""


@dataclass
class Outcome:
    """Outcome of a file.

    Attributes:
        file: the file.
        asset_id: its asset, 0 if there is none.
        import_state: the last state of its import.
        index_state: the last state of its analysis, empty if none was requested.
        said: reason of a failure, from the service.
        refusals: calls that the service did not answer properly.
        ended: time of the end, on the monotonic clock.
    """

    file: File
    asset_id: int = 0
    import_state: str = ""
    index_state: str = ""
    said: str = ""
    refusals: list[str] = field(default_factory=list[str])
    ended: float = 0


@dataclass(frozen=True)
class User:
    """A user with a client and a project."""

    client: Client
    workspace: str
    project_id: int
    bucket: str

    @property
    def assets(self) -> Assets:
        """Assets of the project."""
        return self.client.assets(self.workspace, self.project_id)

    def bring(self, file: File, after_s: float = 0) -> Outcome:
        """Have a file imported and, where that is wanted, analysed, after some seconds."""
        outcome = Outcome(file)
        time.sleep(after_s)
        deadline = time.monotonic() + PATIENCE_S
        try:
            outcome.asset_id = self._registered(outcome, deadline)
            self._imported(outcome, deadline)
            if file.is_analysed:
                self.analyse(outcome, deadline)
        except ImportFailed as error:
            outcome.import_state, outcome.said = error.status.upload_status.value, str(error)
        except AnalysisFailed as error:
            outcome.index_state, outcome.said = error.status.status.value, str(error)
        except (Impatient, ScenedexError) as error:
            outcome.said = f"{type(error).__name__}: {error}"
        outcome.ended = time.monotonic()
        return outcome

    def _registered(self, outcome: Outcome, deadline: float) -> int:
        while True:
            try:
                return self._register(outcome.file)
            except ScenedexError as error:
                _note(outcome, error, deadline)
            # The call may have succeeded: look for the asset before a retry.
            time.sleep(_SECONDS_UNTIL_COMMITTED)
            found = patiently(lambda: self.asset_of(outcome.file), outcome, deadline)
            if found is not None:
                return found

    def _register(self, file: File) -> int:
        if file.is_uploaded:
            return self.assets.upload(file.path).asset_id
        return self.assets.register(self.bucket, file.name).asset_id

    def asset_of(self, file: File) -> int | None:
        """The asset of that file, if there is one."""
        return next((asset.asset_id for asset in self.assets.list() if asset.file_name == file.name), None)

    def _imported(self, outcome: Outcome, deadline: float) -> None:
        left = max(1.0, deadline - time.monotonic())
        status = patiently(
            lambda: self.assets.wait_import(outcome.asset_id, timeout=left, poll=POLL_S), outcome, deadline
        )
        outcome.import_state = status.upload_status.value

    def analyse(self, outcome: Outcome, deadline: float) -> None:
        """Ask for an analysis, once, and wait for its end."""
        index = self.client.index(self.workspace, self.project_id, outcome.asset_id)
        while patiently(index.status, outcome, deadline).status is AnalysisStatus.BEFORE_ANALYZE:
            try:
                index.request(OPTIONS)
            except Conflict:
                break
            except ScenedexError as error:
                _note(outcome, error, deadline)
                time.sleep(_SECONDS_UNTIL_COMMITTED)
        left = max(1.0, deadline - time.monotonic())
        status = patiently(lambda: index.wait(timeout=left, poll=POLL_S), outcome, deadline)
        outcome.index_state = status.status.value


def patiently(call: Callable[[], T], outcome: Outcome, deadline: float) -> T:
    """Repeat a call until the service has no fault, and return the answer."""
    while True:
        try:
            return call()
        except ScenedexError as error:
            _note(outcome, error, deadline)
        time.sleep(POLL_S)


def _note(outcome: Outcome, error: ScenedexError, deadline: float) -> None:
    if not _passes(error):
        raise error
    outcome.refusals.append(f"{type(error).__name__} {getattr(error, 'status', '')}".strip())
    if time.monotonic() > deadline:
        raise Impatient(f"still {error}") from error


def _passes(error: ScenedexError) -> bool:
    match error:
        case TransportFailed() | UnreadableAnswer() | AuthenticationFailed() | UploadFailed():
            return True
        case NotFound():
            return False
        case ServiceError():
            return error.status >= 500
        case _:
            return False
