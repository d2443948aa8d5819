"""English function words: a query with other words ignores them.

They are articles, pronouns, prepositions, conjunctions and auxiliary verbs only. Nouns, numbers and adjectives, as in a
woman, two men or New York, carry meaning.
"""

from __future__ import annotations

from typing import Final

_WORDS = """
    a an the this that these those
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself
    we us our ours ourselves they them their theirs themselves
    who whom whose which what where when why how there here
    am is are was were be been being do does did doing done have has had having
    can could will would shall should may might must
    dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt
    im ive id youre youve weve were theyre theyve hes shes
    of in on at by for from to into onto with without about as than through during between among under over
    and or but nor so if because while until though although
    not no yes s t m d re ve ll
"""

FUNCTION_WORDS: Final = frozenset(_WORDS.split())
