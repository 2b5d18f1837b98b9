"""How questions on documents of which nobody asked before are answered.

    PYTHONPATH=. python benchmarks/unasked.py FOLDER

FOLDER is that of assistant.learning.towns: `tests/quality/towns`, that nothing learns from, or
`assistant/learning/data/towns`, that the models are fitted on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.learning import towns


def main(folder: Path) -> None:
    with TemporaryDirectory() as var:
        assistant = towns.opened(folder, Path(var))
        found = towns.measured(towns.questions(folder), assistant.context())
        assistant.close()
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
