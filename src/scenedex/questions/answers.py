"""Conversion of answered questions to wire shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.questions.records import NoAnswer
from scenedex.questions.schemas import (
    AnswerSentenceObject,
    CitationObject,
    LookedAtObject,
    NotAnalysedObject,
    QuestionObject,
    QuestionUsageObject,
)
from scenedex.summaries.estimate_schemas import CostObject
from scenedex.wire.deep_links import asset_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.questions.records import AskedQuestion, FoundCitation
    from scenedex.search.hits import SearchAddresses
    from scenedex.summaries.use import Prices

# Languages that are written without spaces between sentences.
_UNSPACED: Final = frozenset({"ja-JP", "zh-CN", "zh-TW"})


def question_object(asked: AskedQuestion, addresses: SearchAddresses, prices: Prices) -> QuestionObject:
    """Convert a question with its answer, with the URLs of its citations."""
    facts, request = asked.facts, asked.request
    if facts is None:
        return QuestionObject(
            ask_id=asked.question_id,
            status=asked.state.value,
            status_message=asked.message,
            question=request.question,
            locale=request.locale,
        )
    urls = addresses.links.readable(sorted({one.keyframe_key for one in asked.citations}), addresses.base_url)
    between = "" if request.locale in _UNSPACED else " "
    is_enough = bool(asked.sentences)
    reason = None if is_enough else facts.reason or NoAnswer.SOURCES_DELETED
    looked_at = facts.looked_at
    return QuestionObject(
        ask_id=asked.question_id,
        status=asked.state.value,
        status_message=facts.note,
        question=request.question,
        locale=request.locale,
        enough=is_enough,
        answer=between.join(one.text for one in asked.sentences) if is_enough else None,
        reason=None if reason is None else reason.value,
        sentences=[AnswerSentenceObject(text=one.text, citations=list(one.citations)) for one in asked.sentences],
        citations=[_citation(one, urls, addresses) for one in asked.citations],
        looked_at=LookedAtObject(
            asset_count=looked_at.asset_count,
            analysed_asset_count=looked_at.analysed_asset_count,
            scene_count=looked_at.scene_count,
            passage_count=looked_at.passage_count,
        ),
        not_analysed=[NotAnalysedObject(part=one.part, asset_count=one.asset_count) for one in looked_at.not_analysed],
        engine=facts.engine,
        model=facts.model,
        prompt_version=facts.prompt_version,
        unsupported_sentences=facts.unsupported_count,
        usage=QuestionUsageObject(
            input_tokens=facts.input_tokens,
            output_tokens=facts.output_tokens,
            estimated=facts.is_usage_estimated or None,
            cost=CostObject.of(prices, facts.input_tokens, facts.output_tokens),
        ),
    )


def _citation(one: FoundCitation, urls: Mapping[str, str], addresses: SearchAddresses) -> CitationObject:
    words = one.citation
    return CitationObject(
        number=one.number,
        kind=words.kind,
        text=words.text,
        asset_id=one.asset_id,
        project_id=one.project_id,
        file_name=one.file_name,
        asset_type=one.asset_type,
        index_id=one.index_id,
        scene_id=one.scene_id,
        moment_start_ms=words.start_ms,
        moment_end_ms=words.end_ms,
        moment_url=asset_link(addresses.server_url, addresses.workspace_name, one.asset_id, words.start_ms),
        keyframe_url=urls[one.keyframe_key],
        confidence=words.confidence,
        engine=words.engine,
        speaker=words.speaker,
        language=words.language,
    )
