"""Promises 47 and 48: private, swept, and nothing left behind however the program ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from worker_processes import alive, children

from segtui.worker import RunFolder
from segtui.worker.folder import sweep
from segtui.worker.process import Process

Start = Callable[..., "subprocess.Popen[str]"]

PROGRAM = """
import os, sys, time
from pathlib import Path
os.umask(0)
from segtui.worker import RunFolder, Workers, ending_on_signals
with ending_on_signals(), RunFolder.create() as folder, Workers(folder.path, look=False) as workers:
    function = {"hang": "keep_and_hang"}.get(sys.argv[1], "keep")
    job = workers.job.submit(f"worker_jobs:{function}", {"text": "CANARY-VALUE"}, Path)
    if sys.argv[1] == "hang":
        while not (folder.path / "kept").exists():
            time.sleep(0.01)
    else:
        job.wait()
    for path in [folder.path, *folder.path.rglob("*")]:
        mode = path.lstat().st_mode & 0o777
        if mode != (0o700 if path.is_dir() else 0o600) and not path.name == "on_the_desk.txt":
            print("open to others:", path, oct(mode))
    if sys.argv[1] == "cancel":
        job = workers.job.submit("worker_jobs:keep_and_hang", {"text": "CANARY-VALUE"}, object)
        time.sleep(0.5)
        job.cancel()
    print("ready", folder.path, workers.job._process.pid, workers.job.pid, flush=True)
    if sys.argv[1] == "hang":
        time.sleep(60)
