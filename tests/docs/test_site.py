"""The documentation as pages: built without a warning, each page in it, nothing loaded from outside."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "docs" / "build.py"


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", BUILD)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pages() -> set[str]:
    builder = _builder()
    return {*builder.BESIDE, *(str(page.relative_to(ROOT)) for page in builder.DOCS.glob("*.md"))}


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/a.js"></script>',
        "<link rel=stylesheet href=//example.org/a.css>",
        '<IMG SRC=" HTTP://example.org/a.png">',
        '<form action="https://example.org/"></form>',
        '<video poster="https://example.org/a.png"></video>',
    ],
)
def test_what_a_page_loads_from_outside_is_found(html: str) -> None:
    assert len(_builder().addresses_loaded(html)) == 1


def test_links_that_a_person_follows_and_own_files_are_not() -> None:
    html = '<a href="https://example.org/">x</a><script src="../a.js"></script><img src="data:image/png;base64,AA==">'
    assert _builder().addresses_loaded(html) == []


def test_every_page_is_in_the_navigation() -> None:
    config = (ROOT / "docs" / "zensical.toml").read_text(encoding="utf-8")
    assert tomllib.loads(config)["project"]["theme"]["font"] is False
    assert set(re.findall(r'= "([^"]+\.md)"', config)) == _pages()


def test_the_pages_are_built_and_load_nothing(tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="the dependency group docs is not installed")
    site = tmp_path / "site"
    done = subprocess.run([sys.executable, str(BUILD), "--to", str(site)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for page in _pages():
        name = page.removesuffix("README.md") + "index.md" if page.endswith("README.md") else page
        html = (site / name).with_suffix(".html").read_text(encoding="utf-8")
        assert "Content-Security-Policy" in html, page
        assert _builder().addresses_loaded(html) == [], page
    assert "silhouette" in (site / "search.js").read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="the dependency group docs is not installed")
    copy = tmp_path / "copy"
    for page in _pages():
        (copy / page).parent.mkdir(parents=True, exist_ok=True)
        (copy / page).write_bytes((ROOT / page).read_bytes())
    for name in ("build.py", "zensical.toml", "theme/main.html", "theme/javascripts/iframe-worker.js"):
        (copy / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "docs" / name).write_bytes((BUILD.parent / name).read_bytes())
    with (copy / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[a heading that is not there](reports.md#nowhere)\n")
    command = [sys.executable, str(copy / "docs" / "build.py"), "--to", str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "anchor does not exist" in done.stderr
    assert "docs/index.md" in done.stderr
    assert not (tmp_path / "site").exists()
