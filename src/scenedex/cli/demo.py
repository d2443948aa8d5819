"""``scenedex demo``: one video from a bucket to a described asset, on a server of its own."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

    from scenedex.client import Index

_WORKSPACE = "demo"
_BUCKET = "demo-bucket"
_PROJECT = "First steps"
_SECONDS_TO_START = 60
_WEIGHTS = "whisper-base"
_DECLINED = "weights-declined"


def demo(
    video: Annotated[
        Path | None, typer.Option(help="A video of your own. One is made by default.", exists=True, dir_okay=False)
    ] = None,
    data_dir: Annotated[Path, typer.Option("--data-dir", help="Folder of the demo's server.", file_okay=False)] = Path(
        "scenedex-demo"
    ),
    *,
    weights: Annotated[
        bool | None,
        typer.Option(
            "--weights/--no-weights",
            envvar="DEMO_WEIGHTS",
            help=f"Download {_WEIGHTS}, so that speech is recognised in many languages.",
            show_default="asked for once on a terminal, else no",
        ),
    ] = None,
) -> None:
    """Import and analyse a video on a server started for this, and show what was found."""
    from rich.console import Console

    from scenedex.client import ScenedexError

    console = Console()
    folder = data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    provide_weights(console, folder, wanted=weights)
    port = _free_port()
    try:
        with _server(folder, port, console) as endpoint:
            _show(console, endpoint, folder, video)
    except ScenedexError as error:
        console.print(f"[red]The demo stopped:[/] {error}")
        raise typer.Exit(1) from error


def _show(console: Console, endpoint: str, folder: Path, video: Path | None) -> None:
    from rich.progress import Progress

    from scenedex.cli.user.asset_rendering import render_assets
    from scenedex.cli.user.index_rendering import render_index
    from scenedex.client import AnalysisOptions, Client, Conflict, SceneRange

    access_key, secret_key = _create_key(folder)
    console.print(f"[bold]Access key[/] {access_key} for user demo, role manager")
    key = _put_into_bucket(console, folder, video)
    with Client(endpoint, access_key, secret_key) as client:
        with contextlib.suppress(Conflict):
            client.workspaces.create(_WORKSPACE)
        projects = client.projects(_WORKSPACE)
        found = [project for project in projects.list() if project.name == _PROJECT]
        project = found[0] if found else projects.create(_PROJECT)
        console.print(f"[bold]Workspace[/] {_WORKSPACE}, [bold]project[/] {project.project_id} “{project.name}”")
        assets = client.assets(_WORKSPACE, project.project_id)
        registered = assets.register(_BUCKET, key)
        with Progress(console=console) as progress:
            bar = progress.add_task("Import", total=100)
            imported = assets.wait_import(
                registered.asset_id, on_progress=lambda status: progress.update(bar, completed=status.progress_percent)
            )
            progress.update(bar, completed=100)
        if imported.meta_data is None:
            console.print(f"[red]{imported.upload_status}: {imported.upload_result}[/] {imported.upload_reason or ''}")
            raise typer.Exit(1)
        console.print(render_assets([assets.get(registered.asset_id)]))
        index = client.index(_WORKSPACE, project.project_id, registered.asset_id)
        index.request(
            AnalysisOptions(analysis_person_count=5, scene_range=SceneRange.EXTRA_SHORT, detect_audio_effects=True)
        )
        with Progress(console=console) as progress:
            bar = progress.add_task("Analysis", total=100)
            index.wait(
                on_progress=lambda status: progress.update(
                    bar, completed=status.progress.percent if status.progress else 0
                )
            )
            progress.update(bar, completed=100)
        result = index.get()
        console.print(render_index(result, hints=Invocation.of_process(folder)))
        sheet = folder / "contact-sheet.jpg"
        sheet.write_bytes(_contact_sheet(result))
        console.print(f"[bold]Contact sheet[/] of the keyframes: {sheet}")
    _say_how_to_go_on(console, folder, access_key, secret_key, project.project_id)


def provide_weights(console: Console, folder: Path, *, wanted: bool | None) -> None:
    """Download the weights of speech if they are wanted and not there. The demo works without them.

    ``wanted`` is the answer to the question, `None` to ask it on a terminal. Without one, nothing is downloaded.
    """
    from scenedex.cli.pulling import pull_entries
    from scenedex.cli.user.rendering import size_text
    from scenedex.engines.catalog import WeightsError, find
    from scenedex.engines.registry import EngineRegistry
    from scenedex.settings import load_settings

    settings, entry, declined = load_settings(folder), EngineRegistry().entry(_WEIGHTS), folder / _DECLINED
    if wanted is False or find(settings.weights_folder, entry) is not None or (wanted is None and declined.exists()):
        return
    about = (
        f"{_WEIGHTS} recognises speech in about 100 languages ({size_text(entry.size_bytes)}, licence {entry.licence})"
    )
    if wanted is None and not sys.stdin.isatty():
        advice = "It is not downloaded, since there is no terminal to ask on. DEMO_WEIGHTS=yes downloads it"
        console.print(f"[bold]Speech[/] {about}. {advice}.", soft_wrap=True, highlight=False)
        return
    if wanted is None and not typer.confirm(f"{about}. Download it for the demo?", default=True):
        declined.touch()
        return
    console.print(f"[bold]Speech[/] {about}.", soft_wrap=True, highlight=False)
    try:
        pull_entries([entry], settings, lambda line: console.print(line, markup=False, soft_wrap=True, highlight=False))
    except (WeightsError, OSError) as error:
        console.print(
            f"{_WEIGHTS} is not available, and the demo goes on without it: {error}",
            markup=False,
            soft_wrap=True,
            highlight=False,
        )


def _create_key(folder: Path) -> tuple[str, str]:
    import json

    command = [sys.executable, "-m", "scenedex", "keys", "create", "--user", "demo", "--role", "manager", "--json"]
    printed = subprocess.run([*command, "--data-dir", str(folder)], check=True, capture_output=True, text=True).stdout
    key = json.loads(printed)
    return key["accessKey"], key["secretKey"]


def _put_into_bucket(console: Console, folder: Path, video: Path | None) -> str:
    bucket = folder / "buckets" / _BUCKET
    bucket.mkdir(parents=True, exist_ok=True)
    if video is not None:
        shutil.copyfile(video, bucket / video.name)
        console.print(f"[bold]Bucket[/] {_BUCKET}: {video.name}")
        return video.name
    from scenedex.media.samples import write_demo_video

    key = "demo.mp4"
    if not (bucket / key).exists():
        with console.status("Making a video with several scenes …"):
            draft = bucket / ".demo.part.mp4"
            write_demo_video(draft)
            draft.replace(bucket / key)
    console.print(f"[bold]Bucket[/] {_BUCKET}: {key}, made for this demo")
    return key


def _contact_sheet(index: Index) -> bytes:
    from scenedex.cli.user.rendering import clock_time
    from scenedex.media.contact_sheet import contact_sheet

    pictures: list[tuple[bytes, str]] = []
    for scene in index.scenes:
        for shot in scene.shots:
            if shot.keyframe_url is None:
                continue
            with urllib.request.urlopen(shot.keyframe_url, timeout=30) as answer:  # noqa: S310  # our own server's URL
                pictures.append((answer.read(), f"{scene.scene_id}.{shot.shot_id}  {clock_time(shot.start_time_ms)}"))
    return contact_sheet(pictures, columns=4)


@contextlib.contextmanager
def _server(folder: Path, port: int, console: Console) -> Generator[str]:
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "scenedex", "serve", "--port", str(port), "--data-dir", str(folder)]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            with console.status("Starting Scenedex with its embedded PostgreSQL …"):
                _await_ready(process, endpoint, folder)
            console.print(f"[bold]Server[/] {endpoint}, log in {folder / 'server.log'}")
            yield endpoint
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _await_ready(process: subprocess.Popen[bytes], endpoint: str, folder: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{endpoint}/readyz", timeout=2),  # noqa: S310  # our own server's URL
        ):
            return
        time.sleep(0.1)
    raise TimeoutError(f"the server did not become ready: see {folder / 'server.log'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say_how_to_go_on(console: Console, folder: Path, access_key: str, secret_key: str, project: int) -> None:
    from scenedex.cli.greeting import address_of
    from scenedex.settings import load_settings

    settings = load_settings(folder)
    page = f"{address_of(settings, settings.server.port)}/console/"
    invocation = Invocation.of_process(folder)
    weights = folder / "weights"
    if weights.is_dir():
        # A server with another data folder looks for weights in its own.
        console.print(
            f"\n[bold]Weights[/] of the demo are in {weights}. For a server with another data folder, name it:\n"
            f"  export SCENEDEX_WEIGHTS={shlex.quote(str(weights))}",
            soft_wrap=True,
            highlight=False,
        )
    console.print(
        "\n[bold]To go on[/], start the server again and look around:\n"
        f"  {invocation.command('serve')} &\n"
        f"  export NCLOUD_ACCESS_KEY={access_key}\n"
        f"  export NCLOUD_SECRET_KEY={secret_key}\n"
        f"  {invocation.command(f'assets list -w {_WORKSPACE} -p {project}')}\n"
        f"  {invocation.program} --help\n"
        f"Put your own files into {folder / 'buckets' / _BUCKET} and import them:\n"
        f"  {invocation.command(f'assets import {_BUCKET} FILE --wait -w {_WORKSPACE} -p {project}')}\n"
        f"[bold]Console[/] {page}, once the server runs. It prints a link that signs you in.",
        soft_wrap=True,
        highlight=False,
    )
