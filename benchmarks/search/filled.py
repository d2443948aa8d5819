"""Content that was filled into a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

TEXT_ENGINE = "universal-sentence-encoder 1 use-multilingual-v3"
PICTURE_ENGINE = "mpeg7 1"
FILE = "filled.json"
USER = "benchmark"
WORKSPACE = "archive"
OTHER_WORKSPACE = "other"
SCENES_OF_ASSET = 50
SCENE_MS = 5000
PERSONS = 2000
NAMED_OF_TEN = 4
SHOWING_A_PERSON = 0.4
TOPICS = 2000
WORDS_OF_TOPIC = 6
PICTURES = 100
DIRECTIONS = 24
TEXT_NOISE = 0.7
PICTURE_NOISE = 1.0
NOISE_IN_ALL = 0.3
# Shares of the scenes that filters leave.
HALF, FIFTIETH, FEW = 0.5, 0.02, 0.0001
SMALL_SHARE = 0.002


class Answered(msgspec.Struct, frozen=True):
    """A query, and the index and number of each scene that answers it."""

    query: str
    kind: str
    answers: tuple[tuple[int, int], ...]


class Filled(msgspec.Struct, frozen=True):
    """Content of a filled database.

    Attributes:
        scenes: number of scenes in the workspace.
        workspace_id: the workspace.
        project_ids: all of its projects: with half of the scenes, a fiftieth and the rest.
        few_asset_ids: assets with a ten-thousandth of the scenes.
        person_ids: persons, those in most scenes first.
        said: word that is said in about a hundredth of the scenes.
        texts: queries with answers.
        pictures: keys of pictures with answers.
    """

    scenes: int
    workspace_id: int
    project_ids: tuple[int, ...]
    few_asset_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    said: str
    texts: tuple[Answered, ...]
    pictures: tuple[Answered, ...]

    @classmethod
    def read(cls, folder: Path) -> Filled:
        """Read the description of a filled data folder."""
        return msgspec.json.decode((folder / FILE).read_bytes(), type=cls)
