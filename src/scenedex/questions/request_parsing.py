"""Parsing of questions from the wire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.questions.records import QuestionRequest
from scenedex.search.request_parsing import parse_scope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import check_name

if TYPE_CHECKING:
    from scenedex.index.records import LocaleName
    from scenedex.questions.schemas import RequestQuestion
    from scenedex.wire.parsing import WireTime

MAX_QUESTION_LENGTH: Final = 500
_LETTER: Final = re.compile(r"[^\W\d_]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_IDEOGRAPH: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# Frequent characters that only traditional Chinese has.
_TRADITIONAL: Final = re.compile(
    "[們這個來時說國會對發學為與麼沒還過從後問長門見車電話東樂書會誰麽裡裏頭點樣實現開關機場業員區號錄種題]"
)


def parse_request(data: RequestQuestion, times: WireTime) -> QuestionRequest:
    """Parse a request.

    Raises:
        InvalidRequest: a field, which the error names, is missing, too long or not valid.
    """
    question = check_name("question", data.question, max_length=MAX_QUESTION_LENGTH)
    if _LETTER.search(question) is None:
        raise InvalidRequest(FieldProblem("question", "must have a letter"))
    return QuestionRequest(question, parse_scope(data.filter, times), data.locale or locale_of(question))


def locale_of(question: str) -> LocaleName:
    """Return the language of a question by its script."""
    if _HANGUL.search(question):
        return "ko-KR"
    if _KANA.search(question):
        return "ja-JP"
    if _IDEOGRAPH.search(question):
        return "zh-TW" if _TRADITIONAL.search(question) else "zh-CN"
    return "en-US"
