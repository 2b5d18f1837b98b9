"""Train the encoder: a question near the sentences that state what it asks, far from the rest.

Each step takes questions of different facts. Each question brings a text that answers it, another
question of the same fact, a near miss of that fact, and the sentence that the search took for an
answer and is none. Three choices are learned at once, each among all that the step brought: which
text answers a question, which question asks the same, which question a text answers (near misses
answer to no text). Whatever shares a fact with a question is never held against it.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.measuring.noise import vary
from index.training import bert
from index.training.lessons import Lessons, Pair, Question, Sentence

QUERY, PASSAGE = "query: ", "passage: "

# How a question is typed anew each time it is met: as it stands in half of the cases.
_TYPED = ("accents", "typo1", "typo2", "phonetic", "sms", "capitals")
_BADLY = ("sms", "typo", "oral/sms")  # registers that need little more of it


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast. The same plan, seed and files give the same model on one machine."""

    seed: int
    epochs: int = 2
    batch: int = 56  # our questions a step
    open_pairs: int = 8  # questions of other sources a step: what it must not forget
    rate: float = 1e-4
    frozen: int = 8  # layers that stay as they came, from below, with the word vectors
    longest: int = 64  # word pieces of a text
    scale: float = 20.0  # of the cosines before the softmax


@dataclass(frozen=True, slots=True)
class _Item:
    """A question of a step and what it brings; pairs of other sources bring a passage only."""

    question: str
    facts: frozenset[str]
    text: str
    text_facts: frozenset[str]
    other: Question | None = None
    near: Question | None = None
    taken: Sentence | None = None


class Bottom:
    """What comes out of the layers that do not move, computed once a text and kept."""

    def __init__(self, coder: bert.Coder, frozen: int, longest: int) -> None:
        self.frozen = frozen
        self._coder = coder
        self._longest = longest
        self._kept: dict[str, torch.Tensor] = {}

    def states(self, texts: Sequence[str]) -> list[torch.Tensor]:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._kept]
        tokens = self._coder.tokens(fresh, self._longest)
        with torch.no_grad(), bert.half():
            for batch in bert.alike([len(text) for text in tokens], bert.BATCH):
                states = self._coder.lower([tokens[row] for row in batch], self.frozen)
                for row, state in zip(batch, states, strict=True):
                    self._kept[fresh[row]] = state.to(torch.bfloat16).clone()
        return [self._kept[text].float() for text in texts]


class _Shelf:
    """Lessons by fact."""

    def __init__(self, lessons: Lessons, statements: dict[str, str]) -> None:
        self.asked = [q for q in lessons.questions if q.answered]
        self.sentences = lessons.sentences
        self.statements = statements
        self.stating: dict[str, list[Sentence]] = defaultdict(list)
        self.asking: dict[str, list[Question]] = defaultdict(list)
        self.brushing: dict[str, list[Question]] = defaultdict(list)
        for sentence in lessons.sentences:
            for fact in sorted(sentence.facts):
                self.stating[fact].append(sentence)
        for question in lessons.questions:
            for fact in sorted(question.facts):
                (self.asking if question.answered else self.brushing)[fact].append(question)
        self.asked = [q for q in self.asked if any(self.stating[fact] for fact in q.facts)]

    def item(self, question: Question, taken: Sequence[Sentence], draw: random.Random) -> _Item:
        fact = draw.choice([fact for fact in sorted(question.facts) if self.stating[fact]])
        sentence = draw.choice(self.stating[fact])
        others = [q for q in self.asking[fact] if q.text != question.text]
        return _Item(
            question=typed(question, draw),
            facts=question.facts,
            text=self._told(fact, sentence, draw),
            text_facts=sentence.facts,
            other=draw.choice(others) if others else None,
            near=draw.choice(self.brushing[fact]) if self.brushing[fact] else None,
            taken=draw.choice(list(taken)) if taken else None,
        )

    def _told(self, fact: str, sentence: Sentence, draw: random.Random) -> str:
        """The sentence, mostly alone; or under its headings, in its passage, or the bare fact."""
        chance = draw.random()
        if chance < 0.1 and fact in self.statements:
            return self.statements[fact]
        if chance < 0.25:
            return " \n".join((*sentence.headings, sentence.paragraph))
        if chance < 0.4:
            return " \n".join((*sentence.headings[-1:], sentence.text))
        return sentence.text


