from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app_transport import NO_FACE
from person_samples import met
from search_samples import Content

if TYPE_CHECKING:
    from pathlib import Path

    from app_transport import Worker
    from command_line import CommandLine
    from scenedex.client.testing import Recorder
    from search_samples import Archive

SHIP = Content(keywords={"ship": 0.9})


def test_scenes_are_shown_the_surest_first_and_how_to_go_on(scenedex: CommandLine, archive: Archive) -> None:
    item = archive.film(Content(said=["Good morning."], keywords={"ship": 0.9}), SHIP, file_name="harbour.mp4")
    asset, site = f"{item.asset_id} harbour.mp4", archive.site

    ended = scenedex("search", "ship morning", "--level", "low")

    rows = ended.rows()
    assert rows[0][0] == "0:00:00.000 said: Good morning."
    assert rows[0][1] == asset
    hits = [row for row in rows if row[1]]
    assert [row[1] for row in hits] == [asset, asset]
    assert hits[1][0] == "0:00:01.000 keyword: ship"
    assert float(hits[0][2]) > float(hits[1][2])
    assert ended.out.endswith(f"scenedex index show {item.asset_id} -p {site.base_project} -w {site.name}\n")


def test_without_projects_and_assets_all_projects_are_searched(scenedex: CommandLine, archive: Archive) -> None:
    news = archive.site.project("news")
    first = archive.film(SHIP)
    archive.film(SHIP, folder=news)

    ended = scenedex("search", "ship")

    assert sorted(row[2] for row in ended.rows()) == sorted([str(archive.site.base_project), str(news.project_id)])
    [hit] = scenedex("search", "ship", "--asset", str(first.asset_id), "--json").lines()
    assert hit["assetId"] == first.asset_id


def test_a_person_is_given_by_id_or_exact_name(scenedex: CommandLine, archive: Archive) -> None:
    ada, lin = met(archive.site, "Ada"), met(archive.site, "林")
    met(archive.site, "Ada Lovelace")
    archive.film(SHIP, Content(keywords={"ship": 0.9}, persons=[ada]), Content(persons=[lin]))

    for person in ("Ada", str(ada)):
        [row] = scenedex("search", "--person", person).rows()
        assert "person: Ada" in row[0]
    both = scenedex("search", "--any-person", "林", "--any-person", "Ada", "--json").lines()
    assert sorted(hit["sceneId"] for hit in both) == [2, 3]
    without = scenedex("search", "ship", "--without-person", "Ada", "--json").lines()
    assert [hit["sceneId"] for hit in without] == [1]


def test_an_unknown_person_is_an_error(scenedex: CommandLine, archive: Archive) -> None:
    met(archive.site, "Ada Lovelace")

    error = scenedex("search", "--person", "Ada").error(3)

    assert error == "Error: There is no person named Ada in the workspace.\n"


def test_a_picture_finds_what_looks_like_it(
    scenedex: CommandLine, archive: Archive, worker: Worker, recorder: Recorder, tmp_path: Path
) -> None:
    picture = tmp_path / "ship.jpg"
    picture.write_bytes(b"ship")
    worker.looks = {b"ship": [1.0, 0.0]}
    archive.film(Content(look=[0, 1]), Content(look=[1, 0]))

    [row] = scenedex("search", "--image", str(picture)).rows()

    assert row[0].startswith("0:00:01.000 similar picture")
    assert [it.body for it in recorder.received if it.method == "PUT"] == [b"ship"]
    picture.write_bytes(NO_FACE)
    error = scenedex("search", "--image", str(picture)).error(1)
    assert error == "Error: The file was refused: ship.jpg: NO_FACE: no face\n"


@pytest.mark.parametrize(("form", "part"), [("csv", "film.mp4"), ("EDL", "TITLE"), ("otio", "Timeline")])
def test_all_scenes_are_exported(scenedex: CommandLine, archive: Archive, tmp_path: Path, form: str, part: str) -> None:
    archive.film(SHIP, SHIP)
    file = tmp_path / f"ships.{form}"

    ended = scenedex("search", "ship", "--limit", "1", "--export", str(file))

    assert ended.out.endswith(f"All hits are in {file}.\n")
    assert part in file.read_text(encoding="utf-8")


def test_refusals_are_one_line_and_an_exit_status(scenedex: CommandLine) -> None:
    assert "40401" in scenedex("search", "ship", "-w", "nowhere").error(3)
    assert "Authentication Failed" in scenedex.within(NCLOUD_SECRET_KEY="wrong")("search", "ship").error(4)
