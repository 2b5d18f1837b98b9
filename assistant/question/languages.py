"""Which language a question is in, by its small words, its letters, and the words of the field.

A tie is French: a resident's question must never be taken for a stranger's. Measured against
libraries, 2026-11, on the questions of ours that say their language, right of all:

                                      French       English      Breton   ms   MB more
    this module                    3,971 / 3,974  1,431 / 1,517  137 / 146  .16    64
    simplemma's langdetect, fr en  3,857 / 3,974  1,453 / 1,517    no       .06    57
    lingua 2.1.1, fr en            3,901 / 3,974  1,352 / 1,517    no       .10   131
    lingua 2.1.1, its 75 languages 3,776 / 3,974  of 498, 463      no      2.3     -

With the English words that are left (docs/decisions/lists.md): 10,892 French of 10,901, 2,041
English of 2,170, 162 Breton of 178. None of the others knows Breton, and they take 73 to 198 French
questions for another language's, where this takes 3 or 9: a stranger's refusal for a resident. The
64 MB are words that the search reads anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from assistant.question.gloss import vocabulary
from index.french.analysis import fold, of_corpus, words
from index.french.lexicon import common_words

SPOKEN = ("fr", "en", "br")  # what the assistant says things in

# Words that only this language has: 2 points each. Those after the bar are 1: others have them.
_SMALL: Mapping[str, str] = {
    "en": """
    the what whats what's who who's whos when where why how which does did could should would
    will my your their this that these those there it it's have has had with from by about please
    much many hello hi thanks thank mean meaning of wat waht wich and for you speak english tell
    explain can can't been was were are us long until morning town towns mayor landlord landlords
    grant grants tax rent rates agreement housing website weather
    | i i'm is on or in not an do am if be to at they me into
    """,
    "fr": """
    le la les de des du une sont qui que quoi quel quelle quels quelles comment combien quand ou
    pourquoi aux dans pour sur avec je tu il elle nous vous ils mon ma mes votre vos notre nos ce
    cette ces pas et est koi ki kan cb cmb pk jai jveux jvoudrai slt bjr svp dsl cest kel kelle sa
    mdr oui non bonjour merci bonsoir salut
    | un au a on par en ne y et c d j l t ca ya tt pr plus infos
    """,
    "br": """
    petra piv pelec'h pegoulz penaos perak pegement pegeit peseurt eus gant emañ eman zo trugarez
    demat demad brezhoneg brezhonek kumun kumunioù gonvansion konvansion kendivizad gwizien evit
    kenavo deoc'h hag lec'hienn feur bloaz vloaz skoazell telloù betek diwar-benn e-barzh ket
    | an ar ur da e en eo oa bet ha pe pet war er ren evidon vras
    """,
    "es": """
    qué cuál cuándo dónde quién cómo cuánto cuántos cuánta el los las una es por para con hay del
    ayuda ayuntamiento pueblo hola gracias puedo quiero vivienda y soy tengo
    | que cual donde como se la de mi un
    """,
    "de": """
    was ist der das wie viel wer wann wo welche und für von mit ein eine einen ich kann gibt es
    stadt gemeinde hallo danke bitte hilfe haus den dem zu wird nicht
    | die in sie des
    """,
    "it": """
    che cosa è quanto quando dove chi come il gli della dello del una sono per perché comune
    ciao grazie posso vorrei aiuto casa dei quali ci
    | di la le un
    """,
    "pt": """
    o que é quanto quando onde quem como os do da uma são para não olá obrigado posso quero
    ajuda cidade câmara casa dos qual
    | a de um
    """,
    "nl": """
    wat is het wie wanneer waar hoe veel een van voor met niet ik kan hallo dank hulp huis gemeente
    deze welke zijn | de en in op te
    """,
    "tr": """
    nedir ne zaman nerede kim nasıl kaç için ve bir bu merhaba teşekkürler yardım belediye var mı
    | ev
    """,
    "pl": """
    co jest kiedy gdzie kto jak ile dla i czy dzień dobry dziękuję pomoc gmina mogę dom | w na do z
    """,
    "ro": """
    ce este când unde cine cum cât pentru și bună mulțumesc ajutor primărie pot casă sunt | de la
    """,
}
_LETTERS: Sequence[tuple[str, str]] = (
    ("ar", r"[\u0600-\u06ff]"),
    ("ru", r"[\u0400-\u04ff]"),
    ("el", r"[\u0370-\u03ff]"),
    ("he", r"[\u0590-\u05ff]"),
    ("ja", r"[\u3040-\u30ff]"),
    ("zh", r"[\u4e00-\u9fff]"),
    ("ko", r"[\uac00-\ud7af]"),
)
_STRANGE = 4  # points: « is », « was » and « die » are words of several languages
_MOST = 0.3  # of the letters: names stay in ours, and one « Ω » is no Greek
_LETTERS_OF = {"es": "¿¡", "de": "ßäöü", "tr": "ığş", "pl": "łżśź", "pt": "ãõ", "ro": "șță"}
# « Banque des Territoires », « Petites villes de demain »: a name says nothing of the language.
_NAMES = re.compile(
    r"petites villes de demain|action c(?:œ|oe)ur de ville|villages d['’]avenir|france services?|"
    r"pass commerce(?: et artisanat)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<!^)\b[A-ZÀ-Ý][\w-]+(?: (?:de la|de|des|du|d['’]|et)\s?[A-ZÀ-Ý][\w-]+)+|"
    r"\b[A-ZÀ-Ý][\w-]+ d['’]"
)
_ACCENTED = re.compile(r"\b\w*[éèàçôîû]\w*\b")
# « l'ort », « qu'est », but not the Breton « c'humun », « d'an ».
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)'(?!h|an\b|ar\b|eo\b)(?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONG = 4  # letters: shorter words are shared by every language


def language(text: str, before: Sequence[str] = ()) -> str:
    """A question's language: "fr", "en", "br", or the code of one that we do not speak.

    before    what was asked before it: « and Guichen? », then « Guipry-Messac? » is English too
    """
    found = _told(text)
    if found is None:
        found = next(filter(None, map(_told, reversed(before))), None)
    return found or "fr"


def _told(text: str) -> str | None:
    """The language that a text's words tell; None when they tell none."""
    for code, letters in _LETTERS:
        if len(re.findall(letters, text)) > _MOST * sum(map(str.isalpha, text)):
            return "uk" if code == "ru" and re.search("[іїєґ]", text.lower()) else code
    scores = _scores(text)
    best = max(scores, key=lambda code: scores[code])
    needed = 2 if best in SPOKEN else _STRANGE
    if scores[best] < needed or scores[best] <= scores["fr"]:
        return "fr" if scores["fr"] else None
    return best


