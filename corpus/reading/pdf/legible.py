"""Whether the text that a file gives for a page is what the page shows.

Fonts without their table of letters, or with a wrong one, give words that nobody wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_FEW = 20  # letters: too few to judge
_JUDGED = 100  # pairs of letters

# The 120 most frequent pairs of letters in French: 90 % of those of the fiches that ship. English
# has 67 % of its pairs among them, German 74 %, Latin 76 %; shuffled letters 12 to 16 %.
_PAIRS = frozenset(
    "es de re le en on te ti et er it co nt an ne un in la ai io em ce vi il at me ll ou om ur pe "
    "mm ma st pr na ie al ta ns pa se is ve rt ra ri qu nc ir li ar he el ro or tr mu lo oi au ch "
    "si ue ui ic ge to ec po eu ag no pv vd ut rc nd ct as ac du ee br op sa ss va di fi ts av rr "
    "gn us ev da ni ci so mb bi ab og gu su ha mi nn ca".split()
)
_LEAST = 0.45  # of the pairs

# UTF-8 read as Windows-1252: « Ã© » for « é », « â€™ » for « ’ ».
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf©¨ªœ´¢§\u2020\u2030\u0160]|â€|Â[«»°§\u00a0]")
_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH"})  # one text mixes them


def trouble(words: Sequence[str]) -> str | None:
    """What is wrong with the words of a page, in French; None when they can be read."""
    text = " ".join(words)
    solid = "".join(words)
    if len(solid) < _FEW:
        return None
    if _unknown(words) > 0.08 * len(solid):
        return "des caractères inconnus"
    if len(_MOJIBAKE.findall(text)) > max(2, len(solid) / 200):
        return "des accents illisibles"
    if _glued(words) > 0.3 * len(solid):
        return "des mots collés"
    letters = [word for word in words if any(map(str.isalpha, word))]
    if len(letters) > 30 and sum(len(word) == 1 for word in letters) > 0.8 * len(letters):
        return "des lettres séparées"
    return "des lettres mélangées" if _shuffled(text) else None


def _unknown(words: Sequence[str]) -> int:
    """How many characters are none; a single one alone is a bullet in a font of symbols."""
    return sum(
        character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
        for word in words
        if len(word) > 1
        for character in word
    )


def _glued(words: Sequence[str]) -> int:
    """How many characters stand in words too long to be French, addresses left aside."""
    return sum(
        len(word)
        for word in words
        if len(word) > 28
        and re.match(r"\W*[A-Za-zÀ-ÿ]", word)
        and not re.search(r"[/@_]|\.\.|[.-]\w+[.-]", word)
    )


def _shuffled(text: str) -> bool:
    letters = "".join(
        c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)
    )
    scripts = Counter(
        unicodedata.name(c, "?").split()[0].split("-")[0] for c in letters if c.isalpha()
    )
    total = scripts.total()
    if total < _JUDGED:
        return False
    script, times = scripts.most_common(1)[0]
    if script != "LATIN":
        together = sum(n for name, n in scripts.items() if name in _TOGETHER)
        return max(times, together) < 0.6 * total
    pairs = [
        a + b
        for word in re.findall("[a-zœæ]+", letters)
        for a, b in zip(word, word[1:], strict=False)
    ]
    return len(pairs) >= _JUDGED and sum(p in _PAIRS for p in pairs) < _LEAST * len(pairs)
