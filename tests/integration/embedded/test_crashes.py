from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from clusters import Folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def answers(conninfo: str, limit_s: float = 60.0) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError), psycopg.connect(conninfo) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
        time.sleep(0.05)
    return False


def test_users_killed_one_by_one_leave_the_server_to_the_others(folder: Folder) -> None:
    users = [folder.user() for _ in range(3)]
    conninfo = {user.answer() for user in users}.pop()
    postmaster = folder.postmaster()

    for user in users[:-1]:
        user.kill()
        time.sleep(0.2)
        assert folder.postmaster() == postmaster
    assert answers(conninfo)
    users[-1].kill()

    assert folder.stops()
    assert folder.postmaster() is None


def test_the_next_user_replaces_a_killed_supervisor_and_keeps_the_server(folder: Folder) -> None:
    first = folder.open()
    postmaster, supervisor = folder.postmaster(), folder.supervisor()
    folder.kill(supervisor)

    second = folder.open()

    assert folder.supervisor() not in {None, supervisor}
    assert folder.postmaster() == postmaster
    first.close()
    second.close()
    assert folder.is_stopped()


def test_a_server_that_was_stopping_when_its_supervisor_died_is_started_again(
    folder: Folder, notes: Callable[[str], list[str]]
) -> None:
    folder.open()
    postmaster = folder.postmaster()
    assert postmaster is not None
    folder.kill(folder.supervisor())
    os.kill(postmaster, signal.SIGINT)

    assert notes(folder.open().conninfo) == ["kept"]
    assert folder.postmaster() not in {None, postmaster}


def test_the_last_user_stops_a_server_without_supervisor(folder: Folder) -> None:
    database = folder.open()
    folder.kill(folder.supervisor())

    database.close()

    assert folder.is_stopped()
    assert folder.postmaster() is None


def test_a_killed_server_comes_back_at_the_same_place(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    database = folder.open()
    with psycopg.connect(database.conninfo) as connection:
        connection.execute("INSERT INTO note VALUES ('committed')")
    postmaster = folder.postmaster()

    folder.kill(postmaster)

    assert answers(database.conninfo)
    assert folder.postmaster() not in {None, postmaster}
    assert notes(database.conninfo) == ["committed", "kept"]


def test_a_killed_server_comes_back_although_one_of_its_processes_is_busy(folder: Folder) -> None:
    database = folder.open()
    busy = psycopg.connect(database.conninfo)
    started = threading.Event()

    def compute() -> None:
        started.set()
        with suppress(psycopg.OperationalError), busy:
            busy.execute("SELECT count(*) FROM generate_series(1, 40000000) AS n WHERE n % 7 = 0")

    worker = threading.Thread(target=compute)
    worker.start()
    started.wait()
    time.sleep(0.1)
    folder.kill(folder.postmaster())

    assert answers(database.conninfo)
    worker.join()


def test_a_server_killed_with_its_supervisor_comes_back_on_demand(
    folder: Folder, notes: Callable[[str], list[str]]
) -> None:
    user = folder.user()
    conninfo = user.answer()
    folder.kill(folder.supervisor(), folder.postmaster())

    assert user.say("ensure") == "done"

    assert notes(conninfo) == ["kept"]


def test_data_survive_when_everything_is_killed_at_once(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    users = [folder.user() for _ in range(2)]
    conninfo = {user.answer() for user in users}.pop()
    with psycopg.connect(conninfo) as connection:
        connection.execute("INSERT INTO note VALUES ('committed')")
    folder.kill(folder.supervisor(), folder.postmaster(), *(user.process.pid for user in users))

    database = folder.open()

    assert notes(database.conninfo) == ["committed", "kept"]
    database.close()
    assert folder.is_stopped()


def test_a_process_id_that_passed_to_another_program_does_no_harm(
    folder: Folder, notes: Callable[[str], list[str]]
) -> None:
    lines = [str(os.getpid()), str(folder.server / "cluster"), "0", "5432", str(folder.server / "socket"), "", "1 1"]
    (folder.server / "cluster" / "postmaster.pid").write_text("\n".join([*lines, "ready   ", ""]), encoding="utf-8")
    (folder.server / "socket").mkdir(mode=0o700, exist_ok=True)
    (folder.server / "socket" / ".s.PGSQL.5432.lock").write_text("\n".join(lines), encoding="utf-8")

    assert notes(folder.open().conninfo) == ["kept"]


@pytest.mark.parametrize("after_s", [0.1, 0.4])
def test_a_first_start_that_is_killed_is_done_again(empty_folder: Folder, after_s: float) -> None:
    user = empty_folder.user()
    time.sleep(after_s)
    user.kill()
    with suppress(AssertionError, ProcessLookupError):
        empty_folder.kill(empty_folder.supervisor())

    assert answers(empty_folder.open().conninfo)


def test_a_supervisor_asked_to_end_waits_for_the_users(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    database = folder.open()
    supervisor = folder.supervisor()
    assert supervisor is not None
    os.kill(supervisor, signal.SIGTERM)
    time.sleep(0.3)

    assert notes(database.conninfo) == ["kept"]
    database.close()
    assert folder.is_stopped()
