from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from scenedex.settings import Settings, SettingsInvalid, load_settings
from scenedex.settings.group import Group

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {
    "SCENEDEX_DATABASE_URL": "postgresql://u:database-word@host/name",
    "SCENEDEX_STORAGE_SECRET_KEY": "storage-word",
    "SCENEDEX_SECRETS_KEY": "sealing-word",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SCENEDEX_")]:
        monkeypatch.delenv(name)


def write(folder: Path, text: str) -> Path:
    (folder / "scenedex.toml").write_text(text, encoding="utf-8")
    return folder


def groups() -> list[type[Group]]:
    return Group.__subclasses__()


def test_defaults_are_those_of_the_documentation(tmp_path: Path) -> None:
    found = load_settings(tmp_path)

    assert (found.data_dir, found.server.host, found.server.port, found.workers.count) == (
        tmp_path,
        "127.0.0.1",
        8600,
        1,
    )
    assert (found.server.max_body_bytes, found.server.clock_tolerance_seconds) == (10_000_000, 300)
    assert (found.limits.max_projects, found.limits.presigned_seconds) == (1000, 900)
    assert (found.rates.presigned_per_second, found.rates.complete_per_minute) == (50, 1000)


def test_a_file_in_the_data_folder_is_read(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "[server]\nport = 9000")).server.port == 9000


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_SERVER_PORT", "9001")

    found = load_settings(write(tmp_path, '[server]\nport = 9000\nhost = "0.0.0.0"'))

    assert (found.server.port, found.server.host) == (9001, "0.0.0.0")  # noqa: S104  # read, not listened on


def test_a_variable_with_underscores_in_its_name_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_LIMITS_MAX_VIDEO_SECONDS", "60")

    assert load_settings(tmp_path).limits.max_video_seconds == 60


def test_variables_of_the_user_s_commands_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_ENDPOINT", "http://127.0.0.1:8600")

    assert load_settings(tmp_path).data_dir == tmp_path


def test_the_file_may_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("[workers]\ncount = 4", encoding="utf-8")
    monkeypatch.setenv("SCENEDEX_CONFIG", str(tmp_path / "other.toml"))

    assert load_settings(tmp_path).workers.count == 4


def test_the_data_folder_of_the_command_line_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_DATA_DIR", str(tmp_path / "other"))

    assert load_settings(tmp_path / "given").data_dir == tmp_path / "given"


def test_the_data_folder_of_the_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_DATA_DIR", str(tmp_path))

    assert load_settings().data_dir == tmp_path


def test_the_data_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings().data_dir == tmp_path / "scenedex-data"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[server]\nprot = 9000", "server.prot: there is no such setting"),
        ("[server]\nport = 99999", "server.port: must be at most 65535, not 99999"),
        ('[server]\nport = "many"', "server.port: must be a whole number, not 'many'"),
        ("[server]\nport = 1.5", "server.port: must be a whole number, not 1.5"),
        ("[server]\nheader_seconds = 0", "server.header_seconds: must be more than 0, not 0"),
        ("server = 3", "server: must be a table"),
        ("[workers]\nstages_at_a_time = 3", "workers.stages_at_a_time: must be a table, not 3"),
        ("[workers.stages_at_a_time]\nfaces = 0", "workers.stages_at_a_time.faces: must be more than 0, not 0"),
        ("[storage]\nmanaged_bucket = 3", "storage.managed_bucket: must be a text, not 3"),
        ('[storage]\npath_style = "maybe"', "storage.path_style: must be true or false, not 'maybe'"),
        ("[engines]\nconfidence_low = 0.9", "must not fall: 0.9, 0.5, 0.7"),
        ("weights = true", "weights: must be a path, not True"),
        ("[secrets]\nkey = 17", "secrets.key: must be a text$"),
        ('[server]\ntime_zone = "Mars/Olympus"', "server.time_zone"),
        ('[server]\ntime_zone = "../../etc/passwd"', "server.time_zone"),
        ("[workers]\ncount = -1", "workers.count: must be at least 0, not -1"),
        ('[storage]\nendpoint = "127.0.0.1:9000"', "storage.endpoint: is no URL"),
        ('[storage]\nendpoint = "http://user:word@s3/"', "storage.endpoint"),
        ('[storage]\nendpoint = "http://s3/bucket"', "storage.endpoint"),
        ('[database]\nurl = ""', "database.url"),
        ('[log]\nlevel = "loud"', "log.level: must be debug, info, warning or error, not 'loud'"),
        ("[sever]\nport = 1", "sever"),
        ("port = 1", "port"),
        ("[server\n", "scenedex.toml"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=named.replace(".", r"\.")):
        load_settings(write(tmp_path, text))


