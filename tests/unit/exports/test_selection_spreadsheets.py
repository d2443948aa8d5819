from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_samples import matched, selected, selection_file
from index_samples import KEYWORDS, SCRIPT, TEXT, person, plain_scene
from scenedex.exports.spreadsheets import SCENE_COLUMNS, write_csv

if TYPE_CHECKING:
    from scenedex.exports.content import SelectedScene


def rows(*scenes: SelectedScene) -> list[dict[str, str]]:
    text = selection_file(write_csv, scenes).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_has_a_row_for_each_scene_in_order() -> None:
    found = rows(
        selected(plain_scene(4), score=91.27), selected(plain_scene(2), score=3.5), selected(plain_scene(9), score=0)
    )

    assert [(row["rank"], row["sceneId"], row["score"]) for row in found] == [
        ("1", "4", "91.27"),
        ("2", "2", "3.5"),
        ("3", "9", "0"),
    ]
    assert all(tuple(row) == SCENE_COLUMNS for row in found)


def test_a_row_says_what_was_found() -> None:
    scene = replace(
        matched(plain_scene(12, 3_723_004, 3_724_000)), persons=(replace(person(3), name="김하늘"), person(7))
    )

    chosen = selected(scene, file_name="東京の夜.mov", moment_ms=(3_723_500, 3_723_900), copies=(8, 9))
    assert rows(chosen) == [
        {
            "rank": "1",
            "score": "91.27",
            "assetId": "1001",
            "projectId": "5",
            "fileName": "東京の夜.mov",
            "assetType": "VIDEO",
            "indexId": "77",
            "sceneId": "12",
            "startTimeMs": "3723004",
            "endTimeMs": "3724000",
            "startTime": "01:02:03.004",
            "endTime": "01:02:04.000",
            "persons": "김하늘 | ID 7",
            "keywords": "harbour",
            "texts": "부산 BUSAN",
            "dialogues": "Speaker 1: Good morning from the harbour.",
            "momentStartMs": "3723500",
            "momentEndMs": "3723900",
            "momentStart": "01:02:03.500",
            "momentEnd": "01:02:03.900",
            "matchKind": "DIALOGUE",
            "matchText": "Good morning from the harbour.",
            "momentUrl": "https://media.example/console/w/newsroom/assets/1001?t=3723.5",
            "copies": "8 | 9",
        }
    ]


def test_names_each_match_once() -> None:
    scene = replace(
        plain_scene(),
        keywords=(KEYWORDS[0], replace(KEYWORDS[0], category="SCENE"), KEYWORDS[1]),
        texts=(TEXT, replace(TEXT, start_ms=950)),
    )

    [row] = rows(selected(scene))

    assert (row["keywords"], row["texts"]) == ("harbour | ship", "부산 BUSAN")


def test_cells_of_a_scene_without_score_and_matches_are_empty() -> None:
    [row] = rows(selected(score=None))

    empty = {name for name, value in row.items() if not value}
    assert empty == {"score", "persons", "keywords", "texts", "dialogues", "copies"}


def test_of_no_scenes_is_a_head() -> None:
    assert selection_file(write_csv, []).decode() == "\ufeff" + ",".join(SCENE_COLUMNS) + "\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", " ="])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    scene = replace(
        plain_scene(),
        persons=(replace(person(7), name=text),),
        keywords=(replace(KEYWORDS[0], keyword=text),),
        texts=(replace(TEXT, text=text),),
        scripts=(replace(SCRIPT, speaker=text),),
    )

    [row] = rows(selected(scene, file_name=f"{text}.mp4"))

    guarded = [row[name] for name in ("fileName", "persons", "keywords", "texts", "dialogues")]
    assert [cell[0] for cell in guarded] == ["'"] * 5
    assert row["fileName"] == f"'{text}.mp4"


@given(st.text(st.sampled_from('a,"\n\r;\t한=|')))
def test_every_text_is_one_cell(text: str) -> None:
    [row] = rows(selected(replace(plain_scene(), texts=(replace(TEXT, text=text),)), file_name=text))

    assert row["fileName"].removeprefix("'") == text
    assert row["texts"].removeprefix("'") == " ".join(text.split())
