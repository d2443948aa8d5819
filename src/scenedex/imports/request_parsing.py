"""Checks of requests for imports of many objects. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.request_parsing import check_options
from scenedex.imports.patterns import MAX_PATTERNS, PatternInvalid, parse_glob
from scenedex.imports.records import BulkImportOptions
from scenedex.storage.names import MAX_KEY_BYTES, has_dot_segment, is_bucket_name
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.analysis.schemas import RequestAnalysis
    from scenedex.imports.schemas import RequestBulkImport, SourceSelection
    from scenedex.index.records import AnalysisSetting


def bulk_import_options(data: RequestBulkImport) -> BulkImportOptions:
    """Return the options of a request for a bulk import.

    Raises:
        InvalidRequest: a field is not valid. The message names every problem.
    """
    check_selection(data)
    return BulkImportOptions(
        bucket_name=data.bucket_name,
        prefix=data.prefix,
        is_recursive=data.recursive,
        include=tuple(data.include),
        exclude=tuple(data.exclude),
        skips_known=data.skip_known,
        analysis=analysis_setting(data.analysis),
    )


def check_selection(data: SourceSelection) -> None:
    """Check the bucket, prefix and globs of a request.

    Raises:
        InvalidRequest: one of them is not valid. The message names every problem.
    """
    problems = [
        *_name_problems(data.bucket_name, data.prefix),
        *_glob_problems("include", data.include),
        *_glob_problems("exclude", data.exclude),
    ]
    if problems:
        raise InvalidRequest(*problems)


def analysis_setting(asked: RequestAnalysis | None) -> AnalysisSetting | None:
    """Return the setting of an analysis on arrival.

    Raises:
        InvalidRequest: an option is out of bounds or contradicts another.
    """
    if asked is None:
        return None
    try:
        return check_options(asked)
    except InvalidRequest as error:
        problems = [FieldProblem(f"analysis.{one.field}", one.reason) for one in error.details]
        raise InvalidRequest(*problems) from error


def _name_problems(bucket_name: str, prefix: str) -> Iterator[FieldProblem]:
    if not is_bucket_name(bucket_name):
        yield FieldProblem("bucketName", "must be a well-formed bucket name")
    if len(prefix.encode()) > MAX_KEY_BYTES or "\x00" in prefix:
        yield FieldProblem("prefix", f"must be at most {MAX_KEY_BYTES} bytes of UTF-8 without NUL")
    elif has_dot_segment(prefix):
        yield FieldProblem("prefix", "must have no '.' or '..' between its slashes")


def _glob_problems(field: str, globs: Sequence[str]) -> Iterator[FieldProblem]:
    if len(globs) > MAX_PATTERNS:
        yield FieldProblem(field, f"must have at most {MAX_PATTERNS} patterns")
        return
    for number, glob in enumerate(globs):
        try:
            parse_glob(glob)
        except PatternInvalid as error:
            yield FieldProblem(f"{field}[{number}]", str(error))
