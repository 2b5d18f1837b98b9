"""What a language model writes of questions, and what the check shows of it, to be read.

    python benchmarks/writing.py QUESTIONS.jsonl [--count 30] [--out FILE]

The model is that of the settings (ASSISTANT_WRITER_URL, ASSISTANT_WRITER_MODEL) or, without one,
the small one that `make writer` installs. QUESTIONS are those of `assistant evaluate`; some that
have an answer are drawn. FILE gets, for each, all that was written, what was shown of it and the
passages that it cites. Wants PYTHONPATH=.:tests/doubles.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import real
from langchain_core.messages import BaseMessage
from pydantic import SecretStr

from assistant.assembly import assemble
from assistant.proof.checking import supporting, unsupported
from assistant.settings import Settings
from assistant.writing.cancellation import Reader
from assistant.writing.endpoint import Limits, Upstream
from assistant.writing.writer import Source, Writer

_PATIENT = Limits(first=300.0, gap=60.0, shown=300.0, total=600.0, failures=1000)


class _Heard:
    """A model whose words are kept as they pass."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.model = source.model
        self.resting = False
        self.text = ""

    def stream(
        self, messages: Sequence[BaseMessage], progress: Callable[[], int], reader: Reader | None
    ) -> Generator[str]:
        self.text = ""
        for piece in self._source.stream(messages, progress, reader):
            self.text += piece
            yield piece

    def close(self) -> None:
        self._source.close()


class _Counted(logging.Handler):
    """What became of the sentences, as the writer logs it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("sentences written") and isinstance(record.args, dict):
            self.found.update(record.args)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("questions", type=Path)
    options.add_argument("--count", type=int, default=30)
    options.add_argument("--out", type=Path, default=Path("writing.jsonl"))
    given = options.parse_args()
    records = [json.loads(line) for line in given.questions.read_text("utf-8").splitlines()]
    records = [record for record in records if record.get("expect", "answer") == "answer"]
    records = random.Random(1).sample(records, min(given.count, len(records)))
    settings = Settings()
    ours = not settings.writer_url
    server = real.served(given.out.with_suffix(".log")) if ours else nullcontext("")
    with server as address, given.out.open("w", encoding="utf-8") as out:
        name = settings.writer_model or real.NAME
        url = settings.writer_url or address
        heard = _Heard(Upstream(url, name, settings.writer_key or SecretStr(""), _PATIENT))
        counted = _Counted()
        log = logging.getLogger("assistant.writing.writer")
        log.setLevel(logging.INFO)
        log.addHandler(counted)
        assistant = assemble(settings.model_copy(update={"writer_url": ""}))
        assistant.writer = Writer(heard, unsupported, supporting)
        outcomes: Counter[str] = Counter()
        for record in records:
            started = time.monotonic()
            heard.text = ""
            answer = assistant.answer(record["question"])
            outcomes[str(answer.outcome)] += 1
            out.write(json.dumps(_told(record, heard.text, answer), ensure_ascii=False) + "\n")
            out.flush()
            print(f"{time.monotonic() - started:.0f} s", record["question"], answer.outcome)
        assistant.close()
        heard.close()
    print(f"{name}: sentences {dict(counted.found)}, endings {dict(outcomes)}")


def _told(record: dict[str, Any], text: str, answer: Any) -> dict[str, Any]:
    cited = {c.number: f"{' > '.join(c.headings)} | {c.passage}" for c in answer.citations}
    return {
        "question": record["question"],
        "outcome": str(answer.outcome),
        "written": text,
        "shown": [
            {"sentence": s.text, "passages": [cited[n] for n in s.citations]}
            for s in answer.sentences
            if s.written
        ],
    }


if __name__ == "__main__":
    main()
