"""The passages that a search found, and what became of each: cited, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Answer
from assistant.pipeline import Way
from assistant.quoting.ranking import Candidate
from assistant.routes import Searched, Several
from corpus.documents import FICHES, Document
from index.generation import Generation
from index.passages import Hit, Passage
from index.questions.known import UNLIKE, Near

SCOPES = {"": "tous", "national": "nationaux", "local": "de la commune"}
KINDS = {
    "": "tous",
    "fiche": "nos fiches",
    "convention": "conventions et avenants",
    "publication": "autres publications",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages are listed: of these documents, dated of this year or later (0: any)."""

    scope: str = ""
    kind: str = ""
    since: int = 0

    @property
    def chosen(self) -> bool:
        """Whether it leaves any out."""
        return bool(self.scope or self.kind or self.since)

    def keeps(self, document: Document) -> bool:
        """Whether passages of this document are listed; one without a date is not, since a year."""
        dated = (document.updated or document.published)[:4]
        return (
            (not self.scope or (document.scope == "national") is (self.scope == "national"))
            and (not self.kind or _kind(document) == self.kind)
            and (not self.since or (dated.isdigit() and int(dated) >= self.since))
        )


def _kind(document: Document) -> str:
    if document.kind in FICHES:
        return "fiche"
    return "convention" if document.convention is not None else "publication"


def chosen(fields: Mapping[str, str]) -> Filter:
    """The filter of a form's fields. Raises ValueError, in French."""
    scope, kind, since = (fields.get(name, "") for name in ("scope", "kind", "since"))
    if scope not in SCOPES or kind not in KINDS:
        raise ValueError("Ce tri n'existe pas : choisissez-le dans la page.")
    if since and not (since.isdigit() and 1900 <= int(since) <= date.today().year):
        raise ValueError("L'année s'écrit en quatre chiffres, par exemple 2024.")
    return Filter(scope, kind, int(since or 0))


@dataclass(frozen=True, slots=True)
class Passed:
    """A passage found, its nearest sentence (None: none was looked at), and what became of it."""

    passage: Passage
    document: Document
    nearest: str | None
    cited: tuple[int, ...]  # numbers of the answer's citations that quote it
    why: str


def passed(answer: Answer, way: Way, hits: Sequence[Hit], generation: Generation) -> list[Passed]:
    """What became of each passage found, in the order found."""
    quoted: dict[str, tuple[int, ...]] = {}
    for citation in answer.citations:
        numbers = quoted.get(citation.passage_id, ())
        quoted[citation.passage_id] = (*numbers, citation.number)
    read = _read(way)
    told = []
    for hit in hits:
        passage = hit.passage
        rank, best = read.get(passage.id, (0, None))
        numbers = quoted.get(passage.id, ())
        told.append(
            Passed(
                passage,
                generation.documents[passage.document_id],
                best.quote.text if best else None,
                numbers,
                "" if numbers else _why(answer, passage, rank, best, bool(read)),
            )
        )
    return told


def _read(way: Way) -> dict[str, tuple[int, Candidate]]:
    """The best sentence of each passage that was read for one, and its rank among all, from 1."""
    searched: list[Searched] = []
    if isinstance(way.route, Searched):
        searched = [way.route]
    elif isinstance(way.route, Several):
        searched = [part.searched for part in way.route.parts if part.searched is not None]
    found: dict[str, tuple[int, Candidate]] = {}
    for one in searched:
        for rank, candidate in enumerate(one.ranked, 1):
            id = candidate.quote.passage.id
            if id not in found or rank < found[id][0]:
                found[id] = (rank, candidate)
    return found


def _why(
    answer: Answer, passage: Passage, rank: int, best: Candidate | None, searched: bool
) -> str:
    if not searched:
        return "La question a reçu sa réponse avant toute recherche."
    if best is None:
        return "D’autres passages ressemblaient plus à la question : celui-ci n’a pas été lu."
    if best.passed:
        return "Un avenant a changé ces mots."
    if best.absence:
        return "Il dit que l’information n’a pas été trouvée."
    if not answer.citations:
        return "Rien ne dit assez sûrement que cette phrase répond."
    return f"Sa phrase la plus proche vient au rang {rank} : une autre répond mieux."


@dataclass(frozen=True, slots=True)
class Judged:
    """How likely the best sentence answers, and how likely it had to be: shares of 100."""

    likely: int
    needed: int


def judged(way: Way, needed: float) -> Judged | None:
    """What the decision said; None when nothing was searched, or a list answered."""
    whole = way.route.whole if isinstance(way.route, Several) else way.route
    if not isinstance(whole, Searched) or not whole.ranked or whole.listed or whole.told:
        return None
    return Judged(round(100 * whole.likelihood), round(100 * needed))


def matched(way: Way) -> Near | None:
    """The known question that is most like the one asked; None when none is."""
    near = way.found.likeness.near if way.found else ()
    return near[0] if near and near[0].similarity >= UNLIKE else None
