"""The questions that one message asks: « Qui a signé, et combien ça coûte ? » asks two."""

from __future__ import annotations

import re

from assistant.question.asking import Asked, asking
from assistant.question.history import Message
from assistant.question.subject import names_subject
from index.french.analysis import fold, tokens

MOST = 3  # questions of one message: beyond, a letter rather than a question

# What opens a question, wherever it stands.
_OPENER = (
    r"(?:(?:a|de|d'|par|pour|avec|chez|depuis|jusqu'?a|dans|sur|en|sous) ?)?"
    r"(?:(?:a|par|avec|pour) qui|qui (?:l[ae]s? |l'|en |est|sont|a|ont|peut|doit|va|fait|paie|paye|"
    r"finance|pilote|decide|signe|gere|s'occupe|dirige|porte|c'est)|quand|kan|combien|cmb|comment|pourquoi|"
    r"quel(?:le)?s?|kel|ou (?:est|sont|se|s'|puis|peut|faut|aller|trouver|demander|lire|voir|c'est|"
    r"ca)|c(?:'est| est)? (?:quoi|koi|qui|ou|quand|combien)|ca (?:veut dire|sert|coute|dure|finit)|"
    r"qu'est[ -]ce qu\w*|est[ -]ce qu(?:e|')|que (?:contient|prevoit|dit|finance|fait|veut|change)|"
    r"a quoi|de quoi|(?:peut|faut|doit|existe|y a)-(?:t-)?(?:on|il|elle)|faut il|y a t il)"
)
_BARE = (
    r"(?:par qui|avec qui|pour qui|quand|ou|combien|comment|pourquoi|jusqu'?a quand|depuis quand)"
)
_JOINT = re.compile(
    rf"(?:\?+!* *(?:et |ou |puis |mais )?|,? (?:et(?: aussi| puis| sinon)?|puis|ainsi que) "
    rf"|, |; | ?\+ ?| & )(?={_OPENER}\b|{_BARE}\W*$)|"
    r"\?+ *(?=et (?:a|au|aux|pour|en|dans|le|la|les|l')\b[^?]{2,40}\?*\W*$)"  # « Et à Guichen ? »
)
# « Qui s'en occupe, quelle agence ? » asks one thing in two ways; « Quand le préfet suspend un
# projet, … » says when.
_SAME_THING = re.compile(r"\W*(?:(?:a|de|dans|sur|par|pour|avec) )?quel(?:le)?s? \w+\W*")
_WHEN = re.compile(r"(?:bonjour,? )?(?:quand|si|comme|entre|depuis|dans) (?!(?:est|a|ont)\b)")
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
    r"code postal|code insee|signataires|maire|president|siege|plafond)"
)
_PAIR = re.compile(rf"\b({_THING}) et ({_THING})\b")


def askings(question: str) -> tuple[str, ...]:
    """The questions of a message, in order, in its own words; one when it asks one thing.

    The words before the first belong to it. A later one may need the first to be understood
    (rewriting.stand_alone).
    """
    folded = _level(question)
    pair = _PAIR.search(folded)
    if pair is not None:
        return _each(question, pair)
    cuts = [cut for cut in _JOINT.finditer(folded) if _asks(folded[: cut.start()])]
    cuts = [cut for cut in cuts if cut[0] != ", " or not _goes_on(folded, cut)]
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(question)]
    parts = [question[start:end].strip(" ,;?!.") for start, end in zip(starts, ends, strict=True)]
    if not 2 <= len(parts) <= MOST or not all(map(_says_something, parts)):
        return (question,)
    stands = len(tokens(parts[0])) >= 2 or names_subject(parts[0])
    return tuple(parts) if stands else (question,)


# What the first question asks of its subject: « Combien d'actions », « Quel est le taux du ».
_FOCUS = re.compile(
    r"^(?:combien (?:de |d')\w+|quel(?:le)?s? (?:est |sont |etaient |etait )?(?:le |la |l'|les )?"
    r"\w+ (?:de la |de l'|des |du |de |d')?|que veut dire|c'est quoi|qu'est[ -]ce qu\w*|c koi|"
    r"a quoi sert|qui (?:a |ont |est |sont )?|quand (?:a |est |sont )?|ou (?:est |sont )?|"
    r"combien )\s*"
)
_OWN = re.compile(r"\b(?:son|sa|ses|leurs?) (?=\w)", re.IGNORECASE)
# « et combien à Guipry-Messac »: the first question, of another place.
_ELSEWHERE = re.compile(
    r"^(?:et )?(?:combien |quand |qui )?(?P<link>a|au|aux|en|pour|dans) (?P<what>[^ ].{1,40})$"
)


def after(first: str, words: str) -> tuple[str, tuple[Message, ...], str]:
    """A later question: its words, the turn it follows, and how to ask it by itself."""
    other = _ELSEWHERE.match(_level(words))
    if other is not None:
        link, what = other["link"], words[slice(*other.span("what"))]
        place = re.search(rf"\b{link} [^\W\d]\S*(?: \d+)?", _level(first))
        if place is not None:
            of = words[slice(*other.span("link"))]
            same = f"{first[: place.start()]}{of} {what}{first[place.end() :]}"
            return words, (), same
    focus = _FOCUS.match(_level(first))
    subject = first[focus.end() :] if focus is not None else first
    said = subject if tokens(subject) else first
    return words, (Message("user", said),), _OWN.sub("le ", words)


def _level(question: str) -> str:
    """The question folded, each character where it was."""
    folded = "".join(fold(character)[:1] or " " for character in question)
    return folded.replace("’", "'")


def _asks(text: str) -> bool:
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
