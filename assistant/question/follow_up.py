"""A follow-up made to stand alone, from the turns before it and without a language model.

Each turn before is itself read after those before it: a follow-up stands on the subject that the
last one had come to, never on its raw words. History is data: its words only help to search, an
instruction inside it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.question.asking import asking
from assistant.question.gloss import vocabulary
from assistant.question.history import Message
from assistant.question.logic import compared
from assistant.question.names import Span, level, put, rest, spans
from assistant.question.sms import spelled
from assistant.question.turns import WISHES, Turn, turn
from index.french.analysis import STOP_WORDS, fold, sentences, tokens
from index.french.lexicon import common_words

Spell = Callable[[str], str]
Quoted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A message made to stand alone.

    `asks` are its words that say what is asked for; `wish` what is wished of the answer before it,
    NEW when it asks something itself.
    """

    alone: str
    asks: str
    wish: Turn = Turn.NEW


def stand_alone(
    message: str,
    history: Sequence[Message],
    spell: Spell = str,
    quoted: Quoted = bool,
    *,
    follows: bool = False,
) -> Resolved:
    """A message, with what it takes from the turns before it.

    spell      a message -> the same, spelled so that its names are seen
    quoted     whether words of an answer are of a passage: those that refuse are not
    follows    that it follows them, though it sounds as if it stood alone
    """
    asked: list[str] = []  # the questions so far, each standing alone
    listing = ("", "")  # the question and the answer that « le deuxième » is of
    for at, said in enumerate(history):
        if said.role != "user":
            continue
        words = spell(said.content)
        stood = STOOD in words  # a door gave back what we had made of it
        read = Resolved(words, words) if stood else _read(words, asked, listing, quoted)
        if read is None or (not asked and not stood and turn(words) in WISHES):
            continue  # courtesy, or a wish of what is no longer here
        answer = history[at + 1].content if at + 1 < len(history) else ""
        if read.wish is Turn.NEW:
            asked.append(read.alone)
        if read.wish is not Turn.DETAIL:
            listing = read.alone, answer
    message = spell(message)
    return _read(message, asked, listing, quoted, follows=follows) or Resolved(message, message)


def _read(
    message: str,
    asked: Sequence[str],
    listing: tuple[str, str],
    quoted: Quoted,
    *,
    follows: bool = False,
) -> Resolved | None:
    """A message after the questions before it; None for courtesy."""
    if not asked:
        return Resolved(message, message)
    kind = turn(message)
    if kind is Turn.NEW and (follows or _leans(message)):
        kind = Turn.FOLLOWS
    if kind not in (Turn.NEW, Turn.COURTESY):
        message = spelled(message)
    nth = _nth(message)
    if kind is Turn.DETAIL or (nth is not None and not _bare(message)):
        theirs = _ORDINAL.search(level(asked[-1]))
        if theirs and nth is not None:  # « C'est quoi le premier pilier ? », « et le deuxième ? »
            alone = f"{asked[-1][: theirs.start()]}{_named(message)}{asked[-1][theirs.end() :]}"
            return Resolved(alone, alone)
        if (item := _item(*listing, nth or 0)) and quoted(item):
            return Resolved(f"« {item} »", item, Turn.DETAIL)
        about, named = subject(listing[0]), _named(message)
        if several := _SEVERAL.match(about):  # « trois piliers de PVD »: « le deuxième pilier … »
            alone = f"{named} {several[1]}{about[several.end() :]}"
            return Resolved(alone, alone)
        return Resolved(f"{about}{STOOD}{named}", message)
    if kind in WISHES:
        return Resolved(asked[-1], asked[-1], kind)
    if kind is Turn.COURTESY and not spans(message):
        return None
    if kind in (Turn.NEW, Turn.COURTESY):
        alone = _without(_ALSO, message).strip() or message
        return Resolved(alone, alone)
    said = _led(message).rstrip(" ?!.")
    plural, most = _PLURAL.search(level(said)), compared(said)
    if (plural or most) and not spans(said):
        things, what = _both(asked)
        if things and most:
            return Resolved(f"{what}, {said} entre {things} ?", f"{what}, {said}")
        if things and plural and not plural[0].startswith("lesquel"):
            own = _THEIR.sub("", said) if rest(said, ()) and plural[0] in _THEIRS else ""
            return Resolved(f"{own or f'{what}, {said}'}{STOOD}{things}", message)
    return joined(asked[-1], message, listing[1])


