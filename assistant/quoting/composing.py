"""What is shown of the sentences that answer: the direct answer first, lists whole, no more.

A sentence never leaves the one it points back at, nor the one that limits it; all words shown stay
those of the passage, and what stands between two sentences (`Quote.before`) is ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from assistant.proof.claims import Kind, read
from assistant.question.asking import STRICT, Asked, Asking, denies
from assistant.quoting.citations import Quote
from assistant.quoting.lists import Beside, List, is_item, is_listed
from assistant.quoting.ranking import MAX_SENTENCES, Candidate, expanded, says
from index.french.analysis import fold, published, sentences, tokens
from index.french.numbers import canonical
from index.passages import Passage
from index.search.retriever import Query

_PER_QUESTION = 3  # quotations of each question asked together: four of two are a long page

# How far behind the best one's score a further sentence may be: in its passage, in another, and
# when it says a word of the question that no other says.
_ALSO, _ALSO_ELSEWHERE, _ALSO_NEW = 2.25, 2.25, 3.0
_ALSO_COMPLETES = 3.0  # the next sentence, when it goes on: « … précise aussi le périmètre »
_ALSO_ABSENT = 0.5  # « Nous n'avons pas trouvé… » of three other things is no answer
_COMPLETES = re.compile(r"\b(?:aussi|également)\b")
# How likely a further sentence must be to answer too, were it the best one found, of how likely the
# best one is; or the weight of its facts among the known questions, of the best one's. Of 410
# questions answered, 2026-11, at 0, .3, .45 and .5 the share of sentences that answer is .84, .86,
# .87 and .88, and one right answer is lost at .5 only; of 1,091 searches of known questions, half
# of them as if nobody had asked for their facts, at 0, .2, .3 and .45, .77, .77, .78 and .80, and
# 3, 6 and 8 answers state none of their facts any more.
_TOO, _TOO_KNOWN = 0.3, 0.3

Worth = Callable[[Sequence[Candidate]], float]


def compose(
    ranked: Sequence[Candidate], asked: Asking, query: Query, beside: Beside, worth: Worth
) -> tuple[Quote, ...]:
    """The quotations to show, in their order, each with what stands before it.

    A question with one direct answer gets it first; any other is answered in reading order, the
    best sentence's passage first.

    worth    how likely it is that the first of some sentences answers (answerability.support)
    """
    if not ranked:
        return ()
    chosen = _chosen(ranked, asked, query, worth)
    first = chosen[0].quote.passage.id
    verdict = next((c for c in chosen if _decides(c, asked, query)), None)
    head = verdict or (chosen[0] if asked.direct or asked.closed else None)
    order = sorted(
        chosen, key=lambda c: (c is not head, c.quote.passage.id != first, c.rank, c.order)
    )
    quotes: list[Quote] = []
    for candidate in order:
        unit = _unit(candidate, chosen, asked, beside)
        quotes += unit if candidate is verdict else map(_under_its_question, unit)
    return tuple(_once(quotes))


def _chosen(
    ranked: Sequence[Candidate], asked: Asking, query: Query, worth: Worth
) -> list[Candidate]:
    """The best sentence, then those nearly as good that answer too and repeat nothing.

    Where it says the whole of a question that asks one thing, those that say less add nothing.

    What is not found anywhere (an absence) is never mixed with what is: the best sentence decides
    which.
    """
    best = _plain(ranked, asked, query)
    chosen = [best]
    told = _words(best, query)
    least = best.own if asked.direct and best.own > 0.99 else 0.0

    @cache
    def enough() -> float:  # most answers have no further sentence near enough to ask it of
        return _TOO * worth([best, *(c for c in ranked if c is not best)])

    values = _values(best.quote.text, asked) - _values(query.text, asked)
    for at, candidate in enumerate(ranked):
        if len(chosen) == MAX_SENTENCES:
            break
        if candidate is best:
            continue
        if candidate.own < least or _nature(candidate) != _nature(best):
            continue
        if _repeats(candidate.quote, chosen) or _answers_another(candidate, asked, query):
            continue
        if not values.isdisjoint(_values(candidate.quote.text, asked)):
            continue  # it says again what answers
        if candidate.score < best.score - _behind(candidate, best, query, told):
            continue
        known = candidate.known >= _TOO_KNOWN * best.known > 0
        if known or _completes(candidate, best) or worth(ranked[at:]) >= enough():
            chosen.append(candidate)
            told |= _words(candidate, query)
    return chosen


def _nature(candidate: Candidate) -> tuple[bool, bool, bool]:
    """What is never mixed: what was looked for and not found, what an avenant changed, and the
    part of a convention that a question names."""
    return candidate.absence, candidate.passed, candidate.fits


def _behind(candidate: Candidate, best: Candidate, query: Query, told: frozenset[str]) -> float:
    """How far behind the best one's score a sentence may be."""
    own = expanded(candidate.quote.text, query)
    same = candidate.quote.passage.id == best.quote.passage.id
    if best.absence:
        return _ALSO_ABSENT
    if _completes(candidate, best):
        return _ALSO_COMPLETES
    if any(says(token, own) and not says(token, told) for token in query.tokens):
        return _ALSO_NEW
    return _ALSO if same else _ALSO_ELSEWHERE


