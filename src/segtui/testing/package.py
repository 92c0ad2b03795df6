"""A new package for a plugin, from the template: a method, its tests, and what pip needs."""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from pathlib import Path

from segtui.api.errors import UsageError
from segtui.api.text import safe
from segtui.api.writing import WritingError

TEMPLATE = Path(__file__).parent / "template"
ENDING = ".template"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 40


def new_package(name: str, folder: Path) -> tuple[Path, ...]:
    """Makes `folder`/`name` with a method of that name; returns the files.

    Raises UsageError where the name can't be a module's of its own, WritingError where the folder is there already.
    """
    _refuse(name)
    if not folder.is_dir():
        raise UsageError("There is no such folder.", where=safe(str(folder)), next_step="Make it first.")
    target = folder / name
    words = {"my_method": name, "MyMethod": "".join(map(str.capitalize, name.split("_")))}
    words["My method"] = name.replace("_", " ").capitalize()
    try:
        target.mkdir()
    except FileExistsError:
        raise WritingError(
            "This is there already.", where=safe(str(target)), next_step="Choose another name."
        ) from None
    except OSError as error:
        raise WritingError(f"The system refuses: {error.strerror}.", where=safe(str(target))) from error
    written = []
    for source in sorted(TEMPLATE.rglob(f"*{ENDING}")):
        place = target / _replaced(str(source.relative_to(TEMPLATE)), words).removesuffix(ENDING)
        place.parent.mkdir(exist_ok=True)
        place.write_text(_replaced(source.read_text(encoding="utf-8"), words), encoding="utf-8")
        written.append(place)
    return tuple(written)


def _replaced(text: str, words: dict[str, str]) -> str:
    """All words in one pass, so that a name which holds another word is not replaced again."""
    return re.sub("|".join(map(re.escape, words)), lambda match: words[match[0]], text)


def _refuse(name: str) -> None:
    shown = safe(name, 60)
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        raise UsageError(
            f"{shown} can't be the name of a plugin.",
            where="NAME",
            next_step=f"Write lower-case words joined by _, at most {LONGEST_NAME} characters, such as top_spenders.",
        )
    if name in sys.stdlib_module_names or name in ("test", "tests") or importlib.util.find_spec(name) is not None:
        raise UsageError(f"{shown} is the name of a module already.", where="NAME", next_step="Choose another name.")
