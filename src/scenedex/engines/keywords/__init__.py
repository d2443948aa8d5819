"""Keywords: words and short phrases, with a confidence, for things that are said, written or visible.

The stage `pictures` finds objects and labels in stills. The stage `terms` reads speech and text on screen. Nothing here
knows scenes, indexes or the thresholds below which a keyword is hidden.
"""

from scenedex.engines.keywords.port import (
    FASTESTDET,
    KEYWORDS,
    LABELS,
    OBJECTS,
    SIGLIP2_LABELS,
    SPECS,
    TEXT_TERMS,
    FoundLabel,
    FoundObject,
    Labeller,
    ObjectFinder,
    label_pictures,
    label_prompts,
    label_texts,
)
from scenedex.engines.keywords.terms import RecognisedText, Term, TextOrigin, TimedWord, find_terms
from scenedex.engines.keywords.vocabulary import VocabularyUnreadable, bundled_vocabulary, read_vocabulary

__all__ = [
    "FASTESTDET",
    "KEYWORDS",
    "LABELS",
    "OBJECTS",
    "SIGLIP2_LABELS",
    "SPECS",
    "TEXT_TERMS",
    "FoundLabel",
    "FoundObject",
    "Labeller",
    "ObjectFinder",
    "RecognisedText",
    "Term",
    "TextOrigin",
    "TimedWord",
    "VocabularyUnreadable",
    "bundled_vocabulary",
    "find_terms",
    "label_pictures",
    "label_prompts",
    "label_texts",
    "read_vocabulary",
]