def _leans(message: str) -> bool:
    """Whether it surely follows: « et à VHBC », « qui l'a signée à Guichen »."""
    bare = _led(spelled(message))
    named = spans(bare)
    adds = bool(named) and _AND.match(level(message)) is not None and not rest(bare, named)
    return adds or _CLITIC.match(bare) is not None


_AND = re.compile(r"\W*(?:et|and|e|ha|hag)\b")
# What leads from one thing to another, in a question that stands alone.
_ALSO = re.compile(
    r"^\W*(?:(?:ok|okay|merci|d'accord|super|bon|et|sinon|aussi|alors|donc)\b[\s,:]*)+"
)


# --- One message joined to a question

_WHERE = ("place", "at")
_SUBJECTS = (*_WHERE, "term")
STOOD = " : "  # « VHBC : le téléphone ? »

# What leads to what is meant: « merci, et … », « non, je voulais dire … ».
_LEAD = re.compile(
    r"^(?:\W*\b(?:et|e|ha|hag|mais|donc|alors|ok|okay|oui|non|nn|no|aussi|merci|super|parfait|d'accord|"
    r"bonjour|bonsoir|salut|tres bien|ah(?: bon)?|du coup|pareil|idem|plutot|en fait|pardon|sinon|"
    r"(?:c'est )?pas (?:ca|cela|cel(?:ui|le)(?:[ -]la)?(?! d)|ma question)|"
    r"(?:la )?meme(?: chose| question)?|desolee?|oups|erreur|sorry|actually|thanks|"
    r"and|but|so|also|what about|how about|the same|"
    r"(?:je|g) (?:voulais?|veux|voulu) dire|je (?:me suis trompee?|parl(?:ais|e) d[eu]|demandais)|"
    r"ma question (?:etait|portait) sur|i (?:meant|mean|was asking(?: about)?)|"
    r"c'est(?= pour| a\b))(?=\W|$))+[\s,:]*"
)
_PREPOSITION = re.compile(
    r"(?:a|au|aux|en|dans|pour|pr|chez|avec|sans|avant|apres|si|meme si|depuis|for|in|at|if|before|"
    r"after|with)\b(?! (?:qui|quoi|quel|combien|quand|partir de quel|what|which|whom))"
)
_OF_ME = re.compile(r"(?:pour )?(?:moi|nous)\b|(?:for )?(?:me|us)\b")
_PLURAL = re.compile(
    r"\b(?:leurs?|les deux|(?:la|le|les)quel(?:le)?s?|(?:d')?entre (?:les deux|elles|eux)|their|"
    r"both|which (?:one|of))\b"
)
_THEIRS = ("leur", "leurs", "their")
_THEIR = re.compile(r"^(?:leurs?|their) ", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:quand|combien|comment|pourquoi|quoi|qui|quel(?:le)?s?|ou|kan|koi|ki|cmb|cb|when|how|who|"
    r"why|what|which|where)\b"
)


