from __future__ import annotations

import json
import logging
import sys

from assistant.doors.cli.logs import Lines


def test_an_event_is_one_line_of_json_whatever_it_holds() -> None:
    try:
        raise ValueError("deux\nlignes")
    except ValueError:
        event = logging.LogRecord("a", logging.ERROR, "a.py", 1, "é\n\x1b[31m %s", ("b",),
                                  sys.exc_info())  # fmt: skip
    line = Lines().format(event)
    assert "\n" not in line and "\x1b" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "a", "é\n\x1b[31m b")
    assert told["exception"].endswith("ValueError: deux\nlignes")
