"""Promises 36 and 37: a broken plugin is a line in the Catalogue, and everything else works."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from segtui import __version__, plugins
from segtui.api.errors import Cancelled, PluginError, UsageError
from segtui.api.method import Basis
from segtui.api.table import Role
from segtui.plugins.versions import refusal

Install = Callable[..., Path]


def reasons(*folders: Path, **options: object) -> dict[str, str]:
    catalogue = plugins.load(folders, **options).catalogue  # type: ignore[arg-type]
    return {plugin.name: plugin.reason for plugin in catalogue.plugins if plugin.where}


def test_a_sound_plugin_is_offered_with_all_it_brings(faults: Path) -> None:
    registry = plugins.load([faults / "sound"])
    catalogue = registry.catalogue
    plugin = catalogue.plugin("sound")
    assert (plugin.state, plugin.reason, plugin.version) == ("ok", "", "1.2.3")
    assert plugin.brings == ("halves", "look", "lines", "nowhere")
    method = catalogue.method("halves")
    assert (method.title, method.summary, method.basis) == ("Halves", "Two halves by amount.", Basis.A_PRIORI)
    assert (method.revision, method.ordered, method.needs.roles) == (3, True, (Role.MONETARY,))
    assert (method.qualified, method.identity) == ("sound:halves", "sound:halves:1.2.3")
    assert method.params["properties"]["share"]["maximum"] == 1
    assert catalogue.analysis("look").segmentations == (0, 2)
    assert catalogue.reader("lines").magic == (b"\x00LINES",)
    assert catalogue.exporter("nowhere").summary == "Writes nothing."
    assert registry.method("sound:halves") is registry.method("halves")
    assert registry.analysis("look").id == "look"
    assert registry.reader("lines").id == "lines"
    assert registry.exporter("nowhere").id == "nowhere"
    assert registry is plugins.load([faults / "sound"])


def test_each_broken_plugin_has_its_reason_and_the_others_load(faults: Path, tmp_path: Path) -> None:
    (tmp_path / "syntax_error.py").write_text("def segtui_methods(:\n")
    started = time.monotonic()
    found = reasons(faults / "loading", tmp_path, faults / "sound", seconds=1.0)
    assert time.monotonic() - started < 10
    assert found["sound"] == ""
    expected = {
        "import_error": "Loading it failed: ImportError: cannot import name 'no_such_name'",
        "syntax_error": "Its file syntax_error.py has a syntax error in line 1.",
        "missing_dependency": "It needs the module a_library_that_nobody_has, which is not installed.",
        "slow_import": "It took longer than 1 s to load.",
        "exits": "It tried to end the program while it was loaded (SystemExit).",
        "interrupts": "Loading it failed: KeyboardInterrupt",
        "wrong_api": "It needs segtui's border in version >=2,<3, and this segtui has version 1.",
        "unreadable_api": "It states a range of border versions that can't be read",
        "brings_nothing": "It brings nothing: no function in it is marked with @hookimpl.",
        "unknown_hook": "It has a hook that segtui does not know",
        "raises_in_hook": "Loading it failed: ZeroDivisionError",
        "json": "Its name json is that of a module of Python; rename it.",
    }
    for name, reason in expected.items():
        assert found[name].startswith(reason), name
    assert all("\x1b" not in reason for reason in found.values())
    assert found["wrong_api"].endswith(f"(wrong_api 7.1, segtui {__version__})")
    assert "json" in sys.modules
    assert "segtui_exporters" not in vars(sys.modules["json"])


def test_what_breaks_the_contract_is_left_out_and_the_rest_is_offered(faults: Path) -> None:
    plugin = plugins.load([faults / "loading"], only={"half_wrong"}).catalogue.plugin("half_wrong")
    assert plugin.state == "broken"
    assert plugin.brings == ("good",)
    for fault in (
        "the exporter good is there twice",
        "the exporter SHOUTED: `id` is not a lower-case word",
        "the exporter untitled: `title` is not a text",
        "the exporter seeded: the seed is never a parameter",
        "the exporter required: the parameter width has no default",
        "the exporter without: `Params` is not a subclass",
        "the class Good was given where an instance is expected",
        "a str was given where a Exporter is expected",
        "a Good was given where a Reader is expected",
    ):
        assert fault in plugin.reason


def test_only_the_wanted_plugins_are_loaded(faults: Path) -> None:
    catalogue = plugins.load([faults / "loading", faults / "sound"], only={"sound"}).catalogue
    assert [plugin.name for plugin in catalogue.plugins] == ["sound"]
    assert "half_wrong" not in sys.modules


def test_a_cancel_is_not_a_broken_plugin(tmp_path: Path) -> None:
    (tmp_path / "cancelled.py").write_text("from segtui.api import Cancelled\nraise Cancelled()\n")
    with pytest.raises(Cancelled):
        plugins.load([tmp_path])


def test_loading_works_in_a_thread_too_though_without_a_time_limit(faults: Path) -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(reasons(faults / "sound")))
    thread.start()
    thread.join()
    assert found == ["sound"]


def test_what_killed_a_worker_is_not_loaded_again(faults: Path, tmp_path: Path) -> None:
    marker = tmp_path / "loading"
    assert plugins.fatal_plugin(marker) is None
    found = reasons(faults / "fatal", faults / "sound", fatal={"kills": "It killed the worker."}, marker=marker)
    assert found["kills"].startswith("It killed the worker.")
    assert found["sound"] == ""
    assert plugins.fatal_plugin(marker) is None


def test_an_installed_plugin_is_found_by_its_entry_point(faults: Path, distribution: Install) -> None:
    distribution("Acme-Segments", "4.2", "acme_segments", (faults / "sound" / "sound.py").read_text())
    method = plugins.load().catalogue.method("acme-segments:halves")
    assert method.identity == "acme-segments:halves:4.2"
    assert method.plugin == "acme_segments"


def test_an_entry_point_without_its_module_is_broken(distribution: Install) -> None:
    site = distribution("acme", "1.0", "acme_gone", "")
    (site / "acme_gone.py").unlink()
    assert "Its module acme_gone is not there." in plugins.load().catalogue.plugin("acme_gone").reason


def test_nothing_is_found_in_the_working_directory(
    faults: Path, distribution: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = distribution("acme", "1.0", "acme", (faults / "sound" / "sound.py").read_text())
    monkeypatch.chdir(site)
    monkeypatch.syspath_prepend("")
    assert "acme" not in {plugin.name for plugin in plugins.load().catalogue.plugins}


def test_a_module_of_a_folder_can_not_stand_in_for_another(tmp_path: Path, faults: Path) -> None:
    sound = (faults / "sound" / "sound.py").read_text()
    for name in ("polars", "segtui", "sklearn"):
        (tmp_path / f"{name}.py").write_text(sound)
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "twin.py").write_text(sound)
    catalogue = plugins.load([tmp_path, first, second]).catalogue
    local = {(plugin.name, plugin.where): plugin.state for plugin in catalogue.plugins if plugin.where}
    assert {state for (name, _), state in local.items() if name != "twin"} == {"broken"}
    assert local["twin", str(first)] == "ok"
    assert local["twin", str(second)] == "broken"
    assert str(tmp_path) not in sys.path


@pytest.mark.parametrize(
    ("stated", "fits"),
    [
        (None, True),
        (">=1,<2", True),
        ("==1", True),
        (" >= 1 , != 2 ", True),
        (">1", False),
        ("<=0", False),
        ("1", False),
        ("", False),
        (">=1;<2", False),
        (">=" + "9" * 5000, False),
    ],
)
def test_ranges_of_the_border(stated: str | None, fits: bool) -> None:
    assert (refusal(stated) == "") is fits


def test_params_are_checked_by_their_declaration(faults: Path) -> None:
    method = plugins.load([faults / "sound"]).method("halves")
    params = plugins.validate_params(method, {"share": 0.2, "k": "2..5"})
    assert (params.share, params.how, params.k.high) == (0.2, "first", 5)
    for wrong in ({"share": 2}, {"how": "middle"}, {"unknown": 1}):
        with pytest.raises(UsageError, match="halves: "):
            plugins.validate_params(method, wrong)
    assert "segtui" in str(plugins.validate_params(method, {}).model_json_schema())


def test_a_missing_name_says_what_is_near_and_what_is_broken(faults: Path) -> None:
    catalogue = plugins.load([faults / "sound", faults / "loading"], only={"sound", "exits"}).catalogue
    with pytest.raises(PluginError, match=r"There is no method halfes. Did you mean halves\?.*Broken, .*: exits"):
        catalogue.method("halfes")
    with pytest.raises(PluginError, match="There is no analysis ␛"):
        catalogue.analysis("\x1b")
