"""Contract suite of engines that write summaries of scenes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, get_args

import pytest

from scenedex.engines.summaries import (
    Basis,
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
    SceneSummary,
    SummaryLocale,
)
from scenedex.engines.testing.contract import EngineContract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.summaries import Summariser

LOCALES = get_args(SummaryLocale)


def full_scene(scene_id: int = 1) -> SceneEvidence:
    """Return a scene with findings of every kind."""
    start = 12_000 * (scene_id - 1)
    end = start + 12_000
    return SceneEvidence(
        scene_id,
        3,
        start,
        end,
        2,
        persons=(EvidencePerson(7, "Anna Bell", ((start, end),)), EvidencePerson(8, None, ((start, start + 3_000),))),
        lines=(EvidenceLine(1, "Anna Bell", "The lighthouse burned in 1755.", "en", start, end, is_rough=False),),
        texts=(EvidenceText("HARBOUR NEWS", 0.9, start, end),),
        keywords=(EvidenceKeyword("boat", "OBJECT", 0.8),),
        sounds=(EvidenceSound("BACKGROUND_MUSIC", start, end),),
        brightness=0.5,
    )


def summarised(
    engine: Summariser, scene: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary] = ()
) -> SceneSummary:
    """Return the summary of a scene."""
    return asyncio.run(engine.summarise(scene, locale, preceding))


class SummariserContract(EngineContract):
    """Tests of a `Summariser`."""

    def test_a_model_has_instructions_and_an_engine_without_has_none(self, engine: Summariser) -> None:
        assert engine.pictures_per_scene >= 0
        if engine.model is not None:
            assert engine.prompt_version

    @pytest.mark.parametrize("locale", LOCALES)
    def test_a_scene_has_sentences_with_sources_in_every_locale(
        self, engine: Summariser, locale: SummaryLocale
    ) -> None:
        found = summarised(engine, full_scene(), locale)

        assert found.sentences
        for sentence in found.sentences:
            assert sentence.text.strip() == sentence.text != ""
            assert sentence.text.isprintable()
            assert sentence.basis in get_args(Basis)
        assert found.unsupported_count >= 0
        assert min(found.usage.pictures, found.usage.input_tokens, found.usage.output_tokens) >= 0

    def test_a_scene_without_findings_has_a_summary_or_none_and_no_error(self, engine: Summariser) -> None:
        everything = frozenset({"persons", "lines", "texts", "keywords", "sounds"})
        for missing in (frozenset[str](), everything):
            bare = SceneEvidence(1, 1, 0, 5_000, 1, not_analysed=missing)  # pyright: ignore[reportArgumentType]  # kinds as text
            assert isinstance(summarised(engine, bare, "en-US"), SceneSummary)

    def test_a_still_picture_has_a_summary(self, engine: Summariser) -> None:
        picture = SceneEvidence(1, 1, 0, 0, 1, texts=(EvidenceText("HARBOUR NEWS", 0.9, 0, 0),))

        assert summarised(engine, picture, "ko-KR").sentences

    def test_summaries_of_a_row_take_those_before_them(self, engine: Summariser) -> None:
        row: list[SceneSummary] = []
        for number in (1, 2, 3):
            row.append(summarised(engine, full_scene(number), "ja-JP", row))

        assert all(one.sentences for one in row)

    def test_anonymous_persons_have_no_names(self, engine: Summariser) -> None:
        scene = SceneEvidence(1, 1, 0, 9_000, 1, persons=(EvidencePerson(8_765, None, ((0, 9_000),)),))

        assert not any(
            "8765" in one.text or "8,765" in one.text for one in summarised(engine, scene, "en-US").sentences
        )