def _completes(candidate: Candidate, best: Candidate) -> bool:
    """Whether a sentence goes on from the best one: « … précise aussi le périmètre »."""
    same = candidate.quote.passage.id == best.quote.passage.id
    after = same and candidate.order == best.order + 1
    return after and _COMPLETES.search(candidate.quote.text) is not None


_WHEN = (Asked.DATE, Asked.DURATION, Asked.HOURS)
_NO_VALUE = (Kind.NAME, Kind.ARTICLE, Kind.LINK)


def _values(text: str, asked: Asking) -> frozenset[object]:
    """The figures of a text, or its dates, whichever is asked for; none where neither is."""
    if asked.kind not in STRICT:
        return frozenset()
    dates = asked.kind in _WHEN
    stated = [claim for claim in read(canonical(text)) if claim.kind not in _NO_VALUE]
    return frozenset(c.value or c.parts for c in stated if (c.kind is Kind.DATE) == dates)


def _words(candidate: Candidate, query: Query) -> frozenset[str]:
    headings = " \n".join(candidate.quote.headings)
    return expanded(f"{candidate.quote.text} \n{headings}", query)


def _repeats(quote: Quote, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence says again what is already chosen."""
    words = set(published(quote.text))
    for other in chosen:
        said = set(published(other.quote.text))
        if len(words & said) > 0.75 * min(len(words), len(said)):
            return True
    return False


# --- Yes or no

_DECIDES = re.compile(r"(?:oui|non), ", re.IGNORECASE)
# How far the heading that a « Oui » answers must be the question asked. Of the 100 first words so
# said on `fit`, practice.jsonl and closed.jsonl, 2026-11, one in four answered no question at all
# or another one; of the 26 left on closed.jsonl, all are true.
_SAME_QUESTION = 0.4


def _decides(candidate: Candidate, asked: Asking, query: Query) -> bool:
    """Whether a sentence says yes or no, to this very question and not to its contrary."""
    text, heading = candidate.quote.text, candidate.quote.passage.headings[-1]
    return (
        _DECIDES.match(text) is not None
        and _likeness(heading, query) >= _SAME_QUESTION
        and asked.closed
        and denies(heading) == asked.denies
    )


def _likeness(heading: str, query: Query) -> float:
    """How far a heading says what the question says, both ways (a Dice): 0..1."""
    said, wanted = expanded(heading, query), {*query.tokens, *query.expanded}
    return 2 * len(said & wanted) / (len(said) + len(wanted)) if said and wanted else 0.0


def _answers_another(candidate: Candidate, asked: Asking, query: Query) -> bool:
    """Whether a sentence says yes or no to a question that nobody asked here."""
    decides = _DECIDES.match(candidate.quote.text) is not None
    return decides and not _decides(candidate, asked, query)


def _plain(ranked: Sequence[Candidate], asked: Asking, query: Query) -> Candidate:
    """The best sentence or, where it answers another question, the next that states as much."""
    best = ranked[0]
    if not _answers_another(best, asked, query):
        return best
    return next(
        (
            c
            for c in ranked[1:]
            if c.score >= best.score - _ALSO
            and not c.quote.facts.isdisjoint(best.quote.facts)
            and c.bears >= best.bears
            and not _answers_another(c, asked, query)
        ),
        best,
    )


def _under_its_question(quote: Quote) -> Quote:
    """A quotation that says yes or no to a question nobody asked here, after that question."""
    said, heading = _DECIDES.match(quote.text), quote.passage.headings[-1]
    if said is None:
        return quote
    if not heading.endswith("?"):
        return replace(quote, start=quote.start + said.end(), before=f"{quote.before}… ")
    return replace(quote, before=f"{quote.before}« {heading} » ")


# --- Conditions

_OBLIGES = re.compile(
    r"\b(?:doi(?:t|vent)|a condition|reservee?s?|seule?s? (?:les|la|le)|obligatoire\w*)\b"
)


def conditions(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The conditions that stand beside the first quotation, of those not quoted: whoever asks of a
    right of theirs must see them."""
    if not quotes:
        return ()
    passage = quotes[0].passage
    found = [Quote(passage, *span) for span in sentences(passage.text)]
    kept = [quote for quote in found if _OBLIGES.search(fold(quote.text)) and not leans(quote.text)]
    shown = [quote for quote in quotes if quote.passage.id == passage.id]
    new = [q for q in kept if not any(q.start < o.end and o.start < q.end for o in shown)]
    return tuple(new[:_WITH])


# --- What goes with a sentence

# A sentence that needs the one before it. « Il faut », « il existe » point at nothing.
_LEANS = re.compile(
    r"(?:elles?|ils?(?! (?:faut|faudra|y a|existe|est (?:possible|interdit|necessaire|obligatoire|"
    r"prevu de|conseille|recommande|utile)|convient|suffit|n'y a|n'existe|ne faut|peut y|doit y))|"
    r"celui-ci|celle-ci|ceux-ci|celles-ci|cela|ceci|c'est|ce sont|cet|cette|ces|"
    r"ce(?! (?:qui|que|dont|sont)\b| qu')|(?:sa|ses|son|leurs?)|"
    r"toutefois|cependant|neanmoins|mais|or|ainsi|sinon|de plus|en outre|par ailleurs|"
    r"en revanche|a defaut|dans ce cas|a titre de comparaison|pour cela|a ce titre|en effet|"
    r"par exception|it|they|this|these|however)\b"
)
# A sentence that limits the one before it: it is never left out.
_LIMITS = re.compile(
    r"(?:toutefois|cependant|neanmoins|mais|sauf|hors|en revanche|par exception|sous reserve|"
    r"a (?:la )?condition|dans la limite|attention|however|except|"
    r"(?:ce|cet|cette|ces) (?:montants?|sommes?|taux|plafonds?|delais?|durees?|seuils?|limites?|"
    r"dates?|chiffres?|nombres?|aides?|possibilites?|droits?|reductions?|dispenses?|exonerations?|"
    r"derogations?)\b)"
)
_CONDITION = re.compile(
    r"\b(?:sauf|a condition|a la condition|toutefois|au plus|au maximum|dans la limite|excepte|"
    r"hormis|seulement|uniquement|sous reserve|plafonnee?s?|ne s'applique|ne concerne|n'est pas)\b"
)
# A right, and what the next sentence ties it to, naming its subject again: « La dispense ne vaut
# que si… ». Of 573 sentences shown for practice.jsonl, 2026-11, 8 are so followed: 5 of 7 read as
# leaving their condition behind, 3 of 4 in doubt. Made with them. The model that judges written
# sentences does not see it: .93 to .98 for a copy beside its condition, as beside any sentence.
_GRANTS = re.compile(
    r"^oui\b|\b(?:peu(?:t|vent)|droit a|exoner\w+|dispens\w+|reductions?|abattements?|pas requise?|"
    r"gratuit\w*|premiere condition)\b"
)
_TIES = re.compile(
    r"\b(?:doi(?:t|vent)|devai(?:t|ent)|que s(?:i|'ils?)|a (?:la )?condition|"
    r"(?:seconde|deuxieme|autre) condition|obligatoire\w*|pas automatique\w*|s'engage\w*|"
    r"(?:est|sont) (?:aussi )?(?:reserve|limite|plafonne)e?s?)\b"
)
_WITH = 2  # sentences brought before, and after: more is another subject


def leans(text: str) -> bool:
    """Whether a sentence cannot be read without the one before it."""
    return _LEANS.match(fold(text)) is not None


def limits(text: str) -> bool:
    """Whether a sentence states the condition, exception or limit of the one before it."""
    folded = fold(text)
    return _LIMITS.match(folded) is not None or (
        _LEANS.match(folded) is not None and _CONDITION.search(folded) is not None
    )


def holds(text: str, following: str) -> bool:
    """Whether the sentence that follows one may not be left out where that one is shown."""
    ties = _GRANTS.search(fold(text)) and _TIES.search(fold(following))
    return limits(following) or ties is not None


def _unit(
    candidate: Candidate, chosen: Sequence[Candidate], asked: Asking, beside: Beside
) -> list[Quote]:
    """A sentence with all that may not be left out beside it."""
    quote = candidate.quote
    found = List.of(quote, beside)
    picked = [c.quote for c in chosen]
    if found is not None:
        whole = found.answers(quote, picked, asked.listing)
        if whole or (found.lead and not found.table):  # what announces a point may deny it
            return found.quotes(picked, asked.listing, cut=not whole)
    spans = sentences(quote.passage.text)
    at = next((n for n, span in enumerate(spans) if span == (quote.start, quote.end)), None)
    if at is None:  # signatories, quoted whole
        return [quote]
    quotes = [quote, *_after(quote.passage, spans, at)]
    # « Oui, les artisans aussi » decides alone.
    added = not asked.closed and _adds(quote.passage, spans, at)
    return [*_before(quote.passage, spans, at, beside, int(added)), *quotes]


def _before(
    passage: Passage, spans: Sequence[tuple[int, int]], at: int, beside: Beside, least: int
) -> list[Quote]:
    """The sentences that one points back at, `least` of them in any case."""
    found: list[Quote] = []
    text = passage.text[slice(*spans[at])]
    while len(found) < _WITH and (leans(text) or len(found) < least):
        at -= 1
        if at < 0:
            earlier = beside(passage, -1)
            if earlier is None or earlier.headings != passage.headings:
                break
            passage, spans = earlier, sentences(earlier.text)
            at = len(spans) - 1
        found.insert(0, Quote(passage, *spans[at]))
        text = found[0].text
    return found


_ALSO_DONE = re.compile(r"(\w+) (?:aussi|également) (\w+)")


def _adds(passage: Passage, spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a sentence says that others did the same: « Les communes ont aussi signé »."""
    also = _ALSO_DONE.search(passage.text[slice(*spans[at])])
    if at == 0 or also is None:
        return False
    # « signé » and « signée » have two stems.
    before = {token[:4] for token in tokens(passage.text[slice(*spans[at - 1])])}
    return any(token[:4] in before for token in tokens(f"{also[1]} {also[2]}"))


def _after(passage: Passage, spans: Sequence[tuple[int, int]], at: int) -> Iterator[Quote]:
    said = passage.text[slice(*spans[at])]
    for span in spans[at + 1 : at + 1 + _WITH]:
        quote = Quote(passage, *span)
        if is_item(quote) or not holds(said, quote.text):
            return
        yield quote


def joined(answers: Sequence[Sequence[Quote]]) -> tuple[Quote, ...]:
    """The answers of several questions as one, each from a line of its own."""
    quotes = [
        replace(quote, before=f"\n{quote.before.lstrip(' ')}") if at == 0 and answer_at else quote
        for answer_at, answer in enumerate(answers)
        for at, quote in enumerate(_first(answer))
    ]
    return tuple(_once(quotes))


def _first(answer: Sequence[Quote]) -> Sequence[Quote]:
    """The first quotations of an answer; a list is not cut, nor a sentence from its condition."""
    end = min(_PER_QUESTION, len(answer))
    while end < len(answer) and _goes_on(answer[end - 1], answer[end]):
        end += 1
    return answer[:end]


def _goes_on(quote: Quote, following: Quote) -> bool:
    if is_listed(following):
        return True
    same = quote.passage.id == following.passage.id
    return same and quote.end <= following.start and holds(quote.text, following.text)


def _once(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotations without those already there; a paragraph begins after a list."""
    kept: list[Quote] = []
    for quote in quotes:
        if any(
            other.passage.id == quote.passage.id
            and other.start <= quote.start
            and quote.end <= other.end
            for other in kept
        ):
            continue
        if kept and is_listed(kept[-1]) and not is_listed(quote):
            quote = replace(quote, before="\n")
        kept.append(quote)
    return kept
