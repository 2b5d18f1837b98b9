"""What is installed: a wheel that holds all, and what stands around it (deploy/)."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")


def held(*folders: str) -> set[str]:
    """The files of folders that git holds."""
    told = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(told.stdout.splitlines())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of what the wheel holds, made without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    make = "import sys; from setuptools import build_meta as b; b.build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", make, str(folder)]
    source = folder / "source"  # setuptools leaves files beside what it builds
    subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(source)], check=True)
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as found:
        return set(found.namelist())


def test_a_wheel_holds_every_file_of_the_packages(wheel: set[str]) -> None:
    assert held("corpus", "index", "assistant") - wheel == set()


def test_a_wheel_holds_what_stands_around(wheel: set[str]) -> None:
    around = {name.partition(".data/data/share/assistant-pvd/")[2] for name in wheel} - {""}
    units = {name.removeprefix("deploy/") for name in held("deploy/systemd")}
    plugin = {name.removeprefix("integrations/") for name in held("integrations")}
    assert around == units | plugin | {"nginx.conf", "Caddyfile", "requirements.lock"}


def test_the_container_is_made_of_files_and_commands_that_are_there() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)[0].split()
    assert copied == ["requirements.lock", "dist/*.whl"]
    assert (ROOT / copied[0]).is_file()
    for run in re.findall(r"^RUN (.+)$", DOCKERFILE, re.MULTILINE):
        subprocess.run(["sh", "-n", "-c", run], check=True)
    assert 'ENTRYPOINT ["/opt/assistant/bin/assistant"]\nCMD ["serve"]' in DOCKERFILE
