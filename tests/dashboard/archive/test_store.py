import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs

from dashboard.archive.store import LocalStore, ObjectStore, Store, StoreError, open_store


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A real S3 server on loopback with one bucket: where it is."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    more = f"endpoint_override={host}:{port}&scheme=http&region=us-east-1&allow_bucket_creation=true"
    there, _ = fs.FileSystem.from_uri(f"s3://key:secret@wall?{more}")
    there.create_dir("wall")
    yield f"s3://key:secret@wall/history?{more}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return LocalStore(tmp_path)
    made = ObjectStore(request.getfixturevalue("bucket"))
    for name in made.names(""):
        made.remove(name)
    return made


def test_a_file_is_written_once_and_read_back(store: Store) -> None:
    assert store.write("parts/a/1.parquet", b"first") is True
    assert store.write("parts/a/1.parquet", b"second") is False
    assert store.read("parts/a/1.parquet") == b"first"
    assert store.size("parts/a/1.parquet") == 5
    assert store.age_s("parts/a/1.parquet") < 60


def test_names_are_those_below_a_folder(store: Store) -> None:
    for name in ("parts/b/2", "parts/a/1", "other/3"):
        store.write(name, b"x")
    assert store.names("parts") == ["parts/a/1", "parts/b/2"]
    assert store.names("nowhere") == []


def test_what_is_removed_is_gone_and_removing_it_again_is_no_mistake(store: Store) -> None:
    store.write("a/b", b"x")
    store.remove("a/b")
    store.remove("a/b")
    with pytest.raises(FileNotFoundError):
        store.read("a/b")


def test_of_many_writers_one_wins_and_the_file_is_whole(tmp_path: Path) -> None:
    store, won = LocalStore(tmp_path), []

    def write(number: int) -> None:
        if store.write("a/b", bytes([number]) * 100_000):
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert store.read("a/b") == bytes(won) * 100_000


def test_what_a_dead_writer_left_is_no_file_and_is_swept(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write("a/b", b"x")
    (tmp_path / "a" / ".draft-c.1.2").write_bytes(b"half")
    assert store.names("") == ["a/b"]
    store.sweep()
    assert len(list((tmp_path / "a").iterdir())) == 2  # it may be being written
    store.sweep(dead_s=0)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "parts").write_text("a file where a folder belongs")
    with pytest.raises(StoreError, match="parts/a"):
        LocalStore(tmp_path).write("parts/a", b"x")


def test_a_setting_names_a_folder_or_a_bucket(tmp_path: Path) -> None:
    assert open_store("", tmp_path).source("a") == str(tmp_path / "archive" / "a")
    assert open_store("/history", tmp_path).source("a") == "/history/a"
    with pytest.raises(StoreError, match="ftp"):
        open_store("ftp://x", tmp_path)
