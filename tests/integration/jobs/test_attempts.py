"""Attempts of a handler that keeps its row in memory, with a real database that may be away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
import pytest

from scenedex.db.database import Database, DatabaseUnavailable
from scenedex.jobs.attempts import AttemptHandler, Attempts, Failure, Refusal, reason_of
from scenedex.jobs.errors import GivenUp, NotReady, Superseded
from scenedex.jobs.readiness import AlwaysReady
from scenedex.storage.errors import KeysRefused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.conftest import Cluster

    from scenedex.jobs.readiness import Readiness

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Try:
    attempt: int
    tries: int


@dataclass
class Row(AttemptHandler[Try]):
    """A row whose work raises these errors, one for each attempt, and then succeeds."""

    errors: list[Exception] = field(default_factory=list[Exception])
    attempt: int = 0
    tries: int = 0
    state: str = "RUNNING"
    discarded: int = 0
    holds: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self, subject: int) -> Try | None:
        if subject != 1 or self.state != "RUNNING":
            return None
        self.attempt, self.tries = self.attempt + 1, self.tries + 1
        return Try(self.attempt, self.tries)

    async def work(self, claim: Try) -> None:
        self.begun.set()
        if self.holds:
            await asyncio.Event().wait()
        if self.errors:
            raise self.errors.pop(0)
        self.state = f"done by {claim.attempt}"

    async def fail(self, claim: Try, reason: str) -> None:
        del claim
        self.state = reason

    async def put_back(self, claim: Try) -> None:
        if claim.attempt == self.attempt:
            self.tries -= 1

    async def discard(self, claim: Try) -> None:
        self.discarded = claim.attempt

    def judge(self, claim: Try, error: Exception) -> Refusal | Failure:
        if isinstance(error, LookupError):
            return Refusal("There is no such thing.")
        return Failure(reason_of(claim, error), 2 if isinstance(error, ArithmeticError) else None)


class Broken(AlwaysReady):
    """Machine whose disk is the cause of all errors."""

    async def explain(self, error: Exception) -> str | None:
        del error
        return "the disk is full"


@dataclass
class Away(AlwaysReady):
    """Machine whose database is unreachable when it is examined."""

    async def explain(self, error: Exception) -> str | None:
        raise DatabaseUnavailable from error


@pytest.fixture
def database() -> Database:
    """Database that is not opened, since most attempts never query it."""
    return Database("")


@pytest.fixture
async def opened(cluster: Cluster) -> AsyncGenerator[Database]:
    database = Database(cluster.create_database())
    await database.open()
    yield database
    await database.close()


def attempts(row: Row, database: Database, readiness: Readiness | None = None) -> Attempts[Try]:
    return Attempts(row, database, readiness=readiness or AlwaysReady(), max_attempts=3)


async def test_work_that_is_done_ends_the_row(database: Database) -> None:
    row = Row()
    await attempts(row, database).run(1)
    assert row.state == "done by 1"


async def test_a_row_that_has_ended_or_does_not_exist_is_no_work(database: Database) -> None:
    ended = Row(state="done")
    await attempts(ended, database).run(1)
    await attempts(Row(), database).run(2)
    assert ended.attempt == 0


async def test_a_job_that_keeps_failing_is_given_up_with_the_last_error(database: Database) -> None:
    row = Row([ValueError(), KeysRefused(), KeysRefused("films")])
    for error in (ValueError, KeysRefused):
        with pytest.raises(error):
            await attempts(row, database).run(1)
    assert row.state == "RUNNING"
    with pytest.raises(GivenUp):
        await attempts(row, database).run(1)
    assert row.state.startswith("Given up after 3 tries: The storage does not accept the keys")
    assert row.state.endswith("films")


async def test_the_message_of_a_library_is_not_shown(database: Database) -> None:
    row = Row([ValueError("/srv/secret")], tries=2)
    with pytest.raises(GivenUp):
        await attempts(row, database).run(1)
    assert row.state == "Given up after 3 tries: ValueError."


async def test_an_error_may_have_fewer_tries(database: Database) -> None:
    row = Row([ArithmeticError(), ArithmeticError()])
    with pytest.raises(ArithmeticError):
        await attempts(row, database).run(1)
    with pytest.raises(GivenUp):
        await attempts(row, database).run(1)


async def test_a_refusal_ends_the_row_at_the_first_try(database: Database) -> None:
    row = Row([LookupError()])
    await attempts(row, database).run(1)
    assert row.state == "There is no such thing."


async def test_tries_whose_workers_died_count(database: Database) -> None:
    row = Row(tries=3)
    with pytest.raises(GivenUp):
        await attempts(row, database).run(1)
    assert row.state == "Given up: 3 tries did not end. Their workers were killed, or sent no heartbeat for too long."


async def test_a_superseded_attempt_writes_nothing_and_is_discarded(database: Database) -> None:
    row = Row([Superseded()])
    await attempts(row, database).run(1)
    assert (row.state, row.discarded) == ("RUNNING", 1)


async def test_a_stop_puts_the_row_back_and_goes_on(database: Database) -> None:
    row = Row(holds=True)
    running = asyncio.create_task(attempts(row, database).run(1))
    await row.begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (row.state, row.tries) == ("RUNNING", 0)


async def test_a_fault_of_the_machine_is_no_try(database: Database) -> None:
    row = Row([OSError()] * 9)
    for _ in range(9):
        with pytest.raises(NotReady, match="the disk is full"):
            await attempts(row, database, Broken()).run(1)
    assert (row.state, row.tries) == ("RUNNING", 0)


def unavailable(cause: Exception) -> DatabaseUnavailable:
    error = DatabaseUnavailable()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "cause",
    [psycopg.OperationalError("server closed the connection unexpectedly"), psycopg.errors.AdminShutdown()],
    ids=["broken connection", "shutdown"],
)
async def test_an_outage_of_the_database_is_no_try(opened: Database, cause: Exception) -> None:
    row = Row([unavailable(cause)])
    with pytest.raises(NotReady):
        await attempts(row, opened).run(1)
    assert row.tries == 0


async def test_an_outage_while_the_machine_is_examined_is_no_try(opened: Database) -> None:
    row = Row([OSError()])
    with pytest.raises(NotReady):
        await attempts(row, opened, Away()).run(1)
    assert row.tries == 0


async def test_a_statement_that_cannot_be_done_is_a_try(database: Database) -> None:
    row = Row([unavailable(psycopg.errors.DeadlockDetected())])
    with pytest.raises(DatabaseUnavailable):
        await attempts(row, database).run(1)
    assert row.tries == 1


async def test_the_row_is_put_back_when_the_database_answers_again(cluster: Cluster) -> None:
    away = Database(cluster.create_database())  # not open: as good as unreachable
    row = Row([unavailable(psycopg.OperationalError())])
    running = asyncio.create_task(attempts(row, away).run(1))
    await row.begun.wait()
    await asyncio.sleep(0.2)
    assert row.tries == 1
    await away.open()
    with pytest.raises(NotReady):
        await running
    await away.close()
    assert row.tries == 0
