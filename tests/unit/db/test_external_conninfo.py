"""Connection strings of an external PostgreSQL, from a URL and a password."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from scenedex.settings import DatabaseSettings, Settings, SettingsInvalid
from scenedex.wiring import open_conninfo

if TYPE_CHECKING:
    from pathlib import Path

URL = "postgresql://u@one,two:5433/name?sslmode=verify-full&sslrootcert=ca.pem"
WORD = "a b'\\c@/:%41"


def opened(folder: Path, url: str | None, password: str | None) -> str:
    async def open_it() -> str:
        database = DatabaseSettings(url=_secret(url), password=_secret(password))
        async with open_conninfo(Settings(data_dir=folder, database=database)) as conninfo:
            return conninfo

    return asyncio.run(open_it())


def _secret(word: str | None) -> SecretStr | None:
    return None if word is None else SecretStr(word)


def test_the_password_joins_the_rest_of_the_url(tmp_path: Path) -> None:
    assert conninfo_to_dict(opened(tmp_path, URL, WORD)) == {**conninfo_to_dict(URL), "password": WORD}


def test_a_url_alone_stays_as_it_is(tmp_path: Path) -> None:
    assert opened(tmp_path, URL, None) == URL


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("postgresql://u:of-the-url@one/name", "database.url has a password as well", id="twice"),
        pytest.param(None, "database.url is not", id="without a URL"),
        pytest.param("of-the-url", "database.url is no URL", id="no URL"),
    ],
)
def test_a_password_that_fits_no_url_is_refused_and_not_shown(url: str | None, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=said) as refused:
        opened(tmp_path, url, "of-the-option")

    assert "of-the" not in str(refused.value)
