"""Outcomes of broken files, checks of them, and tables."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ENDINGS: Final = ("COMPLETED", "INVALID_METADATA", "FAILED", "FILE_NOT_EXIST")
ANALYSIS_ENDINGS: Final = ("ANALYZE_COMPLETED", "ANALYZE_FAIL")
ODD_WORDS: Final = re.compile(r"\b0x[0-9a-f]{6}|Traceback|<[_a-z]+[. ]|\w+Error\b|\[Errno|\bb'|\\x|object at")
"""Words that only a programmer understands."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of one file.

    Attributes:
        name: name of the file.
        format: format of the file that was broken.
        mutation: its mutation.
        status: the last status.
        reason: reason from the service, ``None`` if it gave none.
        seconds: from the call to the end.
    """

    name: str
    format: str
    mutation: str
    status: str
    reason: str | None
    seconds: float

    @property
    def complaint(self) -> str | None:
        """The fault of this outcome, or ``None`` if it is acceptable."""
        if self.status in ("COMPLETED", "ANALYZE_COMPLETED"):
            return None
        if self.status not in (*ENDINGS, *ANALYSIS_ENDINGS):
            return f"it ended with {self.status}"
        if not self.reason:
            return f"it ended with {self.status} and without a reason"
        return f"odd words: {self.reason}" if ODD_WORDS.search(self.reason) else None


def table(outcomes: Sequence[Outcome], endings: Sequence[str]) -> str:
    """Count the files by format, mutation and status in a table, with maximum durations and totals."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.format, one.mutation].append(one)
    lines = [
        "| format | mutation | files | " + " | ".join(endings) + " | longest, s |",
        "|---|---|" + "---|" * (len(endings) + 2),
        *(_row(form, way, group, endings) for (form, way), group in sorted(groups.items())),
        _row("**all**", "", outcomes, endings),
    ]
    return "\n".join(lines)


def reasons(outcomes: Iterable[Outcome]) -> str:
    """List the reasons by frequency. Reasons that differ only in numbers count as one."""
    found: dict[str, int] = defaultdict(int)
    for one in outcomes:
        if one.reason:
            found[f"{one.status}: {re.sub(r'[0-9]+', '#', one.reason)}"] += 1
    return "\n".join(f"{count:6} {reason}" for reason, count in sorted(found.items(), key=lambda item: -item[1]))


def _row(form: str, way: str, group: Sequence[Outcome], endings: Sequence[str]) -> str:
    counts = " | ".join(str(sum(one.status == ending for one in group)) for ending in endings)
    longest = max((one.seconds for one in group), default=0)
    return f"| {form} | {way} | {len(group)} | {counts} | {longest:.1f} |"
