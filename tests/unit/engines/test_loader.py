"""Loading of engines."""

from __future__ import annotations

import pytest

from engine_choices import choice_of
from scenedex.engines.embeddings import MPEG7, PICTURES
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.faces import DLIB, FACES
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import POCKETSPHINX, SPEECH
from scenedex.engines.text import RAPIDOCR, TEXT
from scenedex.engines.voice import SILERO, VOICE


@pytest.mark.parametrize(
    ("port", "engine"),
    [(FACES, DLIB), (PICTURES, MPEG7), (SPEECH, POCKETSPHINX), (TEXT, RAPIDOCR), (VOICE, SILERO)],
    ids=lambda value: getattr(value, "name", None),
)
@pytest.mark.parametrize("changed", [{}, {"name": "other"}, {"version": "0"}, {"weights": "others"}], ids=str)
def test_only_the_engine_that_was_chosen_is_opened(port: object, engine: object, changed: dict[str, str]) -> None:
    choice = choice_of(engine, **changed)  # type: ignore[arg-type]  # parametrised
    if not changed:
        assert open_engine(port, choice).engine == engine  # type: ignore[arg-type]  # parametrised
    else:
        with pytest.raises(EngineUnavailable, match="run the same version of scenedex everywhere"):
            open_engine(port, choice)  # type: ignore[arg-type]  # parametrised


@pytest.mark.parametrize("factory", ["", "scenedex.engines.gone:open_it", "scenedex.engines.faces.dlib_faces:gone"])
def test_a_factory_that_is_not_here_is_refused(factory: str) -> None:
    with pytest.raises(EngineUnavailable, match="No engine of faces here is dlib-resnet 3 dlib-resnet-v1"):
        open_engine(FACES, choice_of(DLIB, factory=factory))
