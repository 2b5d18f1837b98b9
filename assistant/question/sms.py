"""Words as thumbs type them, spelled out: « g envi de mourir », « t ki », « et c t kan ».

Before a message is judged, joined to the one before it and searched; its other slips are left to
the index's own speller. Words of the guardrails' patterns that no ordinary word is near of are
found at one slip: « paseport », « inore ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from assistant.question.places import is_place
from corpus import wordlists
from corpus.vocabulary import lexicon
from index.french.analysis import fold, of_corpus
from index.french.lexicon import common_words

_FILE = Path(__file__).with_name("sms.txt")
_PHRASES = (
    (r"\bt (?=(?:un|une|qui|quoi|con|nul|vraimen\w*|trop|tro|bete|humain|robot)\b)", "tu es "),
    (r"(?<!\w)\+ (?=[a-z])", "plus "),
    (r"\bje (?=j')", ""),
    # « tel mairie », « le tel de la mairie »; not « un tel projet », « tel que », « rien de tel »
    (r"(?<!\bun )(?<!\bde )\btel (?!qu|est\b)", "téléphone "),
    (
        r"\bsa (?=(?:va|veut|vaut|passe|fait|se|sert|ser|coute|cout|marche|march|finit|fini|dure|"
        r"dur|commence|comence|concerne|s'arrete)\b)",
        "ça ",
    ),
    (r"\b(?:es|est) ce qu", "est-ce qu"),
    (r"\bta vis? (?=sur\b)", "ton avis "),
    (r"\bje droi\b", "j'ai droit"),
    (r"\bje peut?\b", "je peux"),
    # « ma boulangerie peu avoir », « on peu maider »; not « un peu plus cher »
    (
        r"(?<!un )\bpeu (?=(?:(?:pas|plus|en|y) )*(?!cher\b)"
        r"(?:[mtsl]'[^\W\d_]+|[eê]tre|faire|[^\W\d_]{2,}(?:er|ir|oir|dre|tre))\b)",
        "peut ",
    ),
    (r"\bc t\b", "c'était"),
    (r"\bjusqu (?=(?:a|à|au|aux|en)\b)", "jusqu'"),
    (r"\bjusqu (?=(?:quand|quel\w*|combien)\b)", "jusqu'à "),
    (
        r"\bc (?=(?:quoi|qui|bien|nul|bon|pour|quand|ou|un|une|le|la|les|des|combien|pas|toujours|"
        r"encore|fini|valable|obligatoire|gratuit|cher|deja|quel|quelle)\b)",
        "c'est ",
    ),
    (r"\bc (?=est\b|etait\b)", "c'"),
    (r"\bla quelle\b", "laquelle"),
    # « les commune de VHBC » asks for all of them, « combien de commune » counts them
    (r"^((?:et )?les [^\W\d_]{2,}[^\W\d_sxz])(?= (?:d[eu]|des) | d')", r"\1s"),
    (r"\b((?:combien|liste) (?:de|des) [^\W\d_]{2,}[^\W\d_sxz])\b(?!')", r"\1s"),
    # an article stuck to its noun: « ladresse », « demploi », « lanah »
    (
        r"\b(l|d)(?=(?:adresse|aide|anah|anct|avis|age|emploi|identite|ecole|etat|impots?|opah|"
        r"ort|urgence|assistante?|habitants?)\b)",
        r"\1'",
    ),
)
_SHORTEST = 5  # letters of a word that may hold a slip
_STUCK = 4  # of one that a small word may be stuck to: « maide »


def spell(folded: str) -> str:
    """A folded text with its shortcuts and slips spelled out."""
    text = re.sub(r"[a-z]+", lambda word: _word(word[0]), folded)
    for pattern, spell_out in _PHRASES:
        text = re.sub(pattern, spell_out, text)
    return fold(text)


def spelled(text: str) -> str:
    """A text with its shortcuts spelled out, its other words as they were typed."""
    known, _ = _list()

    def said(word: re.Match[str]) -> str:
        if word.start() and text[word.start() - 1] in "'’":  # « cb d'hab », not « c'est »
            return known.get(fold(word[0]), word[0]) if len(word[0]) > 2 else word[0]
        if len(word[0]) > 1 and word[0].isupper() and not text.isupper():  # « par CB »
            return word[0]
        return known.get(fold(word[0])) or _unstuck(word[0], known)

    text = re.sub(r"\b[^\W\d_]+\b(?!['’])", said, text)
    for pattern, spell_out in _PHRASES:
        text = re.sub(pattern, spell_out, text, flags=re.IGNORECASE)
    return text


def _unstuck(word: str, known: Mapping[str, str]) -> str:
    """A word without the small one stuck to it: « combien daction », « on maide », « jcherche »."""
    folded = fold(word)
    rest = folded[1:]
    if is_place(folded) or folded in lexicon():  # « Laillé », « un lavoir »
        return word
    if folded[0] in "ldjmtsn" and len(rest) >= _STUCK and rest[0] in "aeiouh":
        return f"{word[0]}'{word[1:]}" if rest in common_words() else word
    if folded[0] == "j" and len(rest) >= _STUCK - 1 and rest[0] not in "aeiouy":
        return f"je {known.get(rest, word[1:])}" if rest in known or rest in lexicon() else word
    return word


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
