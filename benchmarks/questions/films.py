"""Films of real recordings of speech, and real clips and pictures, uploaded and analysed for the questions."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parents[1] / "search"))

from spoken_films import compose  # pyright: ignore[reportMissingImports, reportUnknownVariableType]  # of a folder beside

from scenedex.client import AnalysisOptions, SourceLanguage

if TYPE_CHECKING:
    from scenedex.client import Client

_FACES: Final = "faces/lfw"
_FILMS: Final[dict[str, tuple[SourceLanguage, list[tuple[str, str]]]]] = {
    "katie-and-steve.mp4": (SourceLanguage.ENKO, [("speech/en-2spk-katie-steve.wav", "obama.jpg")]),
    "kennedy-inaugural.mp4": (SourceLanguage.ENKO, [("jfk-11s.flac", "obama2.jpg")]),
    "on-the-plane.mp4": (SourceLanguage.ENKO, [("speech/en-3spk-leopard.wav", "biden.jpg")]),
    "phone-call.mp4": (SourceLanguage.ENKO, [("speech/en-2spk-phone-pyannote.wav", "obama.jpg")]),
    "beckett.mp4": (SourceLanguage.ENKO, [("speech/en-1spk-beckett.wav", "biden.jpg")]),
    "meeting.mp4": (SourceLanguage.ENKO, [("speech/en-4spk-ami-tst00.wav", "obama.jpg")]),
    "ko-restaurant.mp4": (
        SourceLanguage.KO,
        [(f"speech/ko-naverhack-{number}.wav", "biden.jpg") for number in ("013", "071", "077", "081", "096", "001")],
    ),
    "ko-speech.mp4": (
        SourceLanguage.KO,
        [("speech/ko-president-moon.wav", "biden.jpg"), ("speech/ko-read-tc.wav", "biden.jpg")],
    ),
    "ja-readings.mp4": (
        SourceLanguage.JA,
        [(f"speech/{name}.wav", "biden.jpg") for name in ("ja-read-tc", "ja-read-leopard", "ja-narration-sadtalker")],
    ),
    "zh-readings.mp4": (
        SourceLanguage.ZH_CN,
        [
            (f"speech/{name}.wav", "biden.jpg")
            for name in ("zh-read-tc", "zh-aishell-W0121", "zh-cosyvoice-prompt", "zh-funasr-example")
        ],
    ),
}
_CLIPS: Final = (
    "video/boulder-eats-lowerthird-wipe.mp4",
    "video/nasa-dark-dissolve-cut.mp4",
    "hamilton-white-house-360p-10s.mp4",
    "big-buck-bunny-480p-30s.mp4",
    "text/composed-ko-captions-8s.mp4",
    "text/zh-en-product.jpg",
    "text/ko-en-roadsign.png",
)


def fill(client: Client, workspace: str, media: Path) -> None:
    """Make the workspace, upload the films, clips and pictures of a folder of media, and analyse them."""
    client.workspaces.create(workspace)
    project_id = client.projects(workspace).create("questions").project_id
    assets = client.assets(workspace, project_id)
    languages: dict[int, SourceLanguage] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (language, parts) in _FILMS.items():
            film = Path(folder) / name
            compose(media, parts, film)
            languages[assets.upload(film).asset_id] = language
    for clip in _CLIPS:
        languages[assets.upload(media / clip).asset_id] = SourceLanguage.ENKO
    for asset_id, language in languages.items():
        assets.wait_import(asset_id)
        client.index(workspace, project_id, asset_id).request(AnalysisOptions(source_language=language))
    for asset_id in languages:
        client.index(workspace, project_id, asset_id).wait()
