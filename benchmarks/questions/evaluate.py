"""Ask a running server the questions of `questions.toml` and judge the answers.

    .venv/bin/python benchmarks/questions/evaluate.py -w newsroom [--half set] [--fill FOLDER] [--verbose]

Address and key are those of the commands (``SCENEDEX_ENDPOINT``, ``NCLOUD_ACCESS_KEY``, ``NCLOUD_SECRET_KEY``).
"""

from __future__ import annotations

import argparse
import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from films import fill

from scenedex.client import Client

if TYPE_CHECKING:
    from scenedex.client import QuestionAnswer

QUESTIONS = Path(__file__).parent / "questions.toml"


def main() -> None:
    """Ask, judge and print."""
    options = argparse.ArgumentParser()
    options.add_argument("-w", "--workspace", required=True)
    options.add_argument("--half", choices=("set", "held"))
    options.add_argument("--fill", type=Path, help="Folder of real media, from which the films are made first.")
    options.add_argument("--verbose", action="store_true")
    chosen = options.parse_args()
    endpoint = os.environ.get("SCENEDEX_ENDPOINT", "http://127.0.0.1:8600")
    keys = os.environ["NCLOUD_ACCESS_KEY"], os.environ["NCLOUD_SECRET_KEY"]
    with Client(endpoint, *keys) as client:
        if chosen.fill is not None:
            fill(client, chosen.workspace, chosen.fill)
        for half in [chosen.half] if chosen.half else ["set", "held"]:
            counts: Counter[tuple[str, str]] = Counter()
            for language, halves in tomllib.loads(QUESTIONS.read_text("utf-8")).items():
                for question, words in halves[half]:
                    found = client.ask(chosen.workspace).answer(question)
                    verdict = judge(found, words)
                    counts[language, verdict] += 1
                    counts["all", verdict] += 1
                    if chosen.verbose or verdict.startswith("wrong"):
                        cited = " / ".join(one.text for one in found.citations)
                        print(f"{half} {verdict:>16}  {question}  {found.reason or ''}  {cited}")
            report(half, counts)


def judge(found: QuestionAnswer, words: str) -> str:
    """Return whether an answer or a refusal is right."""
    if not found.enough:
        return "missed" if words else "refused"
    if not words:
        return "wrong: answered"
    # Every sentence quotes its citations, so a citation without the words is beside the question.
    right = [
        re.search(words, " ".join(one.text for one in found.citations if one.number in sentence.citations))
        for sentence in found.sentences
    ]
    return "answered" if all(right) else "answered in part" if any(right) else "wrong: citation"


def report(half: str, counts: Counter[tuple[str, str]]) -> None:
    """Print the shares of right answers and of right refusals."""
    for language in ("en", "ko", "ja", "zh", "all"):

        def of(*verdicts: str, language: str = language) -> int:
            return sum(counts[language, verdict] for verdict in verdicts)

        right, part = of("answered"), of("answered in part")
        answerable = right + part + of("missed", "wrong: citation")
        refused, unanswerable = of("refused"), of("refused", "wrong: answered")
        print(
            f"{half} {language:>4}: answered {right} + {part} in part of {answerable}, wrong citation "
            f"{of('wrong: citation')}, refused {refused} of {unanswerable}"
        )


if __name__ == "__main__":
    main()
