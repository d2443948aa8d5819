from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg

from scenedex.db.embedded import open_embedded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clusters import Folder


def test_the_first_user_finds_database_role_and_extension(empty_folder: Folder) -> None:
    database = empty_folder.open()

    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_user, current_database(), usesuper, '[1,2]'::vector <-> '[1,2]' "
            "FROM pg_user WHERE usename = current_user"
        ).fetchone()
        connection.execute("CREATE DATABASE another")

    assert row == ("scenedex", "scenedex", False, 0)
    with psycopg.connect(database.conninfo, dbname="another") as connection:
        assert connection.execute("SELECT '[1,2]'::halfvec::text").fetchone() == ("[1,2]",)


def test_the_server_is_durable_and_closed_to_the_network(folder: Folder) -> None:
    database = folder.open()

    with psycopg.connect(database.conninfo) as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())

    expected = {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "jit": "off",
        "ssl": "off",
    }
    assert expected == {name: settings[name] for name in expected}


def test_the_socket_alone_opens_nothing(folder: Folder) -> None:
    database = folder.open()

    for user in ("scenedex", "postgres"):
        try:
            psycopg.connect(database.conninfo, user=user, password="guess").close()
        except psycopg.OperationalError as error:
            refusal = str(error)
        else:
            refusal = ""
        assert "failed" in refusal or "no pg_hba.conf entry" in refusal

    assert folder.control.stat().st_mode & 0o077 == 0
    assert (folder.control / "password").stat().st_mode & 0o077 == 0


def test_the_data_outlive_the_server(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    with folder.open() as database, psycopg.connect(database.conninfo) as connection:
        connection.execute("INSERT INTO note VALUES ('second')")

    assert folder.is_stopped()
    assert notes(folder.open().conninfo) == ["kept", "second"]


def test_closing_one_of_two_leaves_the_server_to_the_other(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    first, second = folder.open(), folder.open()

    first.close()

    assert notes(second.conninfo) == ["kept"]
    second.close()
    assert folder.is_stopped()


def test_a_forked_child_cannot_close_for_its_parent(folder: Folder, notes: Callable[[str], list[str]]) -> None:
    user = folder.user()
    conninfo = user.answer()

    assert user.say("close in a child") == "done"

    assert notes(conninfo) == ["kept"]
    assert user.say("close") == "done"
    assert folder.is_stopped()


def test_ten_processes_that_start_at_once_share_one_server(empty_folder: Folder) -> None:
    users = [empty_folder.user() for _ in range(10)]

    conninfos = {user.answer() for user in users}

    assert len(conninfos) == 1
    with psycopg.connect(conninfos.pop()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len({empty_folder.postmaster()}) == 1
    for user in (*users[::2], *users[1::2]):
        assert empty_folder.postmaster() is not None
        user.leave()
    assert empty_folder.stops()


def test_coming_and_going_at_random_loses_nothing(folder: Folder) -> None:
    def come_and_go(seed: int) -> None:
        for turn in range(4):
            with folder.open() as database, psycopg.connect(database.conninfo) as connection:
                connection.execute("INSERT INTO note VALUES (%s)", (f"{seed}.{turn}",))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(come_and_go, range(5)))

    assert folder.is_stopped()
    with psycopg.connect(folder.open().conninfo) as connection:
        assert connection.execute("SELECT count(DISTINCT text) FROM note").fetchone() == (21,)


def test_a_copied_folder_is_a_database_of_its_own(
    folder: Folder, template: Path, notes: Callable[[str], list[str]]
) -> None:
    copied = folder.open()

    with open_embedded(template) as original:
        assert original.conninfo != copied.conninfo
        assert notes(original.conninfo) == notes(copied.conninfo) == ["kept"]
