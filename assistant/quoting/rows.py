"""Questions about one row of a list: « Redon fait-elle partie de Petites villes de demain ? ».

A row answers when the question names it and asks nothing that the row does not say. A place that no
row names is never answered from another's row: nothing here says that it is not in the list either,
for a list may be old.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.question import places
from assistant.question.subject import names_subject
from corpus.vocabulary import lexicon
from index.french.analysis import STOP_WORDS, expansions, fold, stem, synonyms, tokens
from index.french.spelling import Speller
from index.passages import Passage
from index.stores.register import Named, Register, name_words

# Words that ask whether something is in a list, in any form.
_ASKING = frozenset(
    """
    partie parti parties liste listes listee membre membres commune communes ville villes village
    villages bourg bourgs mairie mairies municipalite territoire territoires collectivite programme
    programmes dispositif label labels labellise labellisee labellisees laureat laureate laureates
    retenu retenue retenues retenus choisi choisie choisies selectionne selectionnee selectionnees
    inscrit inscrite inscrites concerne concernee concernees beneficie beneficient beneficier
    beneficiaire participe participent participer figure figurent figurer appartient appartiennent
    appartenir integre integree fe fai fais rejoint rejointe signataire engagee engage fait font
    faire dedans
    actuellement bien vraiment aujourd'hui maintenant officiellement sais savez savoir sait dire
    connaitre verifier confirmer confirmez question demande habite national nationale
    """.split()
)
_DETERMINERS = frozenset(
    """
    un une des le la les l ma mon mes ta ton tes sa son ses notre nos votre vos leur leurs ce cet
    cette ces quel quelle je tu il elle on nous vous ils elles chaque aucune toute toutes tout tous
    """.split()
)
_ARTICLES = ("le", "la", "les")
# A yes or no question about belonging, and none that asks for something else.
_BELONGS = re.compile(
    r"\b(?:partie?s?|est|sont|fait|font|fais|serait|etait|figure|appartien\w+|participe|beneficie|"
    r"(?:a|ont)(?:[ -]t)?(?:[ -](?:elle|il|elles|ils))? ete|retenue?s?|"
    r"labell?isee?s?|concernee?s?)\b"
)
_ASKS_ELSE = re.compile(
    r"\b(?:qui|quoi|quel\w*|comment|combien|pourquoi|quand|c'est quoi|lequel|laquelle|"
    r"lesquel\w*)\b|"
    r"\bou (?:est|sont|se|trouver)\b|\b(?:qu'est|que (?:fait|signifie|veut))\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the lists have for a question.

    `rows` answer it; `near` would, of a place whose name is nearly the one typed. `named`: it says
    the name of a row, whatever it asks.
    """

    rows: tuple[Passage, ...] = ()
    near: tuple[Passage, ...] = ()
    named: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.near or self.named)


