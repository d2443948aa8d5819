from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from scenedex.db.embedded.configuration import HOST_BASED_ACCESS, connection_string, server_options

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(texts, texts)
def test_any_folder_and_password_reach_libpq_unchanged(folder: str, password: str) -> None:
    found = conninfo_to_dict(connection_string(Path("/") / folder, password))

    assert found == {
        "host": str(Path("/") / folder),
        "port": "5432",
        "dbname": "scenedex",
        "user": "scenedex",
        "password": password,
    }


def test_quotes_in_the_socket_folder_are_doubled() -> None:
    options = server_options(Path('/a "b", c'), "name")

    assert 'unix_socket_directories="/a ""b"", c"' in options


def test_nobody_gets_in_over_the_network_or_without_a_password() -> None:
    assert "listen_addresses=" in server_options(Path("/socket"), "name")
    assert HOST_BASED_ACCESS.split() == ["local", "all", "scenedex", "scram-sha-256"]
