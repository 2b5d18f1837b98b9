"""The README and docs/ name all that can be asked for or met: each is listed from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from fastapi import FastAPI
from starlette.routing import Route

from assistant.answers import Outcome
from assistant.doors.cli.commands import commands
from assistant.doors.http.api import ROUTERS, create
from assistant.pipeline import STEPS
from assistant.settings import STARTER, Settings

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
}
DOCUMENTED = "\n".join(PAGES.values())
OPERATOR, API = PAGES["docs/operator.md"], PAGES["docs/api.md"]
WIDGET = (ROOT / "assistant/doors/widget/assistant-pvd.js").read_text(encoding="utf-8")

# [words](address), but for what a table or a block of code shows as such
_LINK = re.compile(r"\[[^]\[]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_OURS = re.compile(r"`((?:corpus|index|assistant|tests|benchmarks|docs)/[\w./-]+)")


def default(name: str) -> str:
    """A setting's default, as the table says it."""
    value = Settings.model_fields[name].default
    if value == STARTER:
        return f"`{STARTER.relative_to(ROOT).as_posix()}`"
    if str(value) == "" or getattr(value, "get_secret_value", lambda: "?")() == "":
        return "empty"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def routes(app: FastAPI) -> Iterator[str]:
    """« POST /api/v1/answers », for each that people or programs call."""
    for path, methods in app.openapi()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods)
    for route in (
        *app.routes,
        *(each for door in ROUTERS for each in door.routes),
    ):  # those that the description leaves out too
        if isinstance(route, Route):
            yield from (f"{m} {route.path}" for m in (route.methods or ()) if m != "HEAD")


def anchors(page: str) -> set[str]:
    """The fragments that lead to the headings of a page, as forges make them."""
    said = _HEADING.findall(_CODE.sub("", PAGES[page]))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in said}


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"| `assistant {name}" in OPERATOR


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (name, option)
        for name, command in sorted(commands.commands.items())
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    ],
)
def test_every_option_is_documented(command: str, option: str) -> None:
    assert re.search(rf"{option}\b", DOCUMENTED)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    assert f"| `ASSISTANT_{name.upper()}` | {default(name)} |" in OPERATOR


def test_no_setting_is_invented() -> None:
    said = set(re.findall(r"ASSISTANT_[A-Z_]+", DOCUMENTED))
    assert said <= {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}


def test_every_route_is_documented() -> None:
    found = set(routes(create(Settings())))
    assert "GET /" in found and "POST /v1/chat/completions" in found
    assert sorted(route for route in found if f"`{route}`" not in API) == []


@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
def test_every_step_is_drawn(step: str) -> None:
    assert re.search(rf"^\|.*\|.*`{step}`", PAGES["docs/architecture.md"], re.MULTILINE)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_documented(outcome: Outcome) -> None:
    assert re.search(rf"^\| .*`{outcome}`.* \|", PAGES["docs/architecture.md"], re.MULTILINE)


def test_every_event_is_documented() -> None:
    described = create(Settings()).openapi()["paths"]["/api/v1/answers"]["post"]["responses"]
    events = re.findall(r"\b[a-z]+\b", described["200"]["description"].partition("(")[2])
    events = events[: events.index("error") + 1]
    assert events[0] == "status"
    assert [event for event in events if f"| `{event}` |" not in API] == []


def test_every_tool_is_documented() -> None:
    from assistant.doors import mcp

    assert all(f"`{tool.name}`" in API for tool in mcp._tools("Valbourg"))


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        (r"this\.#tell\('([a-z]+)'", "`pvd-{}`"),
        (r"getAttribute\('([a-z-]+)'\)", "`{}`"),
        (r"var\((--pvd-[a-z-]+)", "{}:"),
    ],
    ids=["events", "attributes", "properties"],
)
def test_what_a_page_can_ask_of_the_widget_is_documented(pattern: str, form: str) -> None:
    named = set(re.findall(pattern, WIDGET))
    assert named
    assert {name for name in named if form.format(name) not in PAGES["docs/embedding.md"]} == set()


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_link_leads_somewhere(page: str) -> None:
    lost = []
    for address in _LINK.findall(_CODE.sub("", PAGES[page])):
        name, _, fragment = address.partition("#")
        if "://" in name:
            continue
        target = ((ROOT / page).parent / name).resolve() if name else ROOT / page
        found = target.relative_to(ROOT).as_posix()
        if not target.exists() or fragment and fragment not in anchors(found):
            lost.append(address)
    assert lost == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_file_that_a_page_names_is_here(page: str) -> None:
    named = {found.rstrip(".") for found in _OURS.findall(PAGES[page])}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_decision_has_its_line() -> None:
    listed = set(_LINK.findall(PAGES["docs/decisions/README.md"]))
    pages = {path.name for path in (ROOT / "docs/decisions").glob("*.md")} - {"README.md"}
    assert pages <= listed
