"""Options of commands that import many objects: globs, and the analysis of each asset as it arrives."""

from typing import Annotated

import typer

from scenedex.client import AnalysisOptions, SourceLanguage

Include = Annotated[
    list[str] | None,
    typer.Option(help="Import only objects that match this glob, such as '*.mp4'. Repeat it for more.", metavar="GLOB"),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(help="Do not import objects that match this glob, such as 'drafts/**'.", metavar="GLOB"),
]
Analyse = Annotated[bool, typer.Option("--analyse", help="Request an analysis of each asset when it is imported.")]
Persons = Annotated[
    int, typer.Option(help="With --analyse: maximum number of persons to find, 0-10. 0 is faster.", min=0, max=10)
]
Language = Annotated[
    SourceLanguage | None, typer.Option(case_sensitive=False, help="With --analyse: language of the speech.")
]


def arrival_options(*, analyse: bool, persons: int, language: SourceLanguage | None) -> AnalysisOptions | None:
    """Return the options of an analysis on arrival, or `None` for none."""
    if not analyse and (persons or language):
        raise typer.BadParameter("--persons and --language need --analyse")
    return AnalysisOptions(analysis_person_count=persons, source_language=language) if analyse else None
