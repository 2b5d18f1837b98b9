"""Reading PDFs, measured: what becomes of files that nobody here made, and how well scans are read.

    python benchmarks/pdfs.py files FOLDER [--report FILE] [--scans FOLDER] [--worst 10]
        every PDF under it, in sandboxes; and the words that came through, of those that poppler's
        pdftotext gives (Debian's poppler-utils)
    python benchmarks/pdfs.py scans [--pages 6]              pages printed, worn and read back

Both want PYTHONPATH=.:tests/doubles; the worn pages are made by tests/doubles/paper.py.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from corpus import report
from corpus.catalogue import Catalogue, Contact, Entry, Town
from corpus.documents import Document
from corpus.reading.entries import Survey, survey
from corpus.reading.layout.lines import Aligned, reading_order, spaced
from corpus.reading.pdf import ocr
from corpus.sandbox.parent import Done, Sandbox

ROOT = Path(__file__).resolve().parents[1]
_FEW = 8  # words: a file that gives fewer has nothing to compare


def files(folder: Path, path: Path | None, scans: Path | None, worst: int) -> None:
    """Read every PDF under a folder as a build does, OCR included, and say what became of each."""
    entries = tuple(
        Entry(f"f{n}", "pdf", "Essai", file.name, str(file), "essai", "local")
        for n, file in enumerate(sorted(folder.rglob("*.pdf")))
    )
    contact = Contact(name="Essai", checked="2026-11-22")
    town = Town("Essai", "35999", "Essai", "https://essai.example", contact)
    started = time.monotonic()
    catalogue = Catalogue(town, (), entries, ROOT / "essai")
    found = survey(catalogue, scans=scans, progress=sys.stderr.isatty())
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
    _recall(entries, found, worst)


def _recall(entries: Sequence[Entry], found: Survey, worst: int) -> None:
    """The words that came through, of pdftotext's; headings count as words, each once."""
    read = {document.id: _counted(_said(document)) for document in found.documents}
    state = {line.name: line.state for line in found.lines}
    compared = []
    for entry in entries:
        told = _counted(
            subprocess.run(
                ["pdftotext", entry.address, "-"], capture_output=True, text=True, errors="replace"
            ).stdout
        )
        if told.total() >= _FEW:
            through = (told & read.get(entry.id, Counter())).total()
            compared.append((through / told.total(), through, told.total(), entry))
    compared.sort(key=lambda one: one[0])
    mean = sum(one[0] for one in compared) / max(len(compared), 1)
    through, told_ = sum(one[1] for one in compared), sum(one[2] for one in compared)
    print(f"words: {through / max(told_, 1):.4f} of {told_} in {len(compared)} files,", end=" ")
    print(f"{mean:.4f} a file at the mean; {sum(one[0] > 0.9 for one in compared)} over .9")
    for share, _, total, entry in compared[:worst]:
        print(f"  {share:.3f} of {total:6} {state[entry.id]:10} {entry.title}")
    empty = [entry.title for *_, entry in compared if state[entry.id] == "empty"]
    print(f"{len(empty)} empty, of those with {_FEW} words or more:", ", ".join(empty))


def _said(document: Document) -> str:
    headings = dict.fromkeys(h for section in document.sections for h in section.headings[1:])
    return " ".join([*headings, *(section.text for section in document.sections)])


def _counted(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


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
    reading.add_argument("--scans", type=Path, help="keep there what OCR read")
    reading.add_argument("--worst", type=int, default=10)
    commands.add_parser("scans").add_argument("--pages", type=int, default=6)
    asked = parser.parse_args()
    os.nice(5)
    if asked.command == "files":
        files(asked.folder, asked.report, asked.scans, asked.worst)
    else:
        scans(asked.pages)


if __name__ == "__main__":
    main()
