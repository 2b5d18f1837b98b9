"""Reading PDFs, measured: what becomes of files that nobody here made, and how well scans are read.

    python benchmarks/pdfs.py files FOLDER [--report FILE]   every PDF under it, in sandboxes
    python benchmarks/pdfs.py scans [--pages 6]              pages printed, worn and read back

Both want PYTHONPATH=.:tests/doubles; the worn pages are made by tests/doubles/paper.py.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from corpus import report
from corpus.catalogue import Catalogue, Contact, Entry, Town
from corpus.reading.entries import survey
from corpus.reading.layout.lines import Aligned, reading_order, spaced
from corpus.reading.pdf import ocr
from corpus.sandbox.parent import Done, Sandbox

ROOT = Path(__file__).resolve().parents[1]


def files(folder: Path, path: Path | None) -> None:
    """Read every PDF under a folder as a build does, OCR included, and say what became of each."""
    entries = tuple(
        Entry(f"f{n}", "pdf", "Essai", file.name, str(file), "essai", "local")
        for n, file in enumerate(sorted(folder.rglob("*.pdf")))
    )
    contact = Contact(name="Essai", checked="2026-11-22")
    town = Town("Essai", "35999", "Essai", "https://essai.example", contact)
    started = time.monotonic()
    found = survey(Catalogue(town, (), entries, ROOT / "essai"), progress=sys.stderr.isatty())
    seconds = time.monotonic() - started
    if path is not None:
        report.write(path, found.lines, {})
    states = Counter(line.state for line in found.lines)
    print(f"{len(entries)} files, {seconds:.0f} s", dict(states))
    for (state, problem), times in Counter(
        (line.state, re.sub(r"\d+", "#", line.problem)) for line in found.lines if line.problem
    ).most_common():
        print(f"{times:5} {state:10} {problem}")
    pages = sum(line.pages or 0 for line in found.lines)
    scanned = sum(line.scanned for line in found.lines)
    text = [line for line in found.lines if line.pages and not line.scanned]
    rate = sum(line.pages or 0 for line in text) / max(sum(line.seconds for line in text), 0.01)
    print(f"{pages} pages, {scanned} read by OCR; text: {rate:.0f} pages/s in one sandbox")
    slowest = max(found.lines, key=lambda line: line.seconds)
    print(f"slowest: {slowest.title}, {slowest.seconds:.1f} s")
    print(f"most memory: child {max(line.memory for line in found.lines) / 1e6:.0f} MB,", end=" ")
    print(f"parent {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


# --- Scans


def scans(pages: int) -> None:
    """Word error rates of pages printed at 300 dpi, and worn at 200 dpi, in colour and in grey."""
    import paper
    from reportlab.platypus import Paragraph as Printed

    texts = list(_texts())
    with tempfile.TemporaryDirectory() as kept, Sandbox() as sandbox:
        folder = Path(kept)
        for kind in ("clean", "worn", "worn, in grey"):
            wrong = words = 0
            seconds = 0.0
            for page in range(pages):
                said = texts[9 * page : 9 * page + 9]
                printed = paper.write(
                    folder / "page.pdf", [Printed(text, paper.JUSTIFIED) for text in said]
                )
                image = paper.picture_of(printed, 1, 300 if kind == "clean" else 200)
                if kind != "clean":
                    image = paper.worn(image, page, grey="grey" in kind)
                path = paper.scanned(folder / "scan.pdf", [image], 300 if kind == "clean" else 200)
                done = sandbox.run("corpus.reading.pdf.ocr:parse", path, page=1)
                assert isinstance(done, Done), done
                truth = _words(paper.text_of(printed, 1))
                wrong += Levenshtein.distance(truth, _words(_read(ocr.from_record(done.value))))
                words += len(truth)
                seconds += done.seconds
            print(f"{kind}: WER {wrong / words:.2%} of {words} words, {seconds / pages:.1f} s/page")


def _texts() -> Iterator[str]:
    """Paragraphs of the starter's fiches: our own words, in plain French."""
    for path in sorted((ROOT / "corpus" / "starter").glob("*/*.md")):
        text = re.sub(
            r"\A---.*?^---\n|\s*\{[^}]*\}",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        for paragraph in text.split("\n\n"):
            said = " ".join(paragraph.split()).replace("&", "et")
            if (
                len(said) > 150
                and said[0] not in "#|-"
                and path.stem not in ("in-english", "brezhoneg")
            ):
                yield re.sub(r"[*_`<>]", "", said)


def _read(scan: ocr.Scan) -> str:
    """The words of a scan in the order of our own layout."""
    said = []
    for item in reading_order(scan.words):
        if isinstance(item, Aligned):
            said += [spaced(cell) for row in item.rows for cell in row]
        else:
            said.append(item.text)
    return " ".join(said)


def _words(text: str) -> list[str]:
    return re.sub(r"\u00ad", "", text.replace("’", "'")).split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("files")
    reading.add_argument("folder", type=Path)
    reading.add_argument("--report", type=Path)
    commands.add_parser("scans").add_argument("--pages", type=int, default=6)
    asked = parser.parse_args()
    os.nice(5)
    if asked.command == "files":
        files(asked.folder, asked.report)
    else:
        scans(asked.pages)


if __name__ == "__main__":
    main()