def joined(previous: str, message: str, answer: str = "") -> Resolved:
    """A message that follows a question, standing on its subject.

    What it names takes the place of what the question named of that kind; what only adds to the
    question is added; what asks something else is asked of the question's subject, or of that of
    its answer where it names none.
    """
    previous, said = spelled(previous), _led(spelled(message))
    if (exists := _ONE.search(level(said))) and not spans(said[: exists.start()]):
        lead = "is there" if exists["english"] else "il y a"  # « ya une à Guichen »
        alone = f"{said[: exists.start()]}{lead} {subject(previous)}{said[exists.end() :]}"
        return Resolved(alone, alone)
    if standing := _CLITIC.match(said):  # « qui la préside ? »
        about = _answering(previous, answer) or subject(previous)
        verb, where = standing["verb"] or standing["runs"], standing["where"] or ""
        has = "a " if _DONE_BY.search(verb) else ""  # « ki la signé »
        who = standing["who"] or standing["whom"]
        alone = f"{who} {has}{verb} {_IN.sub('', about)}{where} ?"
        return Resolved(alone, alone)
    named = [span for span in spans(previous) if span.kind in _SUBJECTS]
    if named and (same := _SAME.match(level(said))):  # « celui de Val d'Anast », of a town's
        alone = put(previous, named[-1], said[same.end() :])
        return Resolved(alone, alone)
    adds = _PREPOSITION.match(fold(said)) is not None
    asks = _ASKING.search(fold(said)) is not None
    mine = spans(said) or ([] if asks else _unheard(said))
    if any(span.kind in _SUBJECTS for span in mine) and rest(said, mine) and not adds:
        return Resolved(said, said)  # it names its own subject, and asks something of it
    for one in mine:
        alike = _WHERE if one.kind in _WHERE else (one.kind,)
        before = [*_tail(previous), *spans(previous)[::-1]]
        theirs = next((s for s in before if s.kind in alike), None)
        if theirs is None and one.kind in _SUBJECTS and not adds:  # « celui de VHBC », of a town's
            theirs = next((s for s in before if s.kind in _SUBJECTS), None)
        if theirs is not None and (adds or not asks or one.kind in _WHERE):
            more = adds and rest(said, mine)  # « et pour 12 ans, c'est combien ? » asks the same
            alone = put(previous, theirs, said if more else said[one.start : one.end])
            return Resolved(alone, alone)
    if _OF_ME.match(level(said)):  # « et pour moi, je suis coiffeuse ? » asks no longer how much
        return Resolved(f"{_answering(previous, answer) or subject(previous)}{STOOD}{said}", said)
    if adds:  # « et pour 12 ans, c'est combien ? » asks no longer what it is
        about = subject(previous, whole=True) if asks else _BY.sub("", previous).rstrip(" ?!.")
        alone = f"{about} {said.rstrip(' ?!.')} ?"
        return Resolved(alone, alone)
    if any(span.kind in _SUBJECTS for span in mine):
        return Resolved(said, said)
    about = _answering(previous, answer) or subject(previous, whole=not tokens(said))
    return Resolved(f"{about}{STOOD}{said}", said)


# What a later « pour un local » answers: « le Pass Commerce : pour qui ? ».
_BY = re.compile(r"[\s:]*\b(?:pour|avec|chez|dans|en|[àa]|sans) (?:qui|quoi)\W*$", re.IGNORECASE)


def _answering(question: str, answer: str) -> str:
    """What the first sentence of an answer names, where the question names nothing itself: « il y a
    une aide ? » is of the Pass Commerce, once that was said."""
    if any(span.kind in _SUBJECTS for span in spans(question)):
        return ""
    said = answer[: next((end for _, end in sentences(answer)), 0)]
    named = (said[span.start : span.end] for span in spans(said) if span.kind == "term")
    return next((name for name in named if any(map(str.isupper, name))), "")


# A pronoun that stands for the subject, and the verb after it that ends the question, or where.
_CLITIC = re.compile(
    r"(?:(?P<who>(?:c'est )?(?:qui|quand|où|ou|comment|pourquoi|qui est-ce qui)) (?:l[ae]s? |l['’])"
    r"(?P<verb>(?:(?:a|ont|avait|avaient|aurait) )?[^\W\d_]+)|"
    r"(?P<whom>who) (?P<runs>[a-z]+) it)"
    r"(?P<where> (?:à|a|au|aux|en|chez|in|at) [^?!.]{2,30})?[ ?!.]*$",
    re.IGNORECASE,
)
# « une », of what was named: « il y en a une à Guichen ? », « is there one in Guichen? ».
_ONE = re.compile(
    r"\b(?:(?:(?:il )?y (?:en )?a(?:-t-il)?|il (?:en )?existe) une?|"
    r"(?P<english>is there) (?:one|any))"
    r"(?= (?:a|au|aux|en|dans|chez|pour|pres|ici|in|at|for|near|here)\b|\W*$)"
)
_SAME = re.compile(r"(?:cel(?:ui|les?)|ceux) (?:(?:de(?: la)?|du|des|a|au|pour) |d')(?!qu)")
_DONE_BY = re.compile(r"^\S+ée?s?$")


