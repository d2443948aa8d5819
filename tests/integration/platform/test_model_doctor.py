"""The check of a model's service by ``scenedex doctor``, which sends it no media."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from model_service import KEY, MODEL, ModelServer, model_server
from operators import operate
from scenedex.cli.model_check import check_model
from scenedex.settings import SummarySettings

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.conftest import Cluster

    from scenedex.cli.model_check import ModelFinding


@pytest.fixture
def server() -> Generator[ModelServer]:
    with model_server(ModelServer(key=KEY)) as running:
        yield running


def checked(address: str, **options: Any) -> ModelFinding:
    settings = SummarySettings.model_validate({"key": SecretStr(KEY), "connect_seconds": 1, **options})
    return asyncio.run(check_model(address, settings))


@pytest.mark.parametrize("model", [MODEL, None])
def test_a_service_that_lists_the_model_is_well(server: ModelServer, model: str | None) -> None:
    found = checked(server.address, model=model)

    assert found.state == "ok"
    assert found.text == f"{server.address} answers and lists the model {MODEL}. Nothing was sent to it"
    assert server.requests == []


def test_a_wrong_key_is_an_error(server: ModelServer) -> None:
    found = checked(server.address, key=SecretStr("sk-wrong-0123456789"))

    assert found.state == "error"
    assert "refuses the key (401)" in found.text
    assert "wrong" not in found.text


def test_a_model_that_is_not_listed_is_a_warning(server: ModelServer) -> None:
    found = checked(server.address, model="other")

    assert found.state == "warning"
    assert found.advice.startswith(f"Listed are: {MODEL}.")


def test_several_models_need_a_choice(server: ModelServer) -> None:
    server.models = ("a", "b")

    assert checked(server.address).state == "error"


def test_a_service_that_is_not_there_is_an_error() -> None:
    found = checked("http://127.0.0.1:9/v1")

    assert found.state == "error"
    assert found.text.startswith("There is no connection to http://127.0.0.1:9/v1")


def test_the_doctor_reports_the_service_of_the_settings(server: ModelServer, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    environment = {
        "SCENEDEX_DATABASE_URL": cluster.create_database(),
        "SCENEDEX_ENGINES_ADDRESSES": json.dumps({"vision-language-model": server.address}),
        "SCENEDEX_SUMMARIES_KEY": KEY,
        "SCENEDEX_SUMMARIES_MODEL": MODEL,
    }

    made = operate("doctor", "--json", data_dir=tmp_path / "data", environment=environment)

    [found] = [one for one in json.loads(made.stdout) if one["subject"] == "scene summaries"]
    assert found["state"] == "ok"
    assert KEY not in made.stdout


def test_a_service_without_a_list_is_not_fully_checked(server: ModelServer) -> None:
    found = checked(server.address.removesuffix("/v1"))

    assert found.state == "warning"
    assert "lists no models" in found.text
