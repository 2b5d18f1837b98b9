"""The questions that one message asks: « Qui a signé, et combien ça coûte ? » asks two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question.asking import Asked, asking
from assistant.question.follow_up import STOOD, Resolved, joined, subject
from assistant.question.names import Span, level, put, rest, spans
from assistant.question.turns import Turn, turn
from index.french.analysis import fold, tokens

MOST = 4  # questions of one message: beyond, a letter rather than a question

# What opens a question, wherever it stands.
_OPENER = (
    r"(?:(?:a|de|d'|par|pour|avec|chez|depuis|jusqu'?a|dans|sur|en|sous) ?)?"
    r"(?:(?:a|par|avec|pour) qui|qui (?:l[ae]s? |l'|en |est|sont|a|ont|peut|doit|va|fait|paie|paye|"
    r"finance|pilote|decide|signe|gere|s'occupe|dirige|porte|c'est)|quand|kan|combien|cmb|comment|pourquoi|"
    r"quel(?:le)?s?|kel|ou (?:est|sont|se|s'|puis|peut|faut|aller|trouver|demander|lire|voir|c'est|"
    r"ca)|c(?:'est| est)? (?:quoi|koi|qui|ou|quand|combien)|ca (?:veut dire|sert|coute|dure|finit)|"
    r"qu'est[ -]ce qu\w*|est[ -]ce qu(?:e|')|que (?:contient|prevoit|dit|finance|fait|veut|change)|"
    r"what|who|when|where|why|how|which|(?:is|are) there|is it|can i|do i|does|"
    r"a quoi|de quoi|(?:peut|faut|doit|existe|y a)-(?:t-)?(?:on|il|elle)|faut il|y a t il)"
)
_BARE = (
    r"(?:par qui|avec qui|pour qui|quand|ou|combien|comment|pourquoi|jusqu'?a quand|depuis quand)"
)
_JOINT = re.compile(
    rf"(?:(?:\?+[!.]* *|[.;!]+ *(?=(?:et|puis|aussi|and|also)\b))"
    rf"(?:(?:et|ou|puis|mais|and|also)\b ?)?(?:(?:aussi|sinon|also)\b ?)?:? ?"
    rf"|,? (?:et(?: aussi| puis| sinon)?|puis|ainsi que|and(?: also)?):? "
    rf"|, |; | ?\+ ?| & )(?={_OPENER}\b|{_BARE}\W*$)|"
    # « Et à Guichen ? »
    r"\?+ *(?=(?:et|and) (?:a|au|aux|pour|en|dans|le|la|les|l'|in|for)\b[^?]{2,40}\?*\W*$)"
)
# « Qui s'en occupe, quelle agence ? » asks one thing in two ways; « Quand le préfet suspend un
# projet, … » says when.
_SAME_THING = re.compile(r"\W*(?:(?:a|de|dans|sur|par|pour|avec) )?quel(?:le)?s? \w+\W*")
_WHEN = re.compile(
    r"(?:bonjour,? )?(?:quand|si|comme|entre|depuis|dans|when|if) "
    r"(?!(?:est|a|ont|is|was|did|does)\b)"
)
_ASKS = re.compile(rf"\b(?:{_OPENER})\b|\bqui\b|\w-(?:t-)?(?:il|elle|ils|elles|on|je|ce)\b")
# « …, vous savez ? », « c'est normal ? »: words that ask nothing of the documents.
_MANNERS = re.compile(
    r"^\W*(?:vous (?:savez|pouvez|auriez|connaissez)|tu (?:sais|peux)|c'est (?:normal|vrai|"
    r"possible|grave|bon)|ou pas|non|oui|hein|svp|merci|n'est[ -]ce pas)\b"
)
# Two things asked of one: « le budget et le calendrier de la convention ».
_THING = (
    r"(?:(?:le|la|les|l'|son|sa|ses|leur|leurs|quel(?:le)?s?) ?)?"
    r"(?:dates? de signature|date de fin|date|montant|budget|cout|prix|duree|adresse|telephone|"
    r"numero de telephone|horaires|nom|nombre|taux|courriel|mail|calendrier|population|superficie|"
    r"code postal|code insee|siren|siret|densite|signataires|maire|president|siege|plafond|site)"
)
_OF = r" ?(?:(?:de|du|des) |d')"
_PAIR = re.compile(rf"\b({_THING}) et ({_THING})\b")


# « … ? Il donne combien ? », « … et celui de Val d'Anast », « … et sa densité »: that asks too.
_NEXT = re.compile(r"\?+[!.]* *(?:(?:et|ou|puis|mais|and|also)\b ?)*(?=\w)")
_SAME = re.compile(
    rf",? et(?: aussi)? (?=(?:celui|celle|ceux|celles){_OF}(?!.*-(?:ils?|elles?|on)\b)"
    rf"(?:\S+ ?){{1,3}}$|(?:son|sa|ses|leurs?) {_THING}\W*$)"
)
# « 1. … 2. … », « - … - … »: on one line, since a question has no other.
_MARK = re.compile(r"(?:^|(?<=\s))(?:\d[.)]|[-•*–])\s+(?=\S)")
_ENDS = re.compile(r"[?!.;]")


def askings(question: str) -> tuple[str, ...]:
    """The questions of a message, in order, in its own words; one when it asks one thing.

    The words before the first belong to it. A later one may need the first to be understood
    (`later`).
    """
    return _parts(question)[0]


def apart(question: str) -> bool:
    """Whether signs or names part its questions: what is not answered of them is then missing."""
    return _parts(question)[1]


def _parts(question: str) -> tuple[tuple[str, ...], bool]:
    folded = level(question)
    marks = list(_MARK.finditer(folded))
    if len(marks) > 1:
        return _between(question, [mark.end() for mark in marks], [*(m.start() for m in marks[1:])])
    pair = _PAIR.search(folded)
    if pair is not None:
        return _each(question, pair), False
    if things := _named(question):
        return things, True
    if beside := _BESIDE.match(folded):
        return (question[: beside.start("and")], question[beside.end("and") :].strip(" ?!.")), False
    cuts = [cut for cut in _JOINT.finditer(folded) if asks(folded[: cut.start()])]
    later_ = [(cut, folded[cut.end() :].partition("?")) for cut in _NEXT.finditer(folded)]
    cuts += [cut for cut, (words, mark, _) in later_ if mark and asks(words)]
    cuts += _SAME.finditer(folded)
    longest = {cut.start(): cut for cut in sorted(cuts, key=lambda cut: cut.end())}
    cuts = sorted(longest.values(), key=lambda cut: cut.start())
    cuts = [cut for cut in cuts if cut[0] != ", " or not _goes_on(folded, cut)]
    parts, _ = _between(question, [0, *(cut.end() for cut in cuts)], [cut.start() for cut in cuts])
    if len(parts) < 2 or not all(map(_says_something, parts)):
        return (question,), False
    stands = len(tokens(parts[0])) >= 2 or bool(spans(parts[0])) or _told(parts) is not None
    signs = all(_ENDS.match(cut[0]) for cut in cuts)
    return (parts, signs) if stands else ((question,), False)


def _between(
    question: str, starts: Sequence[int], ends: Sequence[int]
) -> tuple[tuple[str, ...], bool]:
    places = zip(starts, [*ends, len(question)], strict=True)
    parts = tuple(question[start:end].strip(" ,;?!.") for start, end in places)
    kept = tuple(part for part in parts if _says_something(part))
    return (kept, True) if 2 <= len(kept) <= MOST else ((question,), False)


# « Quel est le téléphone de la mairie et le nom du maire ? »
_BESIDE = re.compile(
    rf"(?:[^?.]*\bquel(?:le)?s? (?:est|sont) (?:le |la |l'|les )[^?.,]*?|(?:[^?.,]* )?{_THING})"
    rf"{_OF}[^?.,]*?(?P<and> et )(?:(?:le |la |l'|les )[^?.,]*?|{_THING}){_OF}[^?.,]*\W*$"
)
_WHOLE = re.compile(rf"{_THING}{_OF}")  # « le SIREN de Guichen » leans on nothing
_AND = re.compile(r"\s*(?:,|,?\s*(?:et|ou|and|or)\b|&|\+)\s*")
# « la différence entre l'ORT et l'OPAH » is one thing.
_TOGETHER = re.compile(
    r"\b(?:entre|between|differen\w+|rapports?|liens?|distance|commun|ensemble|compar\w+|both|deux)\b"
)


def _named(question: str) -> tuple[str, ...]:
    """The question asked of each of the things that it names one after the other."""
    named = [span for span in spans(question) if span.kind in ("term", "place")]
    flat = level(question)
    run: list[Span] = []
    for span in named:
        if run and not _AND.fullmatch(flat[run[-1].end : span.start]):
            if len(run) > 1:
                break
            run = []
        run.append(span)
    if not 2 <= len(run) <= MOST or _TOGETHER.search(flat):
        return ()
    wanted = asking(question)
    of_each = _LAST_THING.search(flat[: run[0].start]) is not None
    if wanted.closed or not (wanted.direct or of_each or _MEANS.search(flat)):
        return ()
    whole = Span(run[0].kind, run[0].start, run[-1].end)
    return tuple(put(question, whole, question[one.start : one.end]) for one in run)


_LAST_THING = re.compile(rf"\b{_THING} $")
_MEANS = re.compile(r" : |\b(?:quoi|koi|dire|defini\w*|mean|what)\b")


# What leans on the words before it: « quand finit-elle », « son budget », « who signed it ».
_LEANS = re.compile(
    r"\b(?:ils?(?! (?:faut|y a))|elles?|ca|cela|celles?|celui|ceux|son|sa|ses|leurs?|y|en|it|its|"
    r"they|them|their)\b|^\W*(?:et|and)\b"
)


def opening(parts: Sequence[str]) -> str:
    """The first question of a message, made to stand alone: « combien d'habitants et quelle
    superficie pour Guichen ? » says of what last."""
    told = _told(parts)
    return parts[0] if told is None else f"{parts[0]} {told}"


def _told(parts: Sequence[str]) -> str | None:
    """What the last question says that both are asked of, where the first names nothing."""
    if any(span.kind in _THINGS for span in spans(parts[0])):
        return None
    last = level(parts[-1])
    told = next((s for s in spans(parts[-1]) if s.kind in _THINGS and s.end == len(last)), None)
    led = told and _LED_BY.search(last[: told.start])
    if told is None or not (led or _OF_WHAT.match(last[told.start :])):
        return None
    return parts[-1][led.start() if led else told.start :]


_THINGS = ("place", "term", "at")
_LED_BY = re.compile(r"\b(?:pour|chez|for) $")
_OF_WHAT = re.compile(r"(?:a|au|aux|en|dans|de|du|des|of|in)\b|d'")


def later(first: str, words: str) -> Resolved:
    """A later question of a message, made to stand alone after the first."""
    leans = _LEANS.search(level(words)) is not None
    alone = turn(words) is Turn.NEW or not leans
    named = spans(words)
    if _WHOLE.match(level(words)):
        return Resolved(words, words)
    if _SAME.match(f" et {level(words)}"):
        return joined(first, words)
    if STOOD in first and all(span.kind not in ("place", "term") for span in named):
        # « Denormandie : quel taux, et combien de travaux ? »
        return Resolved(f"{subject(first)}{STOOD}{words}", words)
    if len(tokens(words)) > 1 and rest(words, named) and alone:
        return Resolved(words, words)
    return joined(first, _OWN.sub("le ", words))


_OWN = re.compile(r"\b(?:son|sa|ses|leurs?) (?=\w)", re.IGNORECASE)


def asks(text: str) -> bool:
    """Whether words end on a question of their own, rather than on the subject of the next."""
    last = re.split(r"[.!?] ", text)[-1]
    return _ASKS.search(last) is not None or asking(last).kind not in (Asked.OTHER, Asked.MEANING)


def _goes_on(folded: str, cut: re.Match[str]) -> bool:
    """Whether what follows a comma is still the same question."""
    same = _SAME_THING.fullmatch(folded, cut.end()) is not None
    return same or _WHEN.match(folded) is not None


def _says_something(part: str) -> bool:
    return bool(re.search(r"\w", part)) and _MANNERS.match(fold(part)) is None


def _each(question: str, pair: re.Match[str]) -> tuple[str, ...]:
    """The question asked of each of two things."""
    return tuple(
        (question[: pair.start()] + question[slice(*pair.span(group))] + question[pair.end() :])
        for group in (1, 2)
    )
