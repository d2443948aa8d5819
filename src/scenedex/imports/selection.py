"""Choice of the listed objects that are imported, and the reasons to skip the others. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal

from scenedex.assets.acceptance import IMAGE_ENDINGS, VIDEO_ENDINGS
from scenedex.imports.patterns import parse_glob
from scenedex.storage.names import has_dot_segment, key_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.assets.acceptance import AcceptanceLimits
    from scenedex.imports.patterns import Glob
    from scenedex.storage.objects import ListedObject

SkipReason = Literal["unsupportedFormat", "empty", "tooLarge", "known", "excluded", "beyondLimit", "nameNotValid"]


@dataclass(frozen=True, slots=True)
class Skip:
    """Reason to skip an object, with details for people."""

    reason: SkipReason
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectSelection:
    """Rules by which objects are chosen.

    Attributes:
        prefix: start of the keys. Globs are compared with what follows its last slash.
        include: globs of which an object must match one, if there are any.
        exclude: globs of which an object must match none.
        limits: limits of an asset.
    """

    prefix: str
    include: Sequence[Glob]
    exclude: Sequence[Glob]
    limits: AcceptanceLimits

    def skip_of(self, item: ListedObject) -> Skip | None:
        """Return the reason to skip an object, or `None` if it is to be imported."""
        if item.key.endswith("/"):
            return Skip("nameNotValid", "The key names a folder.")
        if (problem := key_problem(item.key)) is not None:
            return Skip("nameNotValid", problem.value)
        if has_dot_segment(item.key):
            return Skip("nameNotValid", "The key has '.' or '..' between its slashes, perhaps encoded.")
        folder = self.prefix[: self.prefix.rfind("/") + 1]
        if any(glob.matches(item.key, folder) for glob in self.exclude):
            return Skip("excluded", "A pattern of exclude matches.")
        if self.include and not any(glob.matches(item.key, folder) for glob in self.include):
            return Skip("excluded", "No pattern of include matches.")
        return self._refused_by_name_or_size(item)

    def _refused_by_name_or_size(self, item: ListedObject) -> Skip | None:
        ending = PurePosixPath(item.key).suffix.lower()
        if ending in VIDEO_ENDINGS:
            setting, limit = "max_video_bytes", self.limits.max_video_bytes
        elif ending in IMAGE_ENDINGS:
            setting, limit = "max_image_bytes", self.limits.max_image_bytes
        else:
            return Skip("unsupportedFormat", _UNSUPPORTED)
        if item.size_bytes == 0:
            return Skip("empty", "The object has no bytes.")
        if item.size_bytes > limit:
            return Skip("tooLarge", f"The setting limits.{setting} is {limit}.")
        return None


def selection_of(
    prefix: str, include: Sequence[str], exclude: Sequence[str], limits: AcceptanceLimits
) -> ObjectSelection:
    """Return the rules of checked globs."""
    return ObjectSelection(prefix, tuple(map(parse_glob, include)), tuple(map(parse_glob, exclude)), limits)


_UNSUPPORTED: Final = f"The name does not end with {', '.join(sorted(VIDEO_ENDINGS | IMAGE_ENDINGS))}."
