from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from scenedex.cli.user import apps
from scenedex.client.signing import Credentials
from scenedex.client.testing import FakeService, StoredObject, loopback

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The commands of a user, with an environment."""

    environment: Mapping[str, str]

    def __call__(self, *words: str, typed: str = "") -> Ended:
        app = typer.Typer()
        for name, sub_app in apps:
            app.add_typer(sub_app, name=name)
        ended = CliRunner().invoke(app, words, input=typed, env=self.environment)
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    def within(self, **environment: str) -> CommandLine:
        """The same with other variables."""
        return replace(self, environment={**self.environment, **environment})


@pytest.fixture
def service() -> FakeService:
    """A service with one workspace, ``archive``, whose base project is 1001."""
    service = FakeService(Credentials("AK_TEST", "SK_TEST"), questions_until_done=0)
    service.catalogue.create_workspace("archive", "footage")
    service.catalogue.objects["footage", "interview.mp4"] = StoredObject()
    return service


@pytest.fixture
def scenedex(service: FakeService) -> Generator[CommandLine]:
    with loopback(service) as endpoint:
        yield CommandLine(
            {
                "SCENEDEX_ENDPOINT": endpoint,
                "SCENEDEX_WORKSPACE": "archive",
                "SCENEDEX_PROJECT": "1001",
                "NCLOUD_ACCESS_KEY": "AK_TEST",
                "NCLOUD_SECRET_KEY": "SK_TEST",
                "COLUMNS": "200",
            }
        )