"""


def ready(program: subprocess.Popen[str]) -> tuple[Path, list[int]]:
    """The run folder of a program, and its processes."""
    assert program.stdout
    line = program.stdout.readline()
    assert line.startswith("ready"), line + (program.stderr.read() if program.stderr else "")
    _, folder, supervisor, worker = line.split()
    return Path(folder), [int(supervisor), int(worker)]


def nothing_left(tmp_path: Path) -> bool:
    """The canary is nowhere in the home, the temporary folders and shared memory; no run folder is left."""
    memory = Path("/dev/shm")
    for path in [*tmp_path.rglob("*"), *(memory.iterdir() if memory.is_dir() else [])]:
        if path.name != "program.py" and path.is_file() and not path.is_symlink():
            assert b"CANARY-VALUE" not in path.read_bytes(), path
    assert list((tmp_path / "temporary").glob("segtui-*")) == []
    return True


def gone(pids: list[int], folder: Path) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not alive(pids) and not folder.exists():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("how", ["normal", "cancel"])
def test_nothing_is_left_after_the_end(script: Start, tmp_path: Path, how: str) -> None:
    program = script(PROGRAM, how)
    folder, pids = ready(program)
    _, errors = program.communicate(timeout=30)
    assert (program.returncode, errors) == (0, "")
    assert not folder.exists()
    assert not alive(pids)
    assert nothing_left(tmp_path)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)]
)
def test_a_signal_ends_the_program_in_order(script: Start, tmp_path: Path, number: int, code: int) -> None:
    program = script(PROGRAM, "hang")
    folder, pids = ready(program)
    started = time.monotonic()
    program.send_signal(number)
    _, errors = program.communicate(timeout=30)
    assert (program.returncode, errors) == (code, "")
    assert time.monotonic() - started < 5
    assert not folder.exists()
    assert not alive(pids)
    assert nothing_left(tmp_path)


def test_the_supervisor_puts_away_after_a_program_that_was_killed(script: Start, tmp_path: Path) -> None:
    program = script(PROGRAM, "hang")
    folder, pids = ready(program)
    program.kill()
    program.communicate()
    assert gone(pids, folder)
    assert nothing_left(tmp_path)


def test_the_supervisor_puts_away_after_a_program_that_the_system_still_lists(tmp_path: Path) -> None:
    """One that dies lets go of its files before its processes see that they have no parent."""
    folder = tmp_path / f"segtui-{os.getpid()}-0-dying"
    folder.mkdir(mode=0o700)
    process = Process.spawn(folder)
    os.close(process._lifeline)
    process._lifeline = -1
    assert process.wait(timeout=30)
    assert not folder.exists()


def test_the_supervisor_leaves_the_folder_of_a_program_that_lets_go(tmp_path: Path) -> None:
    folder = tmp_path / f"segtui-{os.getpid()}-0-living"
    folder.mkdir(mode=0o700)
    process = Process.spawn(folder)
    process.kill()
    assert process.wait(timeout=30)
    assert folder.exists()


def test_the_next_start_puts_away_where_nobody_was_left_to(script: Start, tmp_path: Path) -> None:
    program = script(PROGRAM, "hang")
    folder, (supervisor, worker) = ready(program)
    for pid in (*children(program.pid), program.pid):
        os.kill(pid, signal.SIGSTOP)
    for pid in (*children(program.pid), program.pid):
        os.kill(pid, signal.SIGKILL)
    program.communicate()
    time.sleep(0.2)
    assert not alive([supervisor, worker]), "a worker does not outlive its supervisor"
    assert folder.exists()
    assert b"CANARY-VALUE" in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    again = script(PROGRAM, "normal")
    ready(again)
    again.communicate(timeout=30)
    assert not folder.exists()
    assert nothing_left(tmp_path)


def test_the_folder_is_private_whatever_the_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = os.umask(0)
    try:
        with RunFolder.create() as folder:
            for path in (folder.path, *folder.path.iterdir()):
                expected = 0o700 if path.is_dir() else 0o600
                assert stat.S_IMODE(path.stat().st_mode) == expected
            assert str(os.getpid()) in folder.path.name
        assert not folder.path.exists()
    finally:
        os.umask(before)


def test_the_sweep_keeps_what_lives_and_what_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "precious").mkdir()
    dead = tmp_path / "segtui-1-1-dead"
    others = tmp_path / "segtui-notes"
    link = tmp_path / "segtui-1-2-link"
    for path in (dead, others):
        path.mkdir()
    (dead / "lock").touch()
    link.symlink_to(tmp_path / "precious")
    with RunFolder.create() as folder:
        sweep()
        assert folder.path.exists()
        assert not dead.exists()
        assert others.exists()
        assert link.is_symlink()
        assert (tmp_path / "precious").exists()


def test_a_locked_folder_is_kept_though_its_process_is_not_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As between containers that share a temporary folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with RunFolder.create() as folder:
        elsewhere = folder.path.rename(tmp_path / "segtui-1-1-elsewhere")
        sweep()
        assert elsewhere.exists()
        elsewhere.rename(folder.path)


def test_a_small_or_open_runtime_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, temporary = tmp_path / "runtime", tmp_path / "temporary"
    runtime.mkdir(mode=0o755)
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    with RunFolder.create() as folder:
        assert folder.path.parent == temporary
    runtime.chmod(0o700)
    monkeypatch.setattr("segtui.worker.folder.ROOMY", 0)
    with RunFolder.create() as folder:
        assert folder.path.parent == runtime
    monkeypatch.setattr("segtui.worker.folder.ROOMY", 2**62)
    with RunFolder.create() as folder:
        assert folder.path.parent == temporary


UNGUARDED = """
from segtui.worker import RunFolder, Worker
print("run", flush=True)
with RunFolder.create() as folder, Worker(folder.path) as worker:
    print(worker.submit("worker_jobs:add", {"left": 1, "right": 2}, int).wait())
"""


def test_a_script_without_a_main_guard_runs_once(script: Start, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "random.py").write_text("raise SystemExit('imported from the working directory')")
    out, errors = script(UNGUARDED.replace("from segtui", "import sys; sys.path.pop(0)\nfrom segtui", 1)).communicate()
    assert (out, errors) == ("run\n3\n", "")


def test_the_program_and_its_workers_need_no_network(script: Start, tmp_path: Path) -> None:
    can = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    if can.returncode:
        pytest.skip("this system makes no network namespace (unshare -rn)")
    script(UNGUARDED).communicate()
    program = tmp_path / "here" / "program.py"
    path = os.pathsep.join([*sys.path[1:], str(Path(__file__).parent)])
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-B", str(program)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": path, "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path / "temporary")},
        cwd=tmp_path / "here",
        check=False,
    )
    assert (done.stdout, done.stderr) == ("run\n3\n", "")