def _unheard(said: str) -> list[Span]:
    """All of a text as a place, where no language of ours has its words: « guipry »."""
    found = [fold(word) for word in _WORD.findall(said)]
    strange = [word for word in found if len(word) > _SMALL and not _usual(word)]
    small = [word for word in found if len(word) <= _SMALL and word not in STOP_WORDS]
    if not strange or len(strange) + len(small) < len(found):
        return []
    return [Span("place", 0, len(said.rstrip(" ?!.")))]


def _tail(question: str) -> list[Span]:
    """What a question ends on, as a place, where it names nothing: « le maire de val d'anast »."""
    if any(span.kind in _SUBJECTS for span in spans(question)):
        return []
    ends = (led.end() for led in _LEADS.finditer(level(question)))
    return next(
        ([Span("place", at, at + span.end)] for at in ends for span in _unheard(question[at:])),
        [],
    )


_LEADS = re.compile(r" (?:de |du |a |en |d')")
_WORD = re.compile(r"[^\W\d_]+(?:['’](?=h|\w{2})[^\W\d_]+)*")
_SMALL = 3  # letters of « val »


def _usual(word: str) -> bool:
    """Whether a folded word is a common one, or one slip away from one."""
    if any(word in vocabulary(language).french for language in ("en", "br")):
        return True
    noun, common = re.sub(r"^[a-z]+['’]", "", word), common_words()
    near = process.extractOne(noun, common, scorer=OSA.distance, score_cutoff=1)
    return noun in common or near is not None


def _led(message: str) -> str:
    """A message without the words that only lead to what it says."""
    return _without(_LEAD, message).strip() or message


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(level(text))
    return found.end() if found else 0


# How a question asks: « Combien », « Quel est le », « Who signed ».
_HOW = re.compile(
    r"^\W*(?:(?:il )?(?:y a )?combien (?:de |d')?|"
    r"quel(?:le)?s? (?:est |sont |etaient |etait )?(?:le |la |l'|les )?|"
    r"que veut dire|qu'est[ -]ce qu\w*|a quoi sert|(?:c'(?:est|etait) )?(?:quoi|qui|ou|combien|"
    r"(?:jusqu'a |depuis |a partir de )?quand)(?: qui)?(?: (?:a|ont|est|sont)(?= ))? ?|"
    r"petra eo (?:an |ar |al )?|piv (?:eo |en deus |a )?|(?:betek )?pegoulz (?:eo (?:bet )?|e )?|"
    r"pelec'h eman |pegement (?:a )?|pet |what (?:is |are |does )?|who (?:is |are )?|"
    r"when (?:was |is |did |does )?|where (?:is |are )?|how (?:much|many|long)(?: is| are| does)? |"
    r"which )\s*"
)
# What it asks of its subject: « actions de », « taux du ».
_FOCUS = re.compile(r"\w+ (?:(?:de la|du|des|de|of|for)\s|d'|de l')")
_COUNTED = re.compile(r"\w+ ")
_HOW_MANY = re.compile(r"\W*(?:(?:il )?(?:y a )?combien d|how many)")
# What was done to it: « Quand a été créée l'ANCT », « Qui a signé la convention ».
_DONE = re.compile(
    r"\W*(?:par )?(?:quand|qui|ou) (?:a|ont|est|sont|etait|etaient) (?:ete )?(?!l[ae]s? )\w+ "
    r"(?=l'|l[ae]s? )"
)


_WHO = re.compile(r"\W*(?:c'est )?qui ")
# What asks, said last: « elle a été signée quand ? ».
_LAST = re.compile(r" (?:quand|combien|ou|comment|pourquoi|par qui|a quoi)[ ?!.]*$")


