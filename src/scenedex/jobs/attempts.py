"""One attempt of a job: claim its row, work, and write the result or give the row back.

The row that a job serves has two numbers. `attempt` grows with each claim and fences writes: a write counts only while
its attempt is the latest and the row has not ended. `tries` counts the attempts that may be the job's own fault.

    waiting --claim: attempt + 1, tries + 1--> working

    working ends in one of these ways:
      the work is done          the work has ended the row, in success or with a refusal
      Superseded                discard what the attempt made: the row has ended or belongs to a later attempt
      cancelled                 put back: tries - 1. The row waits again, unless a user's cancel has ended it
      fault of the machine      put back: tries - 1, and `NotReady`. The database is away, or `Readiness` explains it
      any other error           the handler judges it:
        `Refusal`               fail the row at once: another try would fail alike
        `Failure`, tries left   the error is raised: the queue runs the job again after a delay
        `Failure`, none left    fail the row with the reason, and `GivenUp`
      the worker dies           nothing is written: the try counts. Another worker takes the job over and claims the row
      too many tries died so    the claim after the last one fails the row with `Unanswered`
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs.errors import GivenUp, NotReady, Superseded, Unanswered

if TYPE_CHECKING:
    from scenedex.db.database import Database
    from scenedex.jobs.readiness import Readiness

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.jobs")
_SECONDS_BETWEEN_CONNECTIONS: Final = 1


class Claim(Protocol):
    """One attempt of a job, as the statement that claimed the row returned it."""

    @property
    def tries(self) -> int:
        """Attempts that count, this one included."""
        ...


ClaimT = TypeVar("ClaimT", bound=Claim)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Verdict on an error that every further try would repeat."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Verdict on an error that may not occur again.

    Attributes:
        reason: message of the row if no try is left.
        max_tries: maximum number of tries that end like this, where it is lower than that of the setting.
    """

    reason: str
    max_tries: int | None = None


class AttemptHandler(Protocol[ClaimT]):
    """Work of one kind of job, and what an attempt writes to the row that it serves.

    Every write after the claim is fenced by the attempt of the claim. An earlier attempt that was taken for dead may
    still run.
    """

    async def claim(self, subject: int) -> ClaimT | None:
        """Start an attempt at the row of that id. Return `None` if the row has ended or does not exist."""
        ...

    async def work(self, claim: ClaimT) -> None:
        """Do the job and end its row.

        Raises:
            Superseded: a fenced write has changed no row.
            Exception: `judge` decides.
        """
        ...

    async def fail(self, claim: ClaimT, reason: str) -> None:
        """End the row without success."""
        ...

    async def put_back(self, claim: ClaimT) -> None:
        """Uncount the try. The row may have ended by a user's cancel."""
        ...

    def judge(self, claim: ClaimT, error: Exception) -> Refusal | Failure:
        """Decide on an error of `work`, or on `Unanswered`."""
        return Failure(reason_of(claim, error))

    async def discard(self, claim: ClaimT) -> None:
        """Remove what a superseded attempt has made."""


def reason_of(claim: Claim, error: Exception) -> str:
    """Return the reason of a job that is given up, for users."""
    if isinstance(error, Unanswered):
        return str(error)
    return f"Given up after {claim.tries} tries: {message_of(error)}"


def message_of(error: Exception) -> str:
    """Return the message of an error, or the name of its class if it comes from a library."""
    return str(error) if _has_message(error) else f"{type(error).__name__}."


def _has_message(error: Exception) -> bool:
    return type(error).__module__.startswith("scenedex.") and bool(str(error))


class Attempts(Generic[ClaimT]):
    """`JobHandler` that makes one attempt at a row for each call of `run`, and gives up after ``max_attempts``."""

    def __init__(
        self, handler: AttemptHandler[ClaimT], database: Database, *, readiness: Readiness, max_attempts: int
    ) -> None:
        self._handler = handler
        self._database = database
        self._readiness = readiness
        self._max_attempts = max_attempts

    async def run(self, subject: int) -> None:
        """See `JobHandler`."""
        claim = await self._handler.claim(subject)
        if claim is None:
            return
        try:
            await self._work(claim)
        except Superseded:
            await self._handler.discard(claim)
        except (asyncio.CancelledError, NotReady):
            await asyncio.shield(self._handler.put_back(claim))
            raise
        except Exception as error:
            match self._handler.judge(claim, error):
                case Refusal(reason):
                    await self._handler.fail(claim, reason)
                case Failure(reason, max_tries):
                    if claim.tries < min(max_tries or self._max_attempts, self._max_attempts):
                        raise
                    _log.warning("job.given_up", tries=claim.tries, reason=reason, exc_info=not _has_message(error))
                    await self._handler.fail(claim, reason)
                    raise GivenUp from error

    async def _work(self, claim: ClaimT) -> None:
        if claim.tries > self._max_attempts:
            raise Unanswered(self._max_attempts)
        try:
            await self._handler.work(claim)
        except Exception as error:
            fault = await self._fault_of_machine(error)
            if fault is None:
                raise
            raise NotReady(fault) from error

    async def _fault_of_machine(self, error: Exception) -> str | None:
        if not isinstance(error, DatabaseUnavailable):
            try:
                return await self._readiness.explain(error)
            except DatabaseUnavailable as outage:
                error = outage
        if not error.is_away:
            return None
        # The try can be put back only when the database answers again.
        while True:
            with suppress(DatabaseUnavailable):
                async with self._database.transaction() as tx:
                    await tx.value("SELECT 1")
                return str(error)
            await asyncio.sleep(_SECONDS_BETWEEN_CONNECTIONS)
