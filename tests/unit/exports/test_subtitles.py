from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_samples import asset
from index_samples import SCRIPT, SUMMARY, plain_scene, with_findings
from scenedex.exports.content import EditOptions
from scenedex.exports.subtitles import write_chapters, write_srt, write_vtt
from scenedex.exports.text import one_line
from scenedex.index.records import IndexedScript

if TYPE_CHECKING:
    from scenedex.exports.content import AssetScenes

SRT_CUE = re.compile(r"(\d+)\n(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})\n([^\n]+(?:\n[^\n]+)?)\n\n")
VTT_CUE = re.compile(
    r"\n(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})\n(?:<v ([^>\n]*)>)?([^\n]+(?:\n[^\n]+)?)\n"
)
LINES = st.lists(
    st.builds(
        IndexedScript,
        script_id=st.integers(1, 99),
        speaker=st.sampled_from(["Speaker 1", "A & B", "<b>", ""]),
        text=st.text(st.sampled_from("a한 &<>-\n\r\t\u2028\0;"), max_size=20),
        language=st.just("EN"),
        confidence=st.just(0.5),
        start_ms=st.integers(0, 10**8),
        end_ms=st.integers(0, 10**8),
    )
)


def said(*lines: IndexedScript) -> AssetScenes:
    return asset(replace(plain_scene(), scripts=lines))


def srt(content: AssetScenes) -> str:
    return b"".join(write_srt(content, EditOptions())).decode()


def vtt(content: AssetScenes) -> str:
    return b"".join(write_vtt(content, EditOptions())).decode()


def test_srt_numbers_its_cues() -> None:
    second = replace(SCRIPT, script_id=2, text="Hello.", start_ms=3_723_004, end_ms=3_725_000)

    assert srt(said(SCRIPT, second)) == (
        "1\n00:00:00,000 --> 00:00:01,000\nGood morning from the harbour.\n\n"
        "2\n01:02:03,004 --> 01:02:05,000\nHello.\n\n"
    )


def test_vtt_names_speakers_as_voices_and_the_engine() -> None:
    heard = replace(said(replace(SCRIPT, end_ms=2000)), speech_engine="whisper 3 whisper-base")

    assert vtt(heard) == (
        "WEBVTT\n\nNOTE Speech recognised by whisper 3 whisper-base.\n"
        "\n00:00:00.150 --> 00:00:02.000\n<v Speaker 1>Good morning from the harbour.\n"
    )


def test_rough_lines_are_marked() -> None:
    rough = replace(SCRIPT, is_rough=True)

    assert "\n[rough] Good morning from the harbour.\n" in srt(said(rough))
    assert "\nNOTE Many words" in vtt(said(rough))
    assert "\n<v.rough Speaker 1>Good morning from the harbour.\n" in vtt(said(rough))
    assert "\n<c.rough>Good morning from the harbour.</c>\n" in vtt(said(replace(rough, speaker="")))


@pytest.mark.parametrize("content", [asset(), asset(replace(with_findings(plain_scene()), scripts=()))])
def test_media_without_speech_has_no_cues(content: AssetScenes) -> None:
    assert srt(content) == ""
    assert vtt(content) == "WEBVTT\n"


def words_of(text: str) -> str:
    """The letters of a text without spaces, which rows replace."""
    return "".join(one_line(text).split())


@given(LINES)
def test_srt_can_be_read_back(lines: list[IndexedScript]) -> None:
    text = srt(said(*lines))

    cues = SRT_CUE.findall(text)
    heard = sorted((line for line in lines if one_line(line.text)), key=lambda line: line.start_ms)
    assert SRT_CUE.sub("", text) == ""
    assert [int(number) for number, *_ in cues] == list(range(1, len(cues) + 1))
    shown = "".join(words for *_, words in cues)
    assert words_of(shown).replace("→", "-->") == "".join(words_of(line.text) for line in heard)
    assert all(start < end for _, start, end, _ in cues)


@given(LINES)
def test_vtt_can_be_read_back(lines: list[IndexedScript]) -> None:
    text = vtt(said(*lines))

    cues = VTT_CUE.findall(text.removeprefix("WEBVTT\n"))
    heard = sorted((line for line in lines if one_line(line.text)), key=lambda line: line.start_ms)
    assert VTT_CUE.sub("", text) == "WEBVTT\n"
    assert words_of("".join(unescape(words) for *_, words in cues)) == "".join(words_of(line.text) for line in heard)
    assert {unescape(voice) for _, _, voice, _ in cues} == {line.speaker for line in heard}
    assert text.count("-->") == len(cues)
    assert all(start < end for start, end, _, _ in cues)


def test_chapters_are_scenes_with_their_summaries_as_titles() -> None:
    hostile = replace(SUMMARY, text="Tom & <b>Ann</b> --> home.\n\nNOTE x")
    content = asset(
        replace(plain_scene(1, 0, 3_723_004), summary=SUMMARY),
        replace(plain_scene(2, 3_723_004, 3_724_000), summary=hostile),
        plain_scene(3, 3_724_000, 3_724_000),
    )

    assert b"".join(write_chapters(content, EditOptions())).decode() == (
        "WEBVTT\n\n"
        "1\n00:00:00.000 --> 01:02:03.004\nA ship is in the harbour. Someone says good morning.\n\n"
        "2\n01:02:03.004 --> 01:02:04.000\nTom &amp; &lt;b&gt;Ann&lt;/b&gt; --&gt; home. NOTE x\n\n"
        "3\n01:02:04.000 --> 01:02:04.001\nScene 3\n"
    )
