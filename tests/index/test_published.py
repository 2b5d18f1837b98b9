"""Generations of a store that several servers share: a folder, and a bucket over S3."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from building import checked_here
from databases import bucket, free_port

from corpus.documents import Document
from index.build import build
from index.encoder.embedding import Embedder
from index.errors import IndexMismatch, IndexMissing, StoreUnreachable
from index.generation import Bases, Generation, live
from index.published import Published


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch, bucket(port, "assistant") as server:
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        patch.setenv("AWS_REGION", "eu-west-3")
        patch.setenv("AWS_ACCESS_KEY_ID", "of the test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "of the test")
        yield "s3://assistant/", server


@pytest.fixture(params=["folder", "s3"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')[0]}{tmp_path.name}"
    (tmp_path / "shared").mkdir()
    return str(tmp_path / "shared")


@pytest.fixture
def built(index_root: Path, tmp_path: Path) -> Path:
    """An index folder of who builds."""
    return shutil.copytree(index_root, tmp_path / "built")


def later(documents: list[Document], root: Path, embedder: Embedder) -> Path:
    """Another generation, in service where it is built."""
    changed = [replace(documents[0], title="Un autre titre"), *documents[1:]]
    with checked_here():
        return build(changed, root, embedder).folder


def test_what_is_published_is_pulled_whole(
    address: str, built: Path, tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    here = Published(address, tmp_path / "here", embedder)
    assert here.pull() is False  # nothing is published
    there = Published(address, built, embedder)
    assert here.shelved() is None
    there.publish(live(built))
    told = here.shelved()
    assert told is not None and (told.number, told.whole, told.here) == ("000001", True, False)
    assert (here.pull(), here.pull(), there.pull()) == (True, False, False)
    told = here.shelved()
    assert told is not None and told.here and datetime.now(UTC) - told.at < timedelta(hours=1)
    there.publish(later(documents, built, embedder))
    assert here.pull() is True
    opened = Generation(live(tmp_path / "here"), embedder)
    assert (opened.number, opened.degraded) == ("000002", None)  # Chroma's folder came too
    assert opened.about == Generation(live(built), embedder).about
    there.publish(built / "generations" / "000001")  # back to the one before: it is still there
    assert here.pull() is True
    assert live(tmp_path / "here").name == "000001"
    opened.close()


def test_old_archives_go(address: str, built: Path, embedder: Embedder, tmp_path: Path) -> None:
    there = Published(address, built, embedder)
    for number in ("000002", "000003", "000004", "000005"):
        folder = built / "generations" / number
        shutil.copytree(built / "generations" / "000001", folder)
        there.publish(folder)
    with there._reached() as store:
        assert [name[:6] for name in there._names(store)] == ["000003", "000004", "000005"]


def test_a_store_that_is_down_leaves_what_is_here(
    built: Path,
    tmp_path: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-the-test")
    there, here = (
        Published("s3://assistant/ville", root, embedder) for root in (built, tmp_path / "here")
    )
    with ExitStack() as stack:
        server = stack.enter_context(bucket(port, "assistant"))
        there.publish(live(built))
        here.follow()
        server.kill()
    for _ in range(3):
        here.follow()
    assert here.failing is not None and "reste en service" in here.failing
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert live(tmp_path / "here").name == "000001"
    with pytest.raises(StoreUnreachable):
        there.publish(live(built))
    with bucket(port, "assistant"):
        here.follow()  # and it is empty: what is here stays
    assert here.failing is None
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert live(tmp_path / "here").name == "000001"


def test_a_half_archive_is_never_in_service(
    built: Path, tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    there, here = (Published(str(shared), root, embedder) for root in (built, tmp_path / "here"))
    there.publish(live(built))
    here.pull()
    there.publish(later(documents, built, embedder))
    (archive,) = (shared / "generations").glob("000002-*")
    whole = archive.read_bytes()
    altered = shutil.copytree(built / "generations" / "000002", tmp_path / "altered")
    (altered / "passages.jsonl").write_bytes(b"{}")
    other = shutil.make_archive(str(tmp_path / "other"), "gztar", altered)
    for bad in (b"", whole[:1000], whole[:-1000], Path(other).read_bytes()):
        archive.write_bytes(bad)
        with pytest.raises(IndexMissing):
            here.pull()
        assert live(tmp_path / "here").name == "000001"
        assert sorted(f.name for f in (tmp_path / "here" / "generations").iterdir()) == ["000001"]
    archive.unlink()
    with pytest.raises(IndexMissing):
        here.pull()
    archive.write_bytes(whole)
    assert here.pull() is True


def test_another_models_vectors_are_not_put_in_service(
    built: Path, tmp_path: Path, embedder: Embedder, stranger: Embedder
) -> None:
    (tmp_path / "shared").mkdir()
    Published(str(tmp_path / "shared"), built, embedder).publish(live(built))
    with pytest.raises(IndexMismatch):
        Published(str(tmp_path / "shared"), tmp_path / "here", stranger).pull()
    assert not (tmp_path / "here" / "current").exists()


def test_what_a_town_stands_on_is_brought_with_it(
    built: Path, tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    Published(str(shared), built, embedder, "national").publish(live(built))
    town = [replace(documents[0], id="a-elle")]
    with checked_here():
        own = build(town, tmp_path / "town", embedder, bases=Bases(built, embedder)).folder
    Published(str(shared), tmp_path / "town", embedder, "35126").publish(own)
    national = Published(str(shared), tmp_path / "here" / "national", embedder, "national")
    here = Published(str(shared), tmp_path / "here" / "town", embedder, "35126", national)
    assert here.pull() is True
    bases = Bases(national.root, embedder)
    opened = Generation(live(here.root), embedder, bases)
    assert len(opened.passages) > len(opened.own)
    opened.close()