def typed(question: Question, draw: random.Random) -> str:
    """A question as it stands, or as a hurried thumb or an ear would write it."""
    spoilt = 0.2 if question.register in _BADLY else 0.5
    if draw.random() >= spoilt:
        return question.text
    kinds = _TYPED if question.language == "fr" else _TYPED[:3]
    # Few ways each: what the lower layers make of a text is computed once.
    return vary(question.text, draw.choice(kinds), draw.randrange(2))


def train(
    start: Path,
    lessons: Lessons,
    pairs: Sequence[Pair],
    statements: dict[str, str],
    plan: Plan,
    out: Path,
    say: Callable[[str], None] = print,
) -> None:
    """Train the model of the folder `start` on the lessons, and write the folder `out`."""
    torch.manual_seed(plan.seed)
    draw = random.Random(plan.seed)
    coder = bert.load(start)
    shelf = _Shelf(lessons, statements)
    learned = _learned(coder, plan)
    steps = plan.epochs * (len(shelf.asked) // plan.batch)
    optimiser = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, plan.rate, total_steps=steps, pct_start=0.1
    )
    bottom = Bottom(coder, plan.frozen, plan.longest)
    began, done = time.monotonic(), 0
    for epoch in range(plan.epochs):
        taken = confused(coder, bottom, shelf.asked, shelf.sentences)
        for batch in _batches(shelf, taken, pairs, plan, draw):
            with bert.half():
                loss = _loss(coder, bottom, batch, plan)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % 20 == 0:
                spent = time.monotonic() - began
                say(f"epoch {epoch + 1} step {done}/{steps} loss {loss.item():.3f} {spent:.0f} s")
    bert.save(coder, start, out)


def _learned(coder: bert.Coder, plan: Plan) -> list[torch.nn.Parameter]:
    """The weights that move: word vectors never do, or the rare words that our questions lack
    would be left behind by the common ones."""
    learned = []
    for name, weight in coder.model.named_parameters():
        layer = name.startswith("encoder.layer.") and int(name.split(".")[2]) >= plan.frozen
        weight.requires_grad_(layer)
        if layer:
            learned.append(weight)
    return learned


def confused(
    coder: bert.Coder,
    bottom: Bottom,
    questions: Sequence[Question],
    sentences: Sequence[Sentence],
    near: int = 8,
    below: float = 0.97,
) -> dict[str, list[Sentence]]:
    """For each question, wrong sentences that the search puts among the nearest.

    One about as near as the best right sentence is left alone: it may well answer, and lack the
    fact's number only because the fiche was given another one.
    """
    rows = _encoded(coder, bottom, [PASSAGE + sentence.text for sentence in sentences])
    asked = _encoded(coder, bottom, [QUERY + question.text for question in questions])
    right = _facts(questions, sentences)
    found: dict[str, list[Sentence]] = {}
    for row, question in enumerate(questions):
        scores = rows @ asked[row]
        limit = below * float(scores[right[row]].max(initial=-1.0))
        scores[right[row] | (scores > limit)] = -1.0
        nearest = np.argsort(-scores)[:near]
        found[question.text] = [sentences[at] for at in nearest if scores[at] > -1.0]
    return found


def _facts(questions: Sequence[Question], sentences: Sequence[Sentence]) -> NDArray[np.bool_]:
    """(questions, sentences): whether they share a fact."""
    asked = [question.facts for question in questions]
    stated = [sentence.facts for sentence in sentences]
    column = {fact: at for at, fact in enumerate(sorted(frozenset().union(*asked, *stated)))}
    both = np.zeros((len(asked) + len(stated), len(column)), np.float32)
    for row, facts in enumerate(asked + stated):
        both[row, [column[fact] for fact in facts]] = 1
    shared: NDArray[np.bool_] = both[: len(asked)] @ both[len(asked) :].T > 0
    return shared


