"""Parts of Procrastinate beside its public interface that `scenedex.jobs` and the migrations rely on.

A failure means that another version has changed one. Check that `fetching.py`, `state.py`, `queries.py` and
`next_job` of the database fit the new definition, then record it.
"""

from __future__ import annotations

import hashlib
import inspect
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
from procrastinate.manager import JobManager
from procrastinate.sql import queries

from scenedex.jobs.fetching import FairJobManager

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Cluster

# Called by Scenedex or by the statements of Procrastinate that it uses, or imitated by `next_job` and
# `notify_workers`.
FUNCTIONS: Final[dict[str, str]] = {
    "procrastinate_defer_jobs_v1": "e8cd1f7154edde43",
    "procrastinate_fetch_job_v2": "78ff613cc31a4278",
    "procrastinate_finish_job_v1": "4aa661efedbf8923",
    "procrastinate_cancel_job_v1": "14e49c40112b2587",
    "procrastinate_retry_job_v2": "94d35e2d3e4721a2",
    "procrastinate_notify_queue_job_inserted_v1": "8d1c0d7e04eb15c4",
    "procrastinate_trigger_function_status_events_insert_v1": "f15ef3dc66655dcf",
    "procrastinate_trigger_function_status_events_update_v1": "e81dcb2c5edb697e",
    "procrastinate_register_worker_v1": "3cbc356eaa70624a",
    "procrastinate_update_heartbeat_v1": "81ff62bebb62bd9a",
    "procrastinate_prune_stalled_workers_v1": "f7d62260b0a44063",
}
# Replaced by `FairJobManager`.
STATEMENTS: Final[dict[str, str]] = {
    "fetch_job": "f835132a0a323e07",
    "finish_job": "46012253eb4695e3",
    "retry_job": "8e4ad4efcf834ca4",
}
# Read by `jobs/state.py` and by `next_job`.
COLUMNS: Final[dict[str, dict[str, str]]] = {
    "procrastinate_jobs": {
        "id": "bigint",
        "queue_name": "character varying(128)",
        "task_name": "character varying(128)",
        "priority": "integer",
        "args": "jsonb",
        "status": "procrastinate_job_status",
        "scheduled_at": "timestamp with time zone",
        "attempts": "integer",
        "worker_id": "bigint",
    },
    "procrastinate_events": {
        "job_id": "bigint",
        "type": "procrastinate_job_event_type",
        "at": "timestamp with time zone",
    },
    "procrastinate_workers": {"id": "bigint", "last_heartbeat": "timestamp with time zone"},
}


def fingerprint(text: str) -> str:
    """Hash the words of a definition. White space between them has no effect."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Generator[psycopg.Connection]:
    with psycopg.connect(cluster.create_database()) as connection:
        yield connection


def test_sql_functions_are_those_that_were_recorded(connection: psycopg.Connection) -> None:
    found = {
        name: fingerprint(definition)
        for name, definition in connection.execute(
            "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE proname = ANY(%s)", [list(FUNCTIONS)]
        )
    }
    assert found == FUNCTIONS


def test_replaced_statements_are_those_that_were_recorded() -> None:
    assert {name: fingerprint(queries[name]) for name in STATEMENTS} == STATEMENTS


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_that_are_read_exist_with_their_types(table: str, connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    ).fetchall()
    assert COLUMNS[table].items() <= dict(rows).items()


def test_states_of_jobs_are_those_that_statements_name(connection: psycopg.Connection) -> None:
    assert labels(connection, "procrastinate_job_status") == [
        "todo",
        "doing",
        "succeeded",
        "failed",
        "cancelled",
        "aborting",
        "aborted",
    ]
    assert {"deferred", "started"} <= set(labels(connection, "procrastinate_job_event_type"))


@pytest.mark.parametrize("name", ["fetch_job", "finish_job", "retry_job"])
def test_overridden_methods_have_the_parameters_of_procrastinate(name: str) -> None:
    theirs, ours = (inspect.signature(getattr(manager, name)) for manager in (JobManager, FairJobManager))
    assert [*ours.parameters] == [*theirs.parameters]


def labels(connection: psycopg.Connection, type_name: str) -> list[str]:
    rows = connection.execute(
        "SELECT enumlabel FROM pg_enum WHERE enumtypid = %s::regtype ORDER BY enumsortorder", [type_name]
    )
    return [label for (label,) in rows]
