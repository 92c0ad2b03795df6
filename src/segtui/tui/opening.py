"""Opening: from the words of the command line to a Session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segtui.api.errors import ProjectError, UsageError
from segtui.project import project_file
from segtui.project.begin import Begun
from segtui.project.project_file import SUFFIX
from segtui.project.session import Session

PROJECT_SUFFIX = ".toml"


def open_session(
    paths: Sequence[Path], begun: Begun | None, plugin_folders: Sequence[Path], allow_outside: bool
) -> Session:
    """A Session on a project file, or a new one on data files; nothing is read yet. Raises SegtuiErrors."""
    projects = [path for path in paths if path.name.endswith((SUFFIX, PROJECT_SUFFIX))]
    if projects and len(paths) > 1:
        raise UsageError(
            "A project is opened by itself.", next_step="Give one project file, or one or more data files."
        )
    if projects:
        return Session.open(
            projects[0], allow_outside=allow_outside, plugin_folders=plugin_folders, begun=begun, looking=True
        )
    name = paths[0].stem[:200] if paths else "untitled"
    session = Session.new(name=name or "untitled", plugin_folders=plugin_folders, begun=begun, looking=True)
    try:
        for path in paths:
            session.add_source(path)
    except BaseException:
        session.close()
        raise
    return session


def names_files_outside(project: Path) -> bool:
    """Whether a project file is fine but for naming files outside its folder."""
    if not project.name.endswith((SUFFIX, PROJECT_SUFFIX)):
        return False
    try:
        project_file.load(project, allow_outside=True)
    except ProjectError:
        return False
    return True
