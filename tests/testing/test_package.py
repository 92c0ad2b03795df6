from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segtui.api import UsageError
from segtui.api.writing import WritingError
from segtui.testing import new_package
from segtui.testing.package import TEMPLATE


@pytest.fixture
def package(tmp_path: Path) -> Path:
    new_package("near_my_method", tmp_path)
    return tmp_path / "near_my_method"


def test_its_tests_pass_at_once(package: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ended = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "failed" not in ended.stdout


def test_its_names_are_replaced_and_its_method_is_short(package: Path) -> None:
    files = sorted(str(path.relative_to(package)) for path in package.rglob("*") if path.is_file())
    assert files == ["README.md", "near_my_method.py", "pyproject.toml", "tests/test_near_my_method.py"]
    code = (package / "near_my_method.py").read_text(encoding="utf-8")
    assert "class NearMyMethod(" in code
    assert 'title = "Near my method"' in code
    assert len(code.splitlines()) < 60
    for path in files:
        text = (package / path).read_text(encoding="utf-8")
        assert "near_my_method" in text
        assert "my_method" not in text.replace("near_my_method", "")


def test_it_is_as_tidy_as_what_ships(package: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    settings = Path(__file__).parents[2] / "pyproject.toml"
    ended = subprocess.run(
        [ruff, "check", "--no-cache", "--config", settings, package], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


def test_the_template_lies_in_the_package_so_that_it_travels_in_the_wheel() -> None:
    import segtui

    assert TEMPLATE.is_relative_to(Path(segtui.__file__).parent)
    assert all(path.suffix == ".template" for path in TEMPLATE.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "name", ["", "Top", "1st", "a-b", "a b", "../up", "a__b", "class", "json", "polars", "tests", "é", "a" * 41, "_a"]
)
def test_names_that_can_not_be_a_module_of_its_own_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        new_package(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_never_touched(package: Path) -> None:
    before = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    with pytest.raises(WritingError):
        new_package("near_my_method", package.parent)
    assert before == {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        new_package("top_customers", tmp_path / "nowhere")
