from __future__ import annotations

from typer.testing import CliRunner

from scenedex.cli import app


def test_workers_that_are_wanted_and_not_wanted_are_refused() -> None:
    tried = CliRunner().invoke(app, ["serve", "--no-workers", "--workers", "2"])

    assert tried.exit_code == 2
    assert "--no-workers: contradicts --workers 2" in " ".join(tried.output.split())
