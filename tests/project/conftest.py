"""Sessions that share one worker: spawning one takes a second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_sessions import NewSession

from segtui.project.begin import begin
from segtui.project.document import Document
from segtui.project.session import WARM, Session
from segtui.worker import Workers


@pytest.fixture(scope="session")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """One worker for all sessions of the tests, with a cache of its own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    begun = begin()
    workers = Workers(begun.folder.path, look=False, spare=False, process=begun.process)
    workers.start()
    workers.warm(*WARM)
    yield workers
    workers.stop()
    begun.folder.close()
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def new_session(workers: Workers) -> NewSession:
    """A session on files, on the worker that all share."""

    def new(*files: Path, folder: Path | None = None, document: Document | None = None, **named: Path) -> Session:
        session = Session(document or Document(), folder or Path.cwd(), workers)
        for name, path in [*(("", path) for path in files), *named.items()]:
            session.add_source(path.absolute(), name)
        return session

    return new


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[2]