def _scores(text: str) -> dict[str, int]:
    bare = _NAMES.sub(" ", text)
    bare = bare if bare.isupper() else _NAMED.sub(" ", bare)
    typed = [fold(word) for word in _WORD.findall(bare)]
    scores = dict.fromkeys(_SMALL, 0)
    for word in typed:
        for code, points in _small().get(word, ()):
            scores[code] += points
    for code, letters in _LETTERS_OF.items():
        scores[code] += 2 * any(letter in bare.lower() for letter in letters)
    scores["fr"] += len(_ACCENTED.findall(bare)) + 2 * len(_ELIDED.findall(fold(bare)))
    scores["fr"] += sum(map(_is_french, words(bare)))
    scores["en"] += sum(map(_is_english, typed))
    return scores


@cache
def _small() -> Mapping[str, Sequence[tuple[str, int]]]:
    """The small words of every language, folded -> the points that each gives."""
    found: dict[str, list[tuple[str, int]]] = {}
    for code, listed in _SMALL.items():
        sure, _, shared = listed.partition("|")
        points = dict.fromkeys(fold(shared).split(), 1) | dict.fromkeys(fold(sure).split(), 2)
        for word, given in points.items():
            found.setdefault(word, []).append((code, given))
    return found


@of_corpus
def _is_french(word: str) -> bool:
    """Whether a word of the subject is French, and none that an English question would have."""
    return len(word) >= _LONG and word in common_words() and word not in vocabulary("en")


@of_corpus
def _is_english(word: str) -> bool:
    """Whether a word of the field is English, and none of French: « shop » is both."""
    return len(word) >= _LONG and word not in common_words() and word in vocabulary("en")
