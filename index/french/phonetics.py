"""How a French word sounds, roughly: « prosedure » and « procédure » have one key.

Written from the rules of French spelling. What people mix up in writing is one sign here: open
and closed e, s and z, an and en; what is not heard at the end of a word is gone. A key is lower
case letters, and a capital for the sounds that French writes with two letters or more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A an, en; I in, ain, un; O on; C ch; U ou. w is the glide of oi, Y that of fille, payer.
_NASAL_END = r"(?![aeiouyAIOUnm])"
_RULES = [
    (re.compile(pattern, re.MULTILINE), sound)
    for pattern, sound in (
        # consonants
        (r"ph", "f"),
        (r"s?ch(?=[rlnt])|[ck]k|cqu|qu(?=[aeiouy])|q", "k"),
        (r"s?ch|sh", "C"),
        (r"h", ""),
        # the cedilla that folding took away: commerçant, français, reçu, façade
        (r"c(?:(?<=rc)(?=ant)|(?<=nc)(?=ais)|(?<=ec)(?=us?$|oi)|(?<=fac)(?=ad|on))", "s"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x$", ""),
        (r"x|gz", "ks"),
        (r"(?<=[a-rt-wyz])ti(?=on|eu|el|al)", "si"),
        (r"ge(?=[aou])|g(?=[eiy])|dj", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"gn", "ni"),
        (r"(?<=m)pt", "t"),
        (r"mn", "n"),
        # the end: endings of verbs and plurals sound alike, most consonants are silent
        (r"(?<=..)(?:aient|aits?|ais)$", "e"),
        (r"(?<=m)ents?$", "an"),
        (r"(?<=...)(?:ers?|ez|ees?|es|ent)$", "e"),
        (r"(?<=..)(?:[dtp]?[sz]|[dtp]|(?<=[nr])g)$", ""),
        # vowels
        (r"([bdfgjkmnpqrstvz])\1", r"\1"),
        (r"e?au", "o"),
        (r"ou?in" + _NASAL_END, "wI"),
        (r"ou?a|oi|oy", "wa"),
        (r"ou", "U"),
        (r"(?<=[aeouU])ill|(?<=[aeuU])il$|(?<!^vi)(?<!^mi)(?<!qui)(?<=i)ll(?=[aeioUu]|$)", "Y"),
        (r"[ae]y(?=[aeiouUAIO])", "eY"),
        (r"iy(?=[aeiouUAIO])", "iY"),
        (r"l+", "l"),
        (r"(?<=i)en" + _NASAL_END, "I"),
        (rf"(?:a|e)?(?:in|im){_NASAL_END}|(?:yn|ym|un|um){_NASAL_END}", "I"),
        (rf"[ae][nm]{_NASAL_END}", "A"),
        (rf"o[nm]{_NASAL_END}", "O"),
        (r"oeu|eu|[ae][iy]", "e"),
        (r"y", "i"),
        (r"z", "s"),
        (r"w(?!a|I)", "v"),
        (r"(?<=..)e$", ""),
        (r"(.)\1+", r"\1"),
    )
]


def sounds(words: Sequence[str]) -> list[str]:
    """The key of each folded word; much faster for many at once than one by one."""
    if not words:
        return []
    text = "\n".join(words)
    for pattern, sound in _RULES:
        text = pattern.sub(sound, text)
    return text.split("\n")
