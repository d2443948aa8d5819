"""Speakers: groups of utterances with the same voice.

The speakers stage turns utterances into vectors with a `SpeakerEmbedder` and groups them. Embedders know samples alone,
no files, times, words or persons of a workspace. Importing this package loads no network library.
"""

from scenedex.engines.speakers.port import (
    ONE_SPEAKER,
    SPEAKERS,
    SPECS,
    WESPEAKER,
    WESPEAKER_FILE,
    SpeakerEmbedder,
    UtteranceTooShort,
)

__all__ = ["ONE_SPEAKER", "SPEAKERS", "SPECS", "WESPEAKER", "WESPEAKER_FILE", "SpeakerEmbedder", "UtteranceTooShort"]