def subject(question: str, *, whole: bool = False) -> str:
    """What a question is asked of: « à Guichen », of « Combien d'habitants à Guichen ? ».

    `whole`: with what is asked of it, « habitants à Guichen », for « quand ? ».
    """
    head, colon, asked = question.partition(STOOD)
    if colon:
        what = _without(_HOW, asked).strip(" ?!.")
        return f"{what} {head}" if whole and tokens(what) else head
    question = _led(question)
    bare = _without(_HOW, question)
    if not whole:
        counted = _HOW_MANY.match(level(question)) is not None
        bare = _without(_DONE, question) if _end(_DONE, question) else bare
        focus = _end(_COUNTED if counted else _FOCUS, bare)
        if all(span.start for span in spans(bare)):  # not « Vallons de Haute Bretagne »
            bare = bare[focus:]
        for span in reversed([s for s in spans(bare) if s.kind in ("length", "year")]):
            bare = f"{bare[: span.start].rstrip()}{bare[span.end :]}"  # true of that only
        named = spans(bare)
        if _end(_WHO, question) and named and len(bare[: named[0].start].split()) == 1:
            bare = bare[named[0].start :]  # « Qui préside VHBC ? »
    else:
        last = _LAST.search(level(bare))
        bare = bare[: last.start()] if last else bare
    bare = bare.strip(" ?!.")
    return bare if tokens(bare) else question.rstrip(" ?!.")


def _without(pattern: re.Pattern[str], text: str) -> str:
    return text[_end(pattern, text) :]


def _bare(message: str) -> str:
    """What a message says besides an ordinal."""
    return " ".join(tokens(_ORDINAL.sub(" ", level(_led(message)))))


# --- « leur superficie », « laquelle est la plus grande »


def _both(asked: Sequence[str]) -> tuple[str, str]:
    """The things that the same was asked of, in the last questions, and what that was:
    « Guichen et Val d'Anast », « habitants »; "" for one alone."""
    found: list[str] = []
    frame: frozenset[str] | None = None
    for question in map(spelled, reversed(asked)):
        named = [span for span in spans(question) if span.kind in _WHERE]
        own = frozenset(rest(question, named))
        if not named or (frame is not None and own != frame):
            break
        frame = own
        found = [_IN.sub("", question[span.start : span.end]) for span in named] + found
    things = list(dict.fromkeys(found))
    what = subject(spelled(asked[-1]), whole=True)
    if compared(asked[-1]):  # « habitants, laquelle est la plus peuplée entre … »
        what = what.partition(", ")[0]
    for span in reversed(spans(what)):
        what = what[: span.start] + what[span.end :]
    return (" et ".join(things) if len(things) > 1 else ""), _led(" ".join(what.split()))


_IN = re.compile(r"^(?:(?:[àÀaA]|aux?|en|dans|de|du|des|in|of)\s+|d['’])")


# --- « le deuxième »

_ORDINALS = (
    r"1(?:er|ere)?|premiere?|first", r"2(?:e|eme|nde?)?|deuxieme|seconde?|second",
    r"3(?:e|eme)?|troisieme|third", r"4(?:e|eme)?|quatrieme|fourth", r"5(?:e|eme)?|cinquieme|fifth",
    r"derniere?|last",
)  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?:le|la|du|de la|au|the) (?:"
    + "|".join(f"(?P<n{at}>{words})" for at, words in enumerate(_ORDINALS))
    + r")(?: (?:points?|one|phrase|item))?\b"
)


def _nth(message: str) -> int | None:
    """Which item of the answer a message names: 0 is the first, -1 the last."""
    found = _ORDINAL.search(level(message))
    if found is None or found.lastgroup is None:
        return None
    at = int(found.lastgroup[1:])
    return -1 if at == len(_ORDINALS) - 1 else at


_SEVERAL = re.compile(r"(?:deux|trois|quatre|cinq|six|\d+) (\w+?)s\b", re.IGNORECASE)
_MARKS = re.compile(r"\s*\[\d+\]")


def _item(question: str, answer: str, nth: int) -> str:
    """An item of an answer: the one it calls so, of its list where it has one, else a sentence.

    "" where there is none: what « le deuxième » is of may be in another passage.
    """
    text = _MARKS.sub("", answer)
    listed = [line[2:].strip() for line in text.splitlines() if line.startswith("- ")]
    said = [text[start:end] for start, end in sentences(text)]
    called = [one for one in said if _nth(one) == nth]
    items = called[:1] * (nth + 1) if called else listed if len(listed) > 1 else said
    if nth and items is said and asking(question).listing:
        return ""
    return items[nth] if -len(items) <= nth < len(items) else ""


def _named(message: str) -> str:
    """The words of a message that name an item."""
    found = _ORDINAL.search(level(message))
    return message[slice(*found.span())] if found else message
