"""Builds the documentation as pages that a browser opens from a folder, with nothing loaded from outside.

    python docs/build.py --to site

Links that lead nowhere end the build. The pages lie as in the repository, so a link works in both places.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BESIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "sample_data/README.md")
LOADED = {"src", "srcset", "href", "data", "poster", "action"}
"""Attributes by which a page loads something; an `a` with `href` loads nothing until a person follows it."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ADDRESSES = ("http:", "https:", "//", "ftp:", "ws:", "wss:")


def build(target: Path) -> None:
    """Build into `target`, which must not be there. Raises SystemExit where the builder or a page is at fault."""
    if target.exists():
        raise SystemExit(f"{target} is there already.")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _lay_out(folder)
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        said = COLOURS.sub("", done.stdout + done.stderr).partition("Traceback")[0].strip()
        if done.returncode:
            raise SystemExit(f"{said}\nThe documentation was not built.")
        print(said)
        loaded = [f"{page.relative_to(folder / 'site')}: {address}" for page, address in outside(folder / "site")]
        if loaded:
            raise SystemExit("\n".join(["These pages load something from outside.", *loaded]))
        shutil.copytree(folder / "site", target)


def _lay_out(folder: Path) -> None:
    """The pages as they lie in the repository, and the builder's own files."""
    for page in [ROOT / name for name in BESIDE] + sorted(DOCS.glob("*.md")):
        place = folder / "pages" / page.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, place)
    shutil.copyfile(DOCS / "zensical.toml", folder / "zensical.toml")
    shutil.copytree(DOCS / "theme", folder / "theme")


def outside(site: Path) -> Iterator[tuple[Path, str]]:
    """Each address outside the site that a page loads without being asked."""
    for page in sorted(site.rglob("*.html")):
        for address in addresses_loaded(page.read_text(encoding="utf-8")):
            yield page, address


def addresses_loaded(html: str) -> list[str]:
    """The addresses outside that a page loads by itself."""
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            is_loaded = name in LOADED and not (tag == "a" and name == "href")
            if is_loaded and (value or "").strip().lower().startswith(ADDRESSES):
                self.found.append(f"{tag} {name}={value}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the documentation, offline.")
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="the folder to make; site unless given")
    build(parser.parse_args().to)
