"""`segtui plugins check` and `segtui plugins new`: for authors of plugins.

`check` loads the plugin in this process, not in a worker: it works on made-up customers alone, and an author wants to
see a crash where it happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segtui.api.errors import PluginError
from segtui.api.method import Method
from segtui.api.text import count, join_words, safe
from segtui.cli import output, words
from segtui.plugins import Registry, load
from segtui.testing import Ending, Outcome, checks_for, new_package
from segtui.testing.printed import kept


def check(name: str, settings: Sequence[str], as_json: bool, plugin_folders: Sequence[Path]) -> None:
    """Hold a method, or each method of a plugin, against the rules. Raises PluginError where one is broken."""
    with kept():
        registry = load(words.folders(plugin_folders))
    outcomes: dict[str, list[Outcome]] = {}
    for method in _methods(registry, name):
        outcomes[method.id] = []
        if not as_json:
            output.data(f"{method.id}  {safe(method.title, 80)}")
        for each in checks_for(method, params=words.settings(settings, method.id)):
            outcome = each.run()
            outcomes[method.id].append(outcome)
            if not as_json:
                _print(outcome)
    if as_json:
        output.data_json({method: [asdict(outcome) for outcome in made] for method, made in outcomes.items()})
    endings = Counter(outcome.ending for made in outcomes.values() for outcome in made)
    if not as_json:
        output.data(join_words([f"{count(endings[ending])} {ending}" for ending in Ending if endings[ending]]))
    if endings[Ending.FAILED]:
        raise PluginError(
            f"{count(endings[Ending.FAILED])} of {count(endings.total())} checks failed.",
            where=safe(name, 80),
            next_step="docs/plugins.md has the contract.",
        )
    unfit = [method for method, made in outcomes.items() if made[0].ending is Ending.LEFT_OUT]
    if unfit:
        raise PluginError(
            f"{join_words(unfit)} can't be checked with the default parameters.",
            where=safe(name, 80),
            next_step="Check one method, and give its parameters with --set.",
        )


def new(name: str, folder: Path, as_json: bool) -> None:
    """Make a package from the template, and say how to go on."""
    files = new_package(name, folder)
    if as_json:
        output.data_json({"files": [str(path) for path in files]})
        return
    for path in files:
        output.data(safe(str(path)))
    output.say(f"Try it: segtui plugins check {name} --plugin-dir {safe(str(folder / name))}")


def _methods(registry: Registry, name: str) -> list[Method[Any, Any]]:
    """The methods that a plugin of that name brings, else the method of that name. Raises PluginError."""
    brought = [offer.item for offer in registry.methods if offer.entry.plugin == name]
    if brought and not any(name in (offer.id, offer.qualified) for offer in registry.methods):
        return brought
    return [registry.method(name)]


def _print(outcome: Outcome) -> None:
    output.data(f"  {outcome.ending:<9}  {outcome.id}")
    if outcome.ending is Ending.FAILED:
        output.data(f"             {outcome.says}")
    if outcome.found:
        output.data(f"             {safe(outcome.found, 400)}")
