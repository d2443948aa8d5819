"""Keywords: what is talked about, written or to be seen, as single words and short phrases with a confidence.

The stage `pictures` looks for objects and labels in stills, the stage `terms` reads what was said and shown. Nothing
here knows scenes, indexes or the thresholds below which a keyword is hidden.
"""

from scenedex.engines.keywords.port import KEYWORDS, LABELS, OBJECTS, FoundLabel, FoundObject, Labeller, ObjectFinder
from scenedex.engines.keywords.specs import (
    FASTESTDET,
    SIGLIP2_LABELS,
    SPECS,
    TEXT_TERMS,
    label_pictures,
    label_prompts,
    label_texts,
)
from scenedex.engines.keywords.terms import Origin, Passage, SpokenWord, Term, find_terms
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
    "Origin",
    "Passage",
    "SpokenWord",
    "Term",
    "VocabularyUnreadable",
    "bundled_vocabulary",
    "find_terms",
    "label_pictures",
    "label_prompts",
    "label_texts",
    "read_vocabulary",
]
