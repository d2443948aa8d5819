"""Evidence that reads like an instruction to a model. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.summaries.vision.evidence import CitedItem

_INSTRUCTION: Final = re.compile(
    r"""
    (?:ignore|disregard|forget|override|bypass) [^.!?]{0,40}
        (?:instruction|prompt|rule|above|previous|prior|everything|guideline|system)
    | (?:system|developer|hidden|new|secret) \s (?:prompt|instruction|message|rule)s?
    | (?:^|\W) (?:system|assistant|user|developer) \s* :
    | <\|? (?:im_start|im_end|system|assistant|user) | \[/?inst\]
    | you \s (?:are|must) \s (?:now|only|always) | (?:act|behave|pretend|respond) \s (?:as|like) \s
    | (?:say|write|output|print|answer|respond|reply|repeat|state|claim|report|describe|mention) \s [^.!?]{0,30}
        (?:only|exactly|that|with|instead|word|following|hacked|["'\u201c\u2018:])
    | (?:to|dear|attention,?) \s [^.!?]{0,20} (?:ai|llm|language\smodel|assistant|chatbot|gpt)\b
    | jailbreak | prompt \s injection
    | (?:이전|앞의|위의|모든|기존) [^.!?]{0,12} (?:지시|명령|지침|규칙|프롬프트)
    | (?:지시|명령|지침) [^.!?]{0,8} (?:무시|잊)
    | 시스템 \s? (?:프롬프트|메시지) | (?:라고|이라고) \s? (?:말|답|대답|출력|적|써|쓰|요약)
    | (?:以前|前|上記|これまで|すべて|全て) [^\u3002\uff01\uff1f]{0,8} (?:指示|命令|プロンプト|ルール)
    | (?:指示|命令) [^\u3002\uff01\uff1f]{0,6} (?:無視|忘れ)
    | システム \s? (?:プロンプト|メッセージ) | と (?:言って|答えて|書いて|出力|返答|要約)
    | (?:忽略|无视|無視|忘记|忘記|不要理会) [^\u3002\uff01\uff1f]{0,12} (?:指令|指示|提示|规则|規則|要求|内容|內容)
    | (?:系统|系統) (?:提示|消息|訊息|指令)
    | (?:请|請|你必须|你必須) [^\u3002\uff01\uff1f]{0,6} (?:说|說|回答|输出|輸出|写|寫|回复|回覆)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BEHIND: Final = 3  # texts after an instruction that may be its end
_BEFORE: Final = 1


def instructing(items: Mapping[str, CitedItem]) -> list[str]:
    """Return the texts of the evidence that read like an instruction to a model, with those around them.

    An instruction may be spread over several lines, as text on screen is.
    """
    found: list[str] = []
    for kind in ("line", "text", "keyword", "person"):
        found += _instructing([item.text for item in items.values() if item.kind == kind])
    return found


def _instructing(texts: Sequence[str]) -> list[str]:
    together, ends = "", list[int]()
    for text in texts:
        together += f"{text} "
        ends.append(len(together))
    suspect: set[int] = set()
    for match in _INSTRUCTION.finditer(together):
        first = sum(end <= match.start() for end in ends)
        last = sum(end < match.end() for end in ends)
        suspect.update(range(max(0, first - _BEFORE), min(len(texts), last + _BEHIND + 1)))
    return [texts[at] for at in sorted(suspect)]
