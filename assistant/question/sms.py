"""Words as thumbs type them, spelled as the guardrails' patterns: « g envi de mourir », « t ki ».

For judging a message only: what is searched goes through the index's own speller. Words of the
patterns that no ordinary word is near of are found at one slip: « paseport », « inore ».
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from corpus import wordlists
from index.french.analysis import of_corpus

_FILE = Path(__file__).with_name("sms.txt")
_PHRASES = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"\bt (?=(?:un|une|qui|quoi|con|nul|vraimen\w*|trop|tro|bete|humain|robot)\b)", "tu es "),
        (r"\bje (?=j')", ""),
        (r"\bsa (?=va\b|veut\b|vaut\b|passe\b)", "ca "),
        (r"\b(?:es|est) ce qu", "est-ce qu"),
        (r"\bta vis? (?=sur\b)", "ton avis "),
        (r"\bje droi\b", "j'ai droit"),
        (r"\bc (?=(?:quoi|qui|bien|nul|bon|pour|quand|ou|un|une|le|la)\b)", "c'est "),
        # an article stuck to its noun: « ladresse », « demploi », « lanah »
        (
            r"\b(l|d)(?=(?:adresse|aide|anah|anct|avis|age|emploi|identite|ecole|etat|impots?|opah|"
            r"ort|urgence|assistante?)\b)",
            r"\1'",
        ),
    )
)
_SHORTEST = 5  # letters of a word that may hold a slip


def spell(folded: str) -> str:
    """A folded text with its shortcuts and slips spelled out."""
    text = re.sub(r"[a-z]+", lambda word: _word(word[0]), folded)
    for pattern, spelled in _PHRASES:
        text = pattern.sub(spelled, text)
    return text


@cache
def _list() -> tuple[dict[str, str], tuple[str, ...]]:
    """What each shortcut stands for, and the words that are known with a slip."""
    pairs = [entry.text.partition("\t") for entry in wordlists.read(_FILE)]
    spelled = {typed: meant for typed, tab, meant in pairs if tab}
    return spelled, tuple(typed for typed, tab, _ in pairs if not tab)


@of_corpus
def _word(word: str) -> str:
    spelled, known = _list()
    if word in spelled or len(word) < _SHORTEST:
        return spelled.get(word, word)
    for plain in known:
        # « ignorer » and « oubliez » are no slips of « ignore » and « oublie ».
        if word[0] == plain[0] and not word.startswith(plain):
            if OSA.distance(word, plain, score_cutoff=1) <= 1:
                return plain
    return word
