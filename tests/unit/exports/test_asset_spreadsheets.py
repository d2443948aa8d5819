from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_samples import asset
from index_samples import SCRIPT, SUMMARY, plain_scene, with_findings
from scenedex.exports.content import EditOptions
from scenedex.exports.spreadsheets import FINDING_COLUMNS, write_csv
from scenedex.index.records import IndexedPerson, IndexedScene


def rows(*scenes: IndexedScene) -> list[dict[str, str]]:
    text = b"".join(write_csv(asset(*scenes), EditOptions())).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_has_a_row_for_each_finding_at_each_time() -> None:
    found = rows(replace(with_findings(plain_scene(), 7), summary=SUMMARY), plain_scene(2, 1000, 2000))

    assert Counter(row["kind"] for row in found) == {
        "scene": 2,
        "shot": 2,
        "person": 2,
        "keyword": 6,
        "text": 1,
        "script": 1,
        "audioEffect": 1,
        "summary": 1,
    }
    assert all(tuple(row) == FINDING_COLUMNS for row in found)


def test_a_row_says_what_was_found() -> None:
    scene = with_findings(plain_scene())
    named = replace(scene, persons=(IndexedPerson(7, (), "Jane"),))
    by_kind = {row["kind"]: row for row in rows(named)}

    assert {name: value for name, value in by_kind["text"].items() if value} == {
        "kind": "text",
        "sceneId": "1",
        "startTimeMs": "100",
        "endTimeMs": "900",
        "text": "부산 BUSAN",
        "confidence": "0.97",
        "left": "0.1",
        "top": "0.8",
        "width": "0.25",
        "height": "0.0612",
    }
    script = by_kind["script"]
    assert (script["id"], script["speaker"], script["language"]) == ("1", "Speaker 1", "EN")
    assert by_kind["audioEffect"]["text"] == "APPLAUSE"


def test_a_summary_has_the_times_of_its_scene_and_no_confidence() -> None:
    row = rows(replace(plain_scene(), summary=SUMMARY))[-1]

    assert {name: value for name, value in row.items() if value} == {
        "kind": "summary",
        "sceneId": "1",
        "startTimeMs": "0",
        "endTimeMs": "1000",
        "text": "A ship is in the harbour. Someone says good morning.",
        "language": "en-US",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", " ="])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    found = rows(replace(plain_scene(), scripts=(replace(SCRIPT, text=text, speaker=text),)))

    assert (found[-1]["text"], found[-1]["speaker"]) == (f"'{text}", f"'{text}")


@given(st.text(st.sampled_from('a,"\n\r;\t한=')))
def test_every_text_is_one_cell(text: str) -> None:
    found = rows(replace(plain_scene(), scripts=(replace(SCRIPT, text=text),)))

    assert found[-1]["text"].removeprefix("'") == text