def test_a_misspelt_variable_of_a_group_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_SERVER_PROT", "9000")

    with pytest.raises(SettingsInvalid, match=r"server\.prot"):
        load_settings(tmp_path)


def test_a_variable_of_a_whole_group_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_SERVER", "127.0.0.1")

    with pytest.raises(SettingsInvalid, match=r"server: SCENEDEX_SERVER is no table in JSON"):
        load_settings(tmp_path)


@pytest.mark.parametrize("secret", ["database-word", "storage-word", "sealing-word"])
def test_secrets_are_not_shown(secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    found = load_settings(tmp_path)

    assert secret not in repr(found) + str(found) + found.model_dump_json()


@pytest.mark.parametrize("value", ["speech=1", "{ faces = 1 }"])
def test_a_variable_that_is_no_table_is_named(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_WORKERS_STAGES_AT_A_TIME", value)

    with pytest.raises(
        SettingsInvalid, match=r"workers\.stages_at_a_time: SCENEDEX_WORKERS_STAGES_AT_A_TIME is no table"
    ):
        load_settings(tmp_path)


def test_too_little_memory_for_a_stage_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_WORKERS_MEMORY_BYTES", "1000")

    with pytest.raises(SettingsInvalid, match=r"workers\.memory_bytes: .*at least 1073741824"):
        load_settings(tmp_path)


def test_secrets_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_SECRETS_KEY", "sealing-word")

    key = load_settings(tmp_path).secrets.key

    assert key is not None
    assert key.get_secret_value() == "sealing-word"


def test_settings_do_not_change(tmp_path: Path) -> None:
    found = load_settings(tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        found.server.port = 1


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.__name__)
def test_every_option_says_what_it_means(group: type[Group]) -> None:
    assert [name for name, option in group.model_fields.items() if not (option.description or "").endswith(".")] == []


def test_every_group_of_options_is_in_the_settings() -> None:
    assert {type(value) for value in vars(Settings()).values() if isinstance(value, Group)} == set(groups())


FILES = [("database", "password"), ("storage", "access_key"), ("storage", "secret_key"), ("secrets", "key")]


@pytest.mark.parametrize(("group", "option"), FILES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=["bare", "line", "CRLF"])
def test_a_secret_is_read_from_its_file(group: str, option: str, end: str, tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes(f" sealing = word {end}".encode())

    found = load_settings(write(tmp_path, f'[{group}]\n{option}_file = "{tmp_path}/word"'))

    value = getattr(getattr(found, group), option)
    assert (value.get_secret_value() if isinstance(value, SecretStr) else value) == " sealing = word "
    assert isinstance(value, SecretStr) is (option != "access_key")


def test_a_secret_of_a_file_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "word").write_text("sealing-word", encoding="utf-8")
    monkeypatch.setenv("SCENEDEX_DATABASE_PASSWORD_FILE", str(tmp_path / "word"))

    found = load_settings(tmp_path)

    assert found.database.password is not None
    assert "sealing-word" not in repr(found) + str(found) + found.model_dump_json()


@pytest.mark.parametrize(("group", "option"), FILES)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "No such file", id="absent"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n", "is empty", id="an empty line"),
        pytest.param(b"one\ntwo\n", "more than one line", id="two lines"),
        pytest.param(b"\xff\xfe", "UTF-8", id="no text"),
    ],
)
def test_a_file_without_a_secret_is_named(
    group: str, option: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "word").write_bytes(content)

    with pytest.raises(SettingsInvalid, match=rf"^{group}\.{option}_file: {tmp_path}/word .*{said}"):
        load_settings(write(tmp_path, f'[{group}]\n{option}_file = "{tmp_path}/word"'))


@pytest.mark.parametrize(("group", "option"), FILES)
def test_a_secret_and_its_file_are_not_both_taken(group: str, option: str, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("of-the-file", encoding="utf-8")
    text = f'[{group}]\n{option} = "of-the-option"\n{option}_file = "{tmp_path}/word"'

    with pytest.raises(SettingsInvalid, match=rf"{group}\.{option} and {group}\.{option}_file") as refused:
        load_settings(write(tmp_path, text))

    assert "of-the" not in str(refused.value)


def test_ten_megabytes_are_one_number() -> None:
    settings = Settings()

    assert settings.server.max_body_bytes == settings.limits.max_image_bytes == 10_000_000
