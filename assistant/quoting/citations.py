"""Every sentence tied to the words of a passage; links made from the corpus only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote as percent

from assistant.answers import Amended, Citation, Sentence
from assistant.messages import changed
from assistant.proof.checking import supporting, unsupported
from corpus.documents import FICHES, NATURES, SHOWN, Document, Source
from corpus.structure import Amendment
from index.french.analysis import tokens
from index.passages import Passage

# A text fragment long enough to be found once, short enough to survive a small edit of the page.
_FRAGMENT_WORDS = 8
_READ_AGAIN = 3  # passages of a publication, among those with most of a summary's words

BULLET = "\n- "  # what stands before the item of a list


@dataclass(frozen=True, slots=True)
class Quote:
    """A draft sentence: the words `passage.text[start:end]`, said as they are.

    `before` is what stands between the sentence before it and this one, in words and signs of ours.
    """

    passage: Passage
    start: int
    end: int
    before: str = " "

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def headings(self) -> tuple[str, ...]:
        """Those that these words stand under: a passage may go on under other ones."""
        return self.passage.headings_at(self.start)

    @property
    def facts(self) -> frozenset[str]:
        """The numbers of the facts that these words state."""
        spans = self.passage.spans_of(self.start, self.end)
        return frozenset(fact for span in spans for fact in span.facts)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft sentence of a language model, checked: `proofs` are the words that say it too."""

    text: str
    proofs: tuple[Quote, ...]


Draft = Sequence[Quote | Written]


