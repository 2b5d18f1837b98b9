"""The ways people type a question: what the search is measured on, besides clean French.

Each variant is drawn from the seed and the question alone, so that the same question is always
spoilt in the same way, whatever its neighbours. Nothing here is shared with the speller: a search
measured on the mistakes that it was made to undo would look better than it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

from index.french.analysis import STOP_WORDS

# A question's words, numbers left alone: nobody's ear or finger makes « 303-2 » a subject.
_WORD = re.compile(r"[^\W\d_]+")
_MIN_LETTERS = 4  # shorter words are seldom mistyped, and with one change are another word

# Where the keys of an AZERTY keyboard stand: each row is pushed right by part of a key.
_ROWS = (("azertyuiop", 0.0), ("qsdfghjklm", 0.25), ("wxcvbn", 0.75))
_KEY_REACH = 1.3  # in keys: the left, right, upper and lower neighbours, and no other

_VOWEL, _FRONT, _CONSONANT = "[aeiouéèêëàâîïôûù]", "[eiyéèêëîï]", "[bcdfgjlmpqrstvz]"

# Who spells by ear writes one of these for the other. Each is tried alone on a word that keeps its
# accents: the last letter of « santé » is heard, that of « rente » is not.
_SOUNDS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(written), heard)
    for written, heard in (
        (r"(?<!s)ti(?=on|el|eux|ence)", "si"),  # médiation -> mediasion
        (rf"c(?={_FRONT})", "s"),  # procédure -> prosedure
        ("ç", "ss"),
        ("qu", "k"),  # équipe -> ekipe
        (r"cc?(?=[aouklrâôû])", "k"),
        ("ph", "f"),
        ("eau", "o"),
        ("(?<!e)au", "o"),
        (rf"(?<=[bcdfglmprstvz])an(?={_CONSONANT})", "en"),  # Denormandie -> denormendie
        (rf"(?<!i)en(?={_CONSONANT})", "an"),
        ("em(?=[bp])", "am"),
        ("ment(?=s?$)", "man"),
        (rf"[ae]in(?={_CONSONANT}|$)", "in"),
        ("oi(?!n)", "oua"),
        ("ai(?![nl])", "è"),
        ("ei(?![nl])", "è"),
        ("gn", "ni"),
        ("ill(?=[aeoé])", "y"),
        (rf"g(?={_FRONT})", "j"),
        ("gu(?=[eiéè])", "g"),
        (rf"(?<={_VOWEL})s(?=(?!ion){_VOWEL})", "z"),  # maison -> maizon
        (rf"sc(?={_FRONT})", "s"),
        ("x(?=[aeiou])", "ks"),
        (r"([bdflmnprt])\1", r"\1"),  # commerce -> comerce
        ("ss", "s"),
        ("(?<![cps])h", ""),  # habitat -> abitat
        ("y", "i"),
        ("(?<=..[bfiklmpruvz])es?$", ""),  # Denormandie -> denormandi; « n » would be swallowed
        ("(?<=...)[dstx]$", ""),
        ("(?<=..)er$", "é"),
        ("(?<=[ao])m(?=n)", ""),
        ("um$", "om"),
    )
)

# What phones and chats make of the small words, folded; the longest are replaced first.
_SHORTHAND = {
    "qu'est-ce que c'est": "c koi",
    "qu'est-ce que": "c koi",
    "qu'est-ce qu'": "c koi ",
    "c'est quoi": "c koi",
    "est-ce que": "",
    "est-ce qu'": "",
    "quelles": "kel",
    "quelle": "kel",
    "quels": "kel",
    "quel": "kel",
    "pourquoi": "pk",
    "comment": "coman",
    "combien": "cb",
    "quand": "kan",
    "quoi": "koi",
    "qui": "ki",
    "que": "ke",
    "pour": "pr",
    "dans": "ds",
    "avec": "av",
    "vous": "vs",
    "nous": "ns",
    "toujours": "tjs",
    "tous": "ts",
    "tout": "tt",
    "beaucoup": "bcp",
    "c'est": "c",
    "j'ai": "g",
    "il y a": "ya",
    "y a-t-il": "ya",
    "s'il vous plait": "svp",
    "bonjour": "bjr",
    "maintenant": "mtn",
    "aujourd'hui": "ojd",
    "depuis": "dpui",
    "parce que": "pcq",
    "peut-on": "on peu",
    "peut": "peu",
    "faut-il": "fo",
    "il faut": "fo",
    "sont": "st",
    "etre": "etr",
    "faire": "fer",
    "rendez-vous": "rdv",
}


def vary(question: str, variant: str, seed: int = 0) -> str:
    """A question as `variant` types it, one of VARIANTS; the same for the same seed."""
    return VARIANTS[variant](question, Random(f"{seed} {variant} {question}"))


def _clean(question: str, _: Random) -> str:
    return question


def _bare(question: str, _: Random) -> str:
    """Without accents, and a space for each apostrophe: « l etat »."""
    return _fold(question.replace("'", " ").replace("’", " "))


def _fold(text: str) -> str:
    """Without accents; capitals stay."""
    plain = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("’", "'")
    marks = unicodedata.normalize("NFD", plain)
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


def _one_typo(question: str, random: Random) -> str:
    return _spoil(_bare(question, random), 1, _mistype, random)


def _two_typos(question: str, random: Random) -> str:
    return _spoil(_bare(question, random), 2, _mistype, random)


def _phonetic(question: str, random: Random) -> str:
    return _spoil(question, 2, _mishear, random)


def _capitals(question: str, _: Random) -> str:
    """With the capitals locked: the accents are lost with them."""
    return _fold(question).upper()


def _sms(question: str, random: Random) -> str:
    """As in a short message: no accents, no signs, small words cut down, one long word squeezed."""
    text = _fold(question).lower()
    for said in sorted(_SHORTHAND, key=len, reverse=True):
        end = "" if said.endswith("'") else r"(?!\w)"
        text = re.sub(rf"(?<!\w){said}{end}", _SHORTHAND[said], text)
    text = re.sub(r"[^\w+ -]", " ", text).replace("qu", "k")
    return " ".join(_spoil(text, 1, _squeeze, random).split())


def _spoil(text: str, count: int, how: Callable[[str, Random], str], random: Random) -> str:
    """`text` with `count` of its content words spoilt: fewer when no more can be."""
    places = [place for place in _WORD.finditer(text) if _carries(place[0])]
    random.shuffle(places)
    changed: dict[int, tuple[int, str]] = {}
    for place in places:
        if len(changed) == count:
            break
        spoilt = how(place[0], random)
        if spoilt != place[0]:
            changed[place.start()] = (place.end(), spoilt)
    for start in sorted(changed, reverse=True):
        end, spoilt = changed[start]
        text = text[:start] + spoilt + text[end:]
    return text


def _carries(word: str) -> bool:
    """Whether a word carries a subject and is long enough to be spoilt."""
    return len(word) >= _MIN_LETTERS and _fold(word).lower() not in STOP_WORDS


def _mistype(word: str, random: Random) -> str:
    """A neighbouring key, two letters swapped, one lost or one doubled; never the word itself."""
    spoilt = word
    while spoilt == word:
        at = random.randrange(len(word))
        spoilt = random.choice((_slip, _swap, _lose, _double))(word, at, random)
    return spoilt


def _slip(word: str, at: int, random: Random) -> str:
    near = _neighbours().get(word[at].lower(), "")
    return word[:at] + random.choice(near) + word[at + 1 :] if near else word


def _swap(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def _lose(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at] + word[at:]


@cache
def _neighbours() -> dict[str, str]:
    """Each letter of an AZERTY keyboard and those that its finger may hit instead."""
    keys = {
        letter: (column + shift, row)
        for row, (letters, shift) in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: "".join(
            other
            for other, (column, row) in keys.items()
            if other != letter and (column - x) ** 2 + (row - y) ** 2 <= _KEY_REACH**2
        )
        for letter, (x, y) in keys.items()
    }


def _mishear(word: str, random: Random) -> str:
    """A word written by ear, without accents: one of its sounds, or two, spelled another way."""
    spoken = said = word.lower()
    for _ in range(random.choice((1, 2))):
        written = [rule.sub(sound, said, 1) for rule, sound in _SOUNDS]
        heard = [new for new in written if new not in (said, spoken)]
        said = random.choice(heard) if heard else said
    return _fold(said) if _fold(said) != _fold(spoken) else word


def _squeeze(word: str, random: Random) -> str:
    """A long word without one or two of its inner vowels: « rvitalistion »."""
    inner = [at for at in range(1, len(word) - 1) if word[at] in "aeiou"]
    if len(word) < 6 or not inner:
        return word
    lost = random.sample(inner, min(len(inner), random.choice((1, 2))))
    return "".join(letter for at, letter in enumerate(word) if at not in lost)


# Typos come on top of the lost accents, as in every figure noted so far, so that they compare.
VARIANTS: Mapping[str, Callable[[str, Random], str]] = {
    "clean": _clean,
    "accents": _bare,
    "typo1": _one_typo,
    "typo2": _two_typos,
    "phonetic": _phonetic,
    "capitals": _capitals,
    "sms": _sms,
}
