"""Our search beside plain peers: same passages, same questions, same machine, one run.

    python benchmarks/retrieval.py FOLDER --peers PYTHON [--sizes 500,5000]

FOLDER is BEIR-style; PYTHON is the interpreter of an environment with benchmarks/requirements.txt.
Each system runs in a process of its own, on one thread: one builds its index, another opens it,
answers one question (start-up), then all of them (milliseconds, memory, quality). A peer that has
nothing on disk builds at each start. Passages over those of the set are sentences of the `--filler`
files shuffled into paragraphs: they answer nothing, and make the search work. Quality is judged at
document level for ids like <document>#<n>. Ratios are to ours; only ratios compare from one machine
to another.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import ir_measures
from ir_measures import Success, nDCG
from tqdm import tqdm

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from index.measuring.judged import Folder, document, read  # noqa: E402
from index.measuring.noise import vary  # noqa: E402

SYSTEMS = ("ours", "langchain", "bm25s_plain", "bm25s_french", "haystack", "llamaindex")
ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
} | {"TOKENIZERS_PARALLELISM": "false", "ANONYMIZED_TELEMETRY": "false", "HF_HUB_OFFLINE": "1"}
LIMIT = 100  # passages asked of each system: documents are judged, of several passages each


def lay(folder: Folder, size: int, filler: Sequence[str], work: Path, variant: str) -> list[str]:
    """Write corpus.jsonl and queries.jsonl of `size` passages; the ids of the questions kept.

    Documents come whole, those of the first questions first, until the next one does not fit.
    """
    chance = random.Random(size)
    judged = folder.judged
    groups: dict[str, list[Any]] = {}
    for passage in folder.passages:
        groups.setdefault(judged.unit(passage.id), []).append(passage)
    order = [unit for grades in judged.relevant.values() for unit in grades if unit in groups]
    kept: dict[str, list[Any]] = {}
    room = size
    for unit in dict.fromkeys([*order, *groups]):
        if len(groups[unit]) <= room:
            kept[unit] = groups[unit]
            room -= len(groups[unit])
    lines = [{"_id": p.id, "text": p.text} for passages in kept.values() for p in passages]
    lines += [
        {"_id": f"filler{n}#0", "text": " ".join(chance.choices(filler, k=5))} for n in range(room)
    ]
    chance.shuffle(lines)
    asked = [q for q in judged.questions if set(judged.relevant[q.id]) <= set(kept)]
    questions = [{"_id": q.id, "text": vary(q.text, variant)} for q in asked]
    for name, records in (("corpus", lines), ("queries", questions)):
        (work / f"{name}.jsonl").write_text(
            "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records),
            encoding="utf-8",
        )
    (work / "qrels.tsv").write_text(
        "".join(f"{q.id}\t{u}\t{g}\n" for q in asked for u, g in judged.relevant[q.id].items()),
        encoding="utf-8",
    )
    return [q.id for q in asked]


def sentences(paths: Sequence[Path]) -> list[str]:
    """The sentences of the texts of JSON Lines files, those of a fair length."""
    found: list[str] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = record.get("text") or record.get("passage") or ""
            found += [s for s in re.split(r"(?<=[.!?])\s+", text) if 20 < len(s) < 400]
    return found


def serve(name: str, work: Path, python: str, model: str) -> dict[str, Any]:
    """Build and serve one system, each in its process; what they wrote."""
    command = [python, str(HERE / "systems.py"), name, str(work), str(LIMIT), model]
    measured: dict[str, Any] = {}
    for output in (f"{name}.built.json", f"{name}.json"):
        if (work / f"{name}.json").exists():
            continue
        done = subprocess.run(
            command, env=os.environ | ONE_THREAD, capture_output=True, text=True, cwd=work
        )
        if done.returncode:
            raise click.ClickException(f"{name} failed: {done.stderr.strip()[-2000:]}")
        if (work / output).exists():
            measured |= json.loads((work / output).read_text(encoding="utf-8"))
    return measured | json.loads((work / f"{name}.json").read_text(encoding="utf-8"))


def quality(folder: Folder, asked: Sequence[str], run: dict[str, Any]) -> tuple[float, float]:
    """(nDCG@10, hit@5) over the questions asked."""
    judged = folder.judged
    qrels = [
        ir_measures.Qrel(id, unit, grade)
        for id in asked
        for unit, grade in judged.relevant[id].items()
    ]
    scored = []
    for id, hits in run.items():
        best: dict[str, float] = {}
        for passage, score in hits:
            unit = document(passage) if judged.whole else passage
            best[unit] = max(best.get(unit, float("-inf")), score)
        scored += [ir_measures.ScoredDoc(id, unit, score) for unit, score in best.items()]
    found = ir_measures.calc_aggregate([nDCG @ 10, Success @ 5], qrels, scored)
    return found[nDCG @ 10], found[Success @ 5]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The figures of a size as a Markdown table, with ours as the unit of the ratios."""
    ours = rows[0]
    lines = [
        "| system | nDCG@10 | two typos | hit@5 | p50 ms | p95 ms | p95 / ours | serving MB | "
        "MB / ours | start s | build s |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        build = f"{row['build_s']:.1f}" if "build_s" in row else "at start"
        lines.append(
            f"| {row['name']} | {row['ndcg']:.3f} | {row['typos']:.3f} | {row['hit']:.3f} | "
            f"{row['p50']:.1f} | {row['p95']:.1f} | {row['p95'] / ours['p95']:.2f} | "
            f"{row['serve_mb']:.0f} | {row['serve_mb'] / ours['serve_mb']:.2f} | "
            f"{row['ready_s']:.1f} | {build} |"
        )
    return "\n".join(lines)


_FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("folder", type=_FILE)
@click.option("--peers", required=True, help="The Python of the peers' environment.")
@click.option("--filler", type=_FILE, multiple=True, help="JSON Lines that answer nothing.")
@click.option("--sizes", default="500,5000,100000", show_default=True)
@click.option("--systems", default=",".join(SYSTEMS), show_default=True)
@click.option("--model", default="", help="A hub model for ours and LangChain.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to keep the tables (Markdown).")
def main(
    folder: Path,
    peers: str,
    filler: Sequence[Path],
    sizes: str,
    systems: str,
    model: str,
    out: Path | None,
) -> None:
    """Measure every system at every size."""
    judged, spare = read(folder), sentences(filler)
    tables = []
    for size in map(int, sizes.split(",")):
        rows = []
        for name in tqdm(systems.split(","), desc=f"{size} passages"):
            with tempfile.TemporaryDirectory() as place:
                work = Path(place)
                asked = lay(judged, size, spare, work, "clean")
                python = sys.executable if name == "ours" else peers
                clean = serve(name, work, python, model)
                (work / f"{name}.json").unlink()
                lay(judged, size, spare, work, "typo2")
                typed = serve(name, work, python, model)
            ms = sorted(clean["ms"])
            ndcg, hit = quality(judged, asked, clean["run"])
            row = {
                "name": name,
                "ndcg": ndcg,
                "hit": hit,
                "typos": quality(judged, asked, typed["run"])[0],
                "p50": ms[len(ms) // 2],
                "p95": ms[int(0.95 * len(ms))],
            }
            rows.append(
                row | {k: clean[k] for k in ("ready_s", "serve_mb", "build_s") if k in clean}
            )
        tables.append(f"{size} passages, {len(asked)} questions\n\n{table(rows)}\n")
        click.echo(tables[-1])
    if out is not None:
        out.write_text("\n".join(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