def _encoded(coder: bert.Coder, bottom: Bottom, texts: Sequence[str]) -> NDArray[np.float32]:
    rows = np.zeros((len(texts), int(coder.model.config.hidden_size)), np.float32)
    states = bottom.states(texts)
    with torch.inference_mode(), bert.half():
        for batch in bert.alike([len(state) for state in states], bert.BATCH):
            rows[batch] = coder.upper([states[row] for row in batch], bottom.frozen).numpy()
    return rows


def _batches(
    shelf: _Shelf,
    taken: dict[str, list[Sentence]],
    pairs: Sequence[Pair],
    plan: Plan,
    draw: random.Random,
) -> Iterator[list[_Item]]:
    """Every question once, in an order drawn anew, with pairs of other sources among them."""
    order = list(shelf.asked)
    draw.shuffle(order)
    for start in range(0, len(order) - plan.batch + 1, plan.batch):
        ours = [
            shelf.item(question, taken.get(question.text, ()), draw)
            for question in order[start : start + plan.batch]
        ]
        drawn = draw.sample(list(pairs), min(plan.open_pairs, len(pairs)))
        others = [
            _Item(pair.question, frozenset({f"pair {n}"}), pair.passage, frozenset({f"pair {n}"}))
            for n, pair in enumerate(drawn)
        ]
        yield ours + others


def _loss(coder: bert.Coder, bottom: Bottom, batch: Sequence[_Item], plan: Plan) -> torch.Tensor:
    texts = [(item.text, item.text_facts) for item in batch]
    texts += [(item.taken.text, item.taken.facts) for item in batch if item.taken]
    asked = [(item.question, item.facts) for item in batch]
    others = [(item.other.text, item.other.facts) for item in batch if item.other]
    nothing: frozenset[str] = frozenset()
    misses = [(item.near.text, nothing) for item in batch if item.near]
    questions = asked + others + misses
    vectors = _vectors(
        coder,
        bottom,
        [QUERY + text for text, _ in questions] + [PASSAGE + text for text, _ in texts],
    )
    q = vectors[: len(asked)]
    around = vectors[len(asked) : len(questions)]
    t = vectors[len(questions) :]
    same_fact = [at for at, item in enumerate(batch) if item.other]
    every = list(range(len(batch)))
    chosen = _choice(q, t, asked, texts, every, plan.scale)
    paired = _choice(
        q[same_fact],
        around,
        [asked[at] for at in same_fact],
        others + misses,
        list(range(len(same_fact))),
        plan.scale,
    )
    candidates = torch.cat([q, around[len(others) :]])
    answered = _choice(
        t[: len(batch)], candidates, texts[: len(batch)], asked + misses, every, plan.scale
    )
    return chosen + 0.5 * paired + 0.5 * answered


def _choice(
    rows: torch.Tensor,
    among: torch.Tensor,
    row_facts: Sequence[tuple[str, frozenset[str]]],
    among_facts: Sequence[tuple[str, frozenset[str]]],
    right: Sequence[int],
    scale: float,
) -> torch.Tensor:
    """Cross-entropy of each row's right column, those that share its facts left out."""
    scores = scale * rows @ among.T
    shared = torch.tensor([[bool(a & b) for _, b in among_facts] for _, a in row_facts])
    shared[torch.arange(len(right)), torch.tensor(right)] = False
    return functional.cross_entropy(scores.masked_fill(shared, -1e4), torch.tensor(right))


def _vectors(coder: bert.Coder, bottom: Bottom, texts: Sequence[str]) -> torch.Tensor:
    """All the vectors of a step, in groups of like lengths: little is spent on padding."""
    states = bottom.states(texts)
    groups = list(bert.alike([len(state) for state in states], 48))
    rows = torch.cat(
        [coder.upper([states[row] for row in group], bottom.frozen) for group in groups]
    )
    order = torch.tensor([row for group in groups for row in group])
    return rows[torch.argsort(order)]
