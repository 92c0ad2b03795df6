"""The private folder of one run of the program: frames, logs and temporary files, gone when it ends."""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

ROOMY = 8 * 1024**3
"""A runtime folder lives in memory; with less free than this, frames go to the temporary folder instead."""
YOUNG_SECONDS = 60.0
NAME = re.compile(r"segtui-(?P<pid>\d+)-(?P<started>\d+)-\w+")
LOCK = "lock"
ELSEWHERE = "elsewhere-"
TEMPORARY = ".segtui-"
"""How temporary folders outside the run folder begin; nothing else outside is ever removed."""


class RunFolder:
    """A 0700 folder for this process alone. Make it with `create`; `close` (also at exit) removes it."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        self._owner = os.getpid()
        atexit.register(self.close)

    @classmethod
    def create(cls) -> RunFolder:
        """Sweep what dead processes left, then make a new folder in the runtime folder or the temporary one."""
        sweep()
        prefix = f"segtui-{os.getpid()}-{started(os.getpid()) or 0}-"
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=_roots()[0]))
        path.chmod(0o700)
        lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.fchmod(lock, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        private(path / "logs")
        return cls(path, lock)

    def close(self) -> None:
        """Remove the folder and all in it."""
        atexit.unregister(self.close)
        if self._lock < 0 or os.getpid() != self._owner:
            return
        remove_run(self.path)
        os.close(self._lock)
        self._lock = -1

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def private(path: Path) -> Path:
    """`path` as a 0700 folder, whatever the umask."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def places(folder: Path, name: str) -> tuple[Path, Path]:
    """The working directory and the temporary folder of a worker process, gone with it."""
    return folder / f"work-{name}", folder / f"temporary-{name}"


def job_folder(folder: Path, number: int) -> Path:
    """What a job writes into, gone with it unless it is done."""
    return folder / f"job-{number}"


def goes_too(job: Path, temporary: Path) -> None:
    """Let a temporary folder of a job that lies elsewhere, beside what it becomes, go with the folder of the job."""
    (job / f"{ELSEWHERE}{temporary.name}").symlink_to(temporary.absolute())


def remove_job(job: Path) -> None:
    """Remove the folder of a job, and its temporary folders elsewhere."""
    for link in job.glob(f"{ELSEWHERE}*"):
        if link.is_symlink() and link.readlink().name.startswith(TEMPORARY):
            remove(link.readlink())
    remove(job)


def remove_run(folder: Path) -> None:
    """Remove a run folder, and what its jobs left elsewhere."""
    for job in folder.glob("job-*"):
        remove_job(job)
    remove(folder)


def remove(path: Path) -> None:
    """Remove a folder; a second time over for what was written while the first went on."""
    for _ in range(2):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return


def sweep() -> None:
    """Remove the run folders of this user whose process is gone."""
    for root in _roots():
        try:
            found = [entry for entry in os.scandir(root) if NAME.fullmatch(entry.name)]
        except OSError:
            continue
        for entry in found:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if entry.is_dir(follow_symlinks=False) and status.st_uid == os.getuid() and _stale(Path(entry.path)):
                remove_run(Path(entry.path))


def started(pid: int) -> int | None:
    """When a process started, in a unit of the system's own; None where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return _started_by_psutil(pid)


def _started_by_psutil(pid: int) -> int | None:
    if Path("/proc/self/stat").exists():
        return None
    import psutil

    try:
        return int(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def _stale(path: Path) -> bool:
    """The lock decides, which also holds between containers that share a folder; a folder just born may lack it."""
    named = NAME.fullmatch(path.name)
    if named is None or started(int(named["pid"])) == int(named["started"]):
        return False
    try:
        lock = os.open(path / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return time.time() - path.stat().st_mtime > YOUNG_SECONDS
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _roots() -> list[Path]:
    temporary = Path(tempfile.gettempdir())
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return [Path(runtime), temporary] if runtime and _usable(Path(runtime)) else [temporary]


def _usable(runtime: Path) -> bool:
    try:
        status = runtime.stat()
        free = shutil.disk_usage(runtime).free
    except OSError:
        return False
    ours = status.st_uid == os.getuid() and not status.st_mode & 0o077
    return runtime.is_absolute() and ours and os.access(runtime, os.W_OK) and free >= ROOMY
