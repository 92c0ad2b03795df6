"""A save is old or new, whole; private; and never touches a source."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest

import segtui
from segtui.api.errors import Cancelled
from segtui.api.writing import (
    WritingError,
    deliver,
    private_file,
    private_folder,
    sweep,
    temporary_folder,
    write_atomically,
    write_through_path,
)

Writer = Callable[..., Path]


def through_a_path(path: Path, content: bytes, **how: object) -> Path:
    return write_through_path(path, lambda temporary: void(temporary.write_bytes(content)), **how)  # type: ignore[arg-type]


def void(_: object) -> None:
    """Takes a result that nobody wants."""


def delivered(path: Path, content: bytes, **how: object) -> Path:
    with temporary_folder(path.parent) as folder:
        finished = folder / "finished"
        finished.write_bytes(content)
        return deliver(path.parent, [(finished, path.name)], **how)[0]  # type: ignore[arg-type]


every_writer = pytest.mark.parametrize("writer", [write_atomically, through_a_path, delivered])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@every_writer
def test_what_is_written_is_there_and_nothing_else(writer: Writer, tmp_path: Path) -> None:
    assert writer(tmp_path / "a.csv", b"abc") == tmp_path / "a.csv"
    assert (tmp_path / "a.csv").read_bytes() == b"abc"
    assert names(tmp_path) == {"a.csv"}
    assert (tmp_path / "a.csv").stat().st_nlink == 1


def test_a_function_writes_into_the_open_file(tmp_path: Path) -> None:
    def write(file: BinaryIO) -> None:
        assert [mode(path) for path in tmp_path.iterdir()] == [0o600]
        file.write(b"abc")

    write_atomically(tmp_path / "a", write)
    assert (tmp_path / "a").read_bytes() == b"abc"


@every_writer
def test_private_whatever_the_umask(writer: Writer, tmp_path: Path, umask: int) -> None:
    path = tmp_path / "a"
    writer(path, b"abc")
    assert mode(path) == 0o600
    assert umask == os.umask(umask)


def test_a_library_may_replace_the_file_it_is_given(tmp_path: Path) -> None:
    def write(temporary: Path) -> None:
        assert mode(temporary) == 0o600
        assert mode(temporary.parent) == 0o700
        assert temporary.name == "t.parquet"
        temporary.unlink()
        pl.LazyFrame({"a": [1]}).sink_parquet(temporary)
        (temporary.parent / "left.tmp").write_text("behind")

    before = os.umask(0)
    try:
        write_through_path(tmp_path / "t.parquet", write)
    finally:
        os.umask(before)
    assert mode(tmp_path / "t.parquet") == 0o600
    assert pl.read_parquet(tmp_path / "t.parquet").item() == 1
    assert names(tmp_path) == {"t.parquet"}


def test_a_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("x")

    def write(temporary: Path) -> None:
        temporary.unlink()
        temporary.symlink_to(target)

    with pytest.raises(WritingError):
        write_through_path(tmp_path / "a", write)
    assert names(tmp_path) == {"target"}


@every_writer
def test_overwriting_needs_to_be_asked_for(writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o644)
    with pytest.raises(WritingError, match="--force"):
        writer(path, b"new")
    assert path.read_text() == "old"
    writer(path, b"new", overwrite=True)
    assert path.read_text() == "new"
    assert mode(path) == 0o600
    assert names(tmp_path) == {"a"}


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def write(_: BinaryIO) -> None:
        path.write_text("another's")

    with pytest.raises(WritingError, match="exists"):
        write_atomically(path, write)
    assert path.read_text() == "another's"
    assert names(tmp_path) == {"a"}


@pytest.mark.parametrize(
    "error", [Cancelled(), KeyboardInterrupt(), SystemExit(1), ZeroDivisionError(), GeneratorExit()]
)
def test_whatever_stops_it_leaves_the_old_file(error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def write(file: BinaryIO) -> None:
        file.write(b"x" * 100_000)
        raise error

    def write_to(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise error

    with pytest.raises(type(error)):
        write_atomically(path, write, overwrite=True)
    with pytest.raises(type(error)):
        write_through_path(path, write_to, overwrite=True)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"a"}


@every_writer
@pytest.mark.parametrize("overwrite", [False, True])
def test_sources_are_never_written_to(writer: Writer, tmp_path: Path, overwrite: bool) -> None:
    source = tmp_path / "source.csv"
    source.write_text("client data")
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "hard").hardlink_to(source)
    (tmp_path / "folder").symlink_to(tmp_path)
    for name in ("source.csv", "link", "hard", "folder/source.csv", "../" + tmp_path.name + "/source.csv"):
        for given in (source, tmp_path / "link", tmp_path / "folder" / "source.csv"):
            with pytest.raises(WritingError, match="source"):
                writer(tmp_path / name, b"x", overwrite=overwrite, sources=[given])
    assert source.read_text() == "client data"
    gone = tmp_path / "gone.csv"
    with pytest.raises(WritingError, match="source"):
        writer(gone, b"x", overwrite=overwrite, sources=[gone])


@every_writer
def test_a_link_at_the_destination_is_not_followed(writer: Writer, tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_text("untouched")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "nowhere")
    for path in (link, dangling):
        with pytest.raises(WritingError, match="exists"):
            writer(path, b"new")
        writer(path, b"new", overwrite=True)
        assert not path.is_symlink()
        assert path.read_text() == "new"
    assert target.read_text() == "untouched"
    assert not (tmp_path / "nowhere").exists()


@every_writer
def test_what_is_no_file_is_refused(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    for name in ("folder", "fifo"):
        with pytest.raises(WritingError, match="no regular file"):
            writer(tmp_path / name, b"x", overwrite=True)
    assert names(tmp_path) == {"folder", "fifo"}


def test_folders_and_names_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(WritingError, match="no such folder"):
        write_atomically(tmp_path / "no" / "a", b"x")
    with pytest.raises(WritingError, match="file name"):
        write_atomically(tmp_path / "a\x00b", b"x")
    with pytest.raises(WritingError, match="name too long"):
        write_atomically(tmp_path / ("x" * 300), b"x")
    assert names(tmp_path) == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_closed_folder_is_said_plainly(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="Permission denied"):
        write_atomically(tmp_path / "a", b"x")


# --- several files -------------------------------------------------------------------------------------------------


def test_a_delivery_is_checked_before_it_moves(tmp_path: Path) -> None:
    work, target = tmp_path / "work", tmp_path / "made" / "here"
    work.mkdir()
    for name in ("1", "2"):
        (work / name).write_text(name)
    files = [(work / "1", "a.csv"), (work / "2", "b.csv")]
    assert deliver(target, files) == (target / "a.csv", target / "b.csv")
    assert (mode(target), mode(target.parent), mode(target / "a.csv")) == (0o700, 0o700, 0o600)
    assert names(work) == set()
    (work / "3").write_text("3")
    (work / "4").write_text("4")
    with pytest.raises(WritingError, match="exists"):
        deliver(target, [(work / "3", "new.csv"), (work / "4", "b.csv")])
    assert names(target) == {"a.csv", "b.csv"}
    for name in ("../x", "/x", "", "..", "a/b", "a\\b", "n\x00"):
        with pytest.raises(WritingError, match="file name"):
            deliver(target, [(work / "3", name)])
    with pytest.raises(WritingError, match="same name"):
        deliver(target, [(work / "3", "A"), (work / "4", "a")])
    (work / "link").symlink_to(work / "3")
    with pytest.raises(WritingError, match="no file"):
        deliver(target, [(work / "link", "x")])


def test_a_delivery_keeps_the_mode_of_a_folder_that_is_there(tmp_path: Path) -> None:
    target = tmp_path / "shared"
    target.mkdir()
    target.chmod(0o755)
    delivered(target / "a", b"x")
    assert mode(target) == 0o755


def test_private_folders(tmp_path: Path, umask: int) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert (mode(made), mode(made.parent)) == (0o700, 0o700)
    made.chmod(0o755)
    assert mode(private_folder(made)) == 0o700
    (tmp_path / "link").symlink_to(made)
    (tmp_path / "file").write_text("")
    for name in ("link", "file"):
        with pytest.raises(WritingError, match="no folder"):
            private_folder(tmp_path / name)
    assert umask in {0o000, 0o022, 0o777}


def test_sweep_removes_only_old_leftovers(tmp_path: Path) -> None:
    for name in (".segtui-1.tmp", ".segtui-2.tmp", "kept.tmp", ".segtui-3.txt"):
        (tmp_path / name).write_text("x")
    folder = tmp_path / ".segtui-4.tmp"
    folder.mkdir()
    (folder / "half.parquet").write_text("x")
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / ".segtui-5.tmp").symlink_to(outside)
    old = time.time() - 7_200
    for path in (tmp_path / ".segtui-1.tmp", folder / "half.parquet", folder, tmp_path / ".segtui-5.tmp"):
        os.utime(path, (old, old), follow_symlinks=False)
    assert sweep(tmp_path, 3_600) == 3
    assert names(tmp_path) == {".segtui-2.tmp", "kept.tmp", ".segtui-3.txt", "outside"}
    assert sweep(tmp_path / "nowhere", 0) == 0


# --- faults --------------------------------------------------------------------------------------------------------


def content(number: int) -> bytes:
    body = str(number).encode() * (50_000 + 1_000 * (number % 50))
    return hashlib.sha256(body).hexdigest().encode() + body


def is_whole(found: bytes) -> bool:
    return hashlib.sha256(found[64:]).hexdigest().encode() == found[:64]


SAVES_FOR_EVER = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    from test_writing import content, through_a_path, write_atomically
    path, kills = Path(sys.argv[1]), int(sys.argv[2])
    for turn in range(kills):
        child = os.fork()
        if child == 0:
            save = (write_atomically, through_a_path)[turn % 2]
            for number in range(1_000_000):
                save(path, content(number), overwrite=True)
                if number == 0:
                    os.write(1, b"s")
        os.write(1, f" {child} ".encode())
        os.waitpid(child, 0)
        os.write(1, b"d")
""")