def verify(
    draft: Draft, passages: Mapping[str, Passage], documents: Mapping[str, Document]
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences whose words, or proofs, stand in a passage of the live generation; the proof.

    A sentence with a proof whose passage is not there, or whose words are not its, is dropped.
    """
    sentences: list[Sentence] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    for said in draft:
        proofs = said.proofs if isinstance(said, Written) else (said,)
        proofs = tuple(each for proof in proofs for each in _first_hand(proof, passages, documents))
        proved = {
            (quote.passage.id, quote.start, quote.end): _proof(quote, passages, documents)
            for quote in proofs
        }
        if not proved or None in proved.values():
            continue
        for place, citation in proved.items():
            if citation is not None and place not in citations:
                citations[place] = replace(citation, number=len(citations) + 1)
        numbers = tuple(citations[place].number for place in proved)
        if isinstance(said, Written):
            sentences.append(Sentence(said.text, numbers, written=True))
        else:
            language = documents[said.passage.document_id].language
            sentences.append(Sentence(said.text, numbers, before=said.before, language=language))
    return tuple(sentences), tuple(citations.values())


def _first_hand(
    quote: Quote, passages: Mapping[str, Passage], documents: Mapping[str, Document]
) -> tuple[Quote, ...]:
    """A quote, after the words of the publication behind it when the index has them.

    Words of a fiche of ours name their publications; where one of them is indexed and says the
    same, it is quoted first.
    """
    spans = quote.passage.spans_of(quote.start, quote.end)
    named = {_bare(source.url) for span in spans for source in span.sources if source.url}
    read = {d.id for d in documents.values() if d.kind not in FICHES and _bare(d.url) in named}
    if not read:
        return (quote,)
    wanted = set(tokens(quote.text))
    near = sorted(
        (passage for passage in passages.values() if passage.document_id in read),
        key=lambda passage: -len(wanted & set(tokens(passage.text))),
    )
    for passage in near[:_READ_AGAIN]:
        start, end = supporting(quote.text, passage.text)
        if start < end and unsupported(quote.text, [passage.text[start:end]]) is None:
            return (Quote(passage, start, end), quote)
    return (quote,)


def _bare(url: str | None) -> str:
    """An address without its place in the page, nor how it is reached."""
    return (url or "").partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _proof(
    quote: Quote, passages: Mapping[str, Passage], documents: Mapping[str, Document]
) -> Citation | None:
    """The citation of a quote, not numbered yet; None when it proves nothing."""
    passage = passages.get(quote.passage.id)
    if passage is None or passage.text != quote.passage.text or not quote.text.strip():
        return None
    document = documents.get(passage.document_id)
    if document is None:
        return None
    citation = cite(0, passage, document, quote.start, quote.end)
    # Words of ours that no publication stands behind prove nothing.
    return None if citation.kind == "summary" and not citation.sources else citation


def cite(number: int, passage: Passage, document: Document, start: int, end: int) -> Citation:
    """The citation of `passage.text[start:end]`."""
    ours, sources = behind(passage, document, start, end)
    quoted = passage.text[start:end]
    superseded = tuple(map(_amended, passage.superseded))
    if ours:
        url = next((source.url for source in sources if source.url), None)
    else:
        url = _place(document.url, passage, start, end) if document.kind in SHOWN else document.url
    return Citation(
        number=number,
        kind="summary" if ours else "quotation",
        passage_id=passage.id,
        title=document.title,
        publisher=document.publisher,
        sources=sources,
        url=url,
        page=passage.page,
        headings=(*passage.headings_at(start), *([changed(superseded)] if superseded else ())),
        date=document.updated or document.published or document.fetched,
        quote=quoted,
        passage=passage.text,
        start=start,
        end=end,
        confidence=_sure(passage, start, end),
        printed=passage.printed,
        language=document.language,
        superseded=superseded,
        amends=_amended(passage.amends) if passage.amends else None,
    )


def behind(
    passage: Passage, document: Document, start: int, end: int
) -> tuple[bool, tuple[Source, ...]]:
    """Whether the words of `passage.text[start:end]` are ours, and the publications behind them."""
    spans = passage.spans_of(start, end)
    # What the catalogue has us say of a row of data is ours too, with the data behind it.
    if document.kind in FICHES or spans:
        found = _merged([source for span in spans for source in span.sources])
        return True, tuple(sorted(found, key=lambda source: NATURES.index(source.nature)))
    date = document.updated or document.published
    itself = Source(
        document.publisher, document.title, document.url, date, document.licence, document.nature
    )
    return False, (itself,)


def _sure(passage: Passage, start: int, end: int) -> float | None:
    """How surely OCR read `passage.text[start:end]`: the line of it that it read worst."""
    found = [
        line.confidence for line in passage.seen if _overlaps(passage, [line.words], start, end)
    ]
    return min(found, default=passage.confidence)


def _overlaps(passage: Passage, lines: Iterable[str], start: int, end: int) -> bool:
    """Whether a line of a passage is one of these, and shares a character with those words."""
    return any(
        at.start() < end and start < at.end()
        for line in lines
        for at in re.finditer(re.escape(line), passage.text)
    )


def _amended(change: Amendment) -> Amended:
    return Amended(
        change.avenant, change.title, change.date, change.effect, change.part, change.passages
    )


def _merged(sources: Sequence[Source]) -> list[Source]:
    """Each publication once, with every date of information it was named for."""
    dates: dict[Source, list[str]] = {}
    for source in sources:
        dates.setdefault(replace(source, date=""), []).append(source.date)
    return [
        replace(source, date=", ".join(dict.fromkeys(date for date in found if date)))
        for source, found in dates.items()
    ]


def _place(url: str | None, passage: Passage, start: int, end: int) -> str | None:
    """The very place in a publication: its PDF page, else the quoted words where a browser finds
    them, else the heading."""
    if url is None:
        return None
    bare = url.split("#", 1)[0]
    if passage.page is not None:
        return f"{bare}#page={passage.page}"
    if _overlaps(passage, passage.composed, start, end):
        return f"{bare}#{passage.anchor}" if passage.anchor else bare
    # The words of one block: a text fragment is not found across two, nor the dash of an item.
    quoted = passage.text[start:end].strip().split("\n")
    lines = [line.removeprefix("- ").split() for line in quoted]
    words, last_words = lines[0], lines[-1]
    # « - » and « , » have a meaning in a text fragment: percent-encode them too.
    first = percent(" ".join(words[:_FRAGMENT_WORDS]), safe="").replace("-", "%2D")
    fragment = f"text={first}"
    if len(lines) > 1 or len(words) > 2 * _FRAGMENT_WORDS:
        last = percent(" ".join(last_words[-_FRAGMENT_WORDS // 2 :]), safe="").replace("-", "%2D")
        fragment += f",{last}"
    return f"{bare}#{passage.anchor or ''}:~:{fragment}"
