"""The pictures in docs/app.md are what the app shows: snapshots of each screen at both sizes. To accept a change:
python docs/pictures.py."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    sys.path.insert(0, str(DOCS))
    try:
        import pictures
    finally:
        sys.path.remove(str(DOCS))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp("state")))
        shown: dict[str, str] = pictures.pictures()
        return shown


@pytest.mark.slow
def test_the_page_shows_every_screen_as_it_is(found: dict[str, str]) -> None:
    page = (DOCS / "app.md").read_text(encoding="utf-8")
    there = dict(re.findall(r"```text picture ([a-z]+ \d+x\d+)\n(.*?)\n```", page, flags=re.DOTALL))
    assert set(there) == set(found)
    for name, text in there.items():
        assert text == found[name], f"{name}: run python docs/pictures.py, and look at it"


@pytest.mark.slow
def test_each_picture_is_of_its_own_screen(found: dict[str, str]) -> None:
    for name, text in found.items():
        screen, _, size = name.partition(" ")
        rail = text.splitlines()[1]
        assert screen.title() in rail, name
        if size == "80x24":
            assert len(re.findall(r"\d [A-Z][a-z]{4,}|1 Data", rail)) == 1, "the current one alone in whole words"


@pytest.mark.slow
def test_nothing_is_wider_than_the_terminal(found: dict[str, str]) -> None:
    for name, text in found.items():
        width, height = map(int, name.rpartition(" ")[2].split("x"))
        lines = text.splitlines()
        assert len(lines) <= height and max(map(len, lines)) <= width, name