class Lists:
    """The lists of a generation, as questions meet them."""

    def __init__(
        self,
        register: Register,
        acronyms: Mapping[str, str],
        vocabulary: Collection[str],
        speller: Speller,
    ) -> None:
        self.register = register
        self.acronyms = acronyms
        self.vocabulary = vocabulary
        self.speller = speller

    def find(self, question: str, home: Sequence[str] = ()) -> Found:
        """The rows that answer a question, in its order, but for those of our own town."""
        said = name_words(question)
        mentions = self._mentions(question, said, home)
        sure = True
        if mentions:
            inside = {n for named in mentions for n in range(named.start, named.end)}
            rest = [word for n, word in enumerate(said) if n not in inside]
            rows = [row for named in mentions for row in named.rows]
        elif (name := self._stranger(question, said, home)) is not None:
            rest = [*said[: name[0]], *said[name[1] :]]
            typed = said[name[0] : name[1]]
            near, sure = self.register.near(typed)
            rows = [] if _in_longer_name(question, typed) else list(near)
        else:
            return Found()
        answering = tuple(row for row in dict.fromkeys(rows) if self._answers(row, rest))
        return Found(answering if sure else (), () if sure else answering, bool(mentions))

    def unknown(self, question: str, home: Sequence[str] = ()) -> bool:
        """Whether a question asks if a place is in a list, and no row bears that name."""
        if not self.register:
            return False
        if self._stranger(question, name_words(question), home) is not None:
            return True
        # « saint georges des groseillers »: no capital tells it from words, the gazetteer does.
        found = (place.split() for place in places.named(question))
        return any(len(name) > 1 and name[-1] not in self.vocabulary for name in found)

    def _mentions(self, question: str, said: Sequence[str], home: Sequence[str]) -> list[Named]:
        """The names of rows that a question holds as names, and not as words of the language."""
        ours = {word for name in home for word in name_words(name)}
        capitals = _capitals(question)
        kept = []
        for named in self.register.named(said):
            name = said[named.start : named.end]
            before = said[named.start - 1] if named.start else ""
            if ours.issuperset(name) or _in_longer_name(question, name):
                continue
            # « La Baule » is not Baule, « Bourg en Bresse » not La Bresse; but a shop, « fromagerie
            # Vialard », has its article before it.
            described = len(name) > 1 and name[0] in lexicon() and before in _ARTICLES
            beside = before in (*_ARTICLES, "en", "sur", "sous") and before != named.article
            if beside and not described:
                continue
            if len(name) == 1 and name[0] not in capitals and self._is_word(name[0], before):
                continue
            kept.append(named)
        return kept

    def _is_word(self, name: str, before: str) -> bool:
        """Whether a name of one word, typed without a capital, is a word: rue, mer, ville, eu."""
        token = stem(name)
        if name in STOP_WORDS or name in _ASKING or token in self.register.subject:
            return True
        return name in self.vocabulary and before in _DETERMINERS

    def _answers(self, row: Passage, rest: Sequence[str]) -> bool:
        """Whether a row says all that a question asks of it, but for its name."""
        held = set(tokens(row.searched()))
        held.update(expansions(list(held), self.acronyms))
        # What the row itself says is no slip: « Lisieux » stands in no passage that is searched.
        spelled = self.speller.question([word for word in rest if stem(word) not in held]).words
        asked = [stem(word) for word in spelled if word not in STOP_WORDS | _ASKING]
        return all(
            token in held
            or not held.isdisjoint(synonyms(token))
            or (token.isdigit() and any(other.startswith(token) for other in held))
            for token in asked
        )

    def _stranger(
        self, question: str, said: Sequence[str], home: Sequence[str]
    ) -> tuple[int, int] | None:
        """Where the name stands in « X fait-elle partie de la liste ? »; None for another question.

        A name has no article before it, or else a capital (where any is typed) and no place among
        the corpus's own words.
        """
        folded = fold(question)
        if not self.register or not _BELONGS.search(folded) or _ASKS_ELSE.search(folded):
            return None
        about = self.register.subject | set(expansions(list(self.register.subject), self.acronyms))
        ours = {word for name in home for word in name_words(name)}
        stems = [stem(word) for word in said]
        if not any(s in about and w not in STOP_WORDS for w, s in zip(said, stems, strict=True)):
            return None
        left = [
            n
            for n, (word, token) in enumerate(zip(said, stems, strict=True))
            if word not in STOP_WORDS
            and token not in about
            and word not in _ASKING
            and word not in ours
        ]
        if not left or names_subject(" ".join(said[n] for n in left)):
            return None
        start, end = left[0], left[-1] + 1
        if end - start > len(left) + 4:  # words here and there are no name
            return None
        before = said[start - 1] if start else ""
        # No pattern is made of a resident's words: Python would keep it.
        elided = f"l'{said[start]}" in _ELIDED_WORD.findall(folded)
        strange = any(said[n] not in self.vocabulary for n in left)
        capitals = _capitals(question)
        capital = any(said[n] in capitals for n in left) or not capitals
        if (before in _DETERMINERS or elided) and not (strange and capital):
            return None
        return start, end


def _in_longer_name(question: str, name: Sequence[str]) -> bool:
    """Whether a hyphen ties a name to other words: « Saint-Georges-des-Groseillers »."""
    # No pattern is made of a resident's words: Python would keep it.
    folded = fold(question)
    found, sought = list(_WORD.finditer(folded)), _WORD.findall(" ".join(name))
    if not sought:
        return False
    for first in range(len(found) - len(sought) + 1):
        run = found[first : first + len(sought)]
        if [word[0] for word in run] != sought:
            continue
        before = folded[: run[0].start()]
        if _TIED_BEFORE.search(before) or _TIED_AFTER.match(folded, run[-1].end()):
            return True
    return False


_WORD = re.compile(r"\w+")
_ELIDED_WORD = re.compile(r"\bl'\w+")
_TIED_BEFORE = re.compile(r"(?<=\w)-\Z")
_TIED_AFTER = re.compile(r"-(?!t-|elles?\b|ils?\b)\w")


def _capitals(question: str) -> frozenset[str]:
    """The words that a question writes with a capital; none where it has only capitals, or none."""
    if question.isupper() or question.islower():
        return frozenset()
    found = re.findall(r"(?<![\w'’-])[A-ZÀ-ÝŒ][\w'’-]*", question)
    return frozenset(word for text in found for word in name_words(text))