def kill_while_saving(folder: Path, kills: int) -> None:
    """Children save without end; each is killed at a random moment, and the file looked at."""
    path = folder / "project.toml"
    path.write_bytes(content(0))
    paths = [str(Path(__file__).parent), str(Path(segtui.__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", SAVES_FOR_EVER, str(path), str(kills)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        output = os.fdopen(os.dup(parent.stdout.fileno()), "rb", buffering=0)
        for turn in range(kills):
            seen = b""
            while b"s" not in seen or seen.count(b" ") < 2:
                seen += output.read(1)
            child = int(seen.replace(b"s", b"").replace(b"d", b""))
            time.sleep((turn * 0.618 % 1) * 0.025)
            os.kill(child, signal.SIGKILL)
            while output.read(1) != b"d":
                pass
            assert is_whole(path.read_bytes()), turn
            assert mode(path) == 0o600
        output.close()
    assert parent.returncode == 0
    sweep(folder, 0)
    assert names(folder) == {"project.toml"}


def test_killed_while_saving(tmp_path: Path) -> None:
    kill_while_saving(tmp_path, 40)


@pytest.mark.slow
def test_killed_while_saving_very_often(tmp_path: Path) -> None:
    kill_while_saving(tmp_path, 200)


def fill_the_disk(path: str) -> None:
    """Runs in a process of its own: no file may pass 50,000 bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    for save in (write_atomically, through_a_path):
        for name, overwrite in (("old", True), ("new", False)):
            with pytest.raises(WritingError, match="File too large"):
                save(Path(path) / name, b"x" * 100_000, overwrite=overwrite)
    sys.exit(0)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    paths = [str(Path(__file__).parent), str(Path(segtui.__file__).parents[1])]
    command = [sys.executable, "-c", "import sys, test_writing; test_writing.fill_the_disk(sys.argv[1])", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
    assert (tmp_path / "old").read_text() == "old"
    assert names(tmp_path) == {"old"}


@pytest.mark.parametrize("call", ["fsync", "link", "replace", "chmod", "open"])
def test_any_call_may_fail(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    real = getattr(os, call)
    for nth in range(1, 6):
        calls = 0

        def failing(*arguments: object, _nth: int = nth, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == _nth:
                raise OSError(5, "Input/output error")
            return real(*arguments, **options)

        for save in (write_atomically, through_a_path):
            calls = 0
            path.write_text("old")
            before = path.read_text()
            with monkeypatch.context() as patched:
                patched.setattr(os, call, failing)
                with contextlib.suppress(WritingError):
                    save(path, b"new", overwrite=True)
            assert path.read_text() in {before, "new"}
            sweep(tmp_path, 0)
            assert names(tmp_path) == {"a"}


def test_a_private_file_is_new_and_nobody_elses(tmp_path: Path) -> None:
    """What stood there is not cut but gone: another name of it keeps its content."""
    path, other = tmp_path / "rows.arrow", tmp_path / "other name"
    path.write_bytes(b"old")
    path.chmod(0o644)
    other.hardlink_to(path)
    before = os.umask(0)
    try:
        with private_file(path) as file:
            pl.LazyFrame({"a": [1, 2]}).sink_ipc(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pl.read_ipc(path)["a"].to_list() == [1, 2]
    assert other.read_bytes() == b"old"


def test_a_private_file_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"old")
    (tmp_path / "rows").symlink_to(tmp_path / "elsewhere")
    with private_file(tmp_path / "rows") as file:
        file.write(b"new")
    assert (tmp_path / "elsewhere").read_bytes() == b"old"
    assert (tmp_path / "rows").read_bytes() == b"new"
