"""Words and character 4-grams of the passages, in tantivy.

The analysis is ours (analysis): tantivy gets tokens joined by spaces, because its own n-gram
tokenizer runs before accents are folded, and would split « 303-2 » and « 1 646 ». Queries are
built from terms, never parsed from a resident's words.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from index.errors import IndexMissing
from index.french.analysis import grams, tokens
from index.passages import Passage
from index.stores.aside import Aside

# What a word is worth where it stands. Set on the `fit` questions, 2026-11: see tests/quality.
FIELD_WEIGHTS = {"title": 0.6, "headings": 0.8, "text": 1.0}
# The files of a folder of tantivy's that name its segments: each index has its own.
_OF_EACH = ("meta.json", ".managed.json")
# A token added by us (an acronym spelled out) counts for less than one the resident typed.
EXPANSION_WEIGHT = 0.4
SYNONYM_WEIGHT = 0.3
# Another word that a misspelt one may stand for: with .7, `piaf` typed with two slips gains .003
# of nDCG@10 and `spf` .002 over 0; .5 to .8 are alike.
DOUBT_WEIGHT = 0.7


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("position", stored=False, indexed=False, fast=True)
    for name in (*FIELD_WEIGHTS, "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write(folder: Path, passages: Iterable[Passage], base: Lexical | None = None) -> None:
    """Make the word index of `passages` in `folder`, a new one: one thread, one segment.

    base    an index that they come after: a segment beside its own, whose files are not kept here.
            What is common is then counted over both, as in one index.
    """
    folder.mkdir(parents=True)
    if base is not None:
        base.lend(folder)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for position, passage in enumerate(passages, len(base) if base is not None else 0):
        document = tantivy.Document()
        document.add_unsigned("position", position)
        document.add_text("title", " ".join(tokens(passage.headings[0])))
        document.add_text("headings", " ".join(tokens(" \n".join(passage.headings[1:]))))
        document.add_text("text", " ".join(tokens(passage.text)))
        document.add_text("grams", " ".join(grams(passage.searched())))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    if base is not None:
        base.take_back(folder)


class Lexical:
    """The word index of one generation, open for reading."""

    def __init__(self, folder: Path, base: Lexical | None = None) -> None:
        """`base`: the index that it was written beside. Raises IndexMissing when `folder` holds no
        index that can be read."""
        self._aside: Aside | None = None
        self._folder = folder
        try:
            if folder.is_dir():
                try:
                    self._aside = Aside(folder, base._aside if base is not None else None)
                except OSError:  # no room for a copy: in place, then, where all is in place
                    if base is not None:
                        raise
            self._index = tantivy.Index.open(str(self._aside.path if self._aside else folder))
        except (ValueError, OSError) as error:
            self.close()
            raise IndexMissing(folder, "l'index des mots est illisible") from error
        self._index.config_reader(reload_policy="manual")
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self._rarities: dict[tuple[str, str], float] = {}

    def __len__(self) -> int:
        return self._searcher.num_docs

    def close(self) -> None:
        """Let go of the files; searches under way end."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def lend(self, folder: Path) -> None:
        """Put its files into a folder where another is made beside it. Raises OSError."""
        for file in self._files():
            shutil.copyfile(file, folder / file.name)

    def take_back(self, folder: Path) -> None:
        """Remove from there what is its own."""
        for file in self._files():
            if file.name not in _OF_EACH:
                (folder / file.name).unlink()

    def _files(self) -> list[Path]:
        place = self._aside.path if self._aside is not None else self._folder
        return [file for file in place.iterdir() if file.suffix != ".lock"]

    def words(self, weights: Mapping[str, float], limit: int) -> dict[int, float]:
        """BM25 of the passages that hold one of the tokens: position -> score, best first.

        `weights` gives what each token counts for.
        """
        return self._search(
            [
                (self._schema, field, token, weight * boost)
                for token, weight in weights.items()
                for field, boost in FIELD_WEIGHTS.items()
            ],
            limit,
        )

    def grams(self, found: Sequence[str], limit: int) -> dict[int, float]:
        """BM25 over character 4-grams: position -> score, best first."""
        return self._search(
            [(self._schema, "grams", gram, 1.0) for gram in dict.fromkeys(found)], limit
        )

    def rarity(self, token: str, field: str = "text") -> float:
        """The BM25 inverse document frequency of a token; highest when no passage has it."""
        known = self._rarities.get((field, token))
        if known is not None:
            return known
        total = len(self)
        holding = self._searcher.doc_freq(field, token)
        found = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
        if holding:  # what no passage has is a resident's own word: it is not kept
            self._rarities[field, token] = found
        return found

    def _search(
        self, terms: Sequence[tuple[tantivy.Schema, str, str, float]], limit: int
    ) -> dict[int, float]:
        if not terms or not len(self):
            return {}
        query = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(schema, field, token, index_option="freq"), weight
                    ),
                )
                for schema, field, token, weight in terms
            ]
        )
        hits = self._searcher.search(query, limit=limit, count=False).hits
        positions = self._searcher.fast_field_values("position", [where for _, where in hits])
        scores = {
            int(p): float(s) for p, (s, _) in zip(positions, hits, strict=True) if p is not None
        }
        # As ties stand in one segment: in the order of the passages.
        return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
