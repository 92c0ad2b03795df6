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
from segtui.api.text import count, join_words, safe
from segtui.cli import output, words
from segtui.plugins import Registry, load
from segtui.plugins.catalogue import ReaderEntry, choose, missing
from segtui.plugins.registry import Offer
from segtui.testing import Ending, Outcome, checks_for, new_package
from segtui.testing.printed import kept


def check(name: str, settings: Sequence[str], file: Path | None, as_json: bool, plugin_folders: Sequence[Path]) -> None:
    """Hold what a plugin brings, or one of these, against the rules; no further where the first can't be made.

    Raises PluginError where a rule is broken, or nothing could be checked.
    """
    with kept():
        registry = load(words.folders(plugin_folders))
    outcomes: dict[str, list[Outcome]] = {}
    offers = _offers(registry, name)
    for offer in offers:
        if isinstance(offer.entry, ReaderEntry) and file is None and len(offers) > 1:
            output.say(f"{offer.id} is a reader: check it alone, on a file that it can read (--on FILE).")
            continue
        outcomes[offer.id] = []
        if not as_json:
            output.data(f"{offer.id}  {safe(offer.entry.title, 80)}")
        for each in checks_for(offer.item, params=words.settings(settings, offer.id), file=file):
            outcome = each.run()
            outcomes[offer.id].append(outcome)
            if not as_json:
                _print(outcome)
            if outcome is outcomes[offer.id][0] and outcome.ending is Ending.LEFT_OUT:
                break
    if as_json:
        output.data_json({one: [asdict(outcome) for outcome in made] for one, made in outcomes.items()})
    endings = Counter(outcome.ending for made in outcomes.values() for outcome in made)
    if not as_json:
        output.data(join_words([f"{count(endings[ending])} {ending}" for ending in Ending if endings[ending]]))
    if endings[Ending.FAILED]:
        raise PluginError(
            f"{count(endings[Ending.FAILED])} of {count(endings.total())} checks failed.",
            where=safe(name, 80),
            next_step="docs/plugins.md has the contract.",
        )
    unfit = [one for one, made in outcomes.items() if made[0].ending is Ending.LEFT_OUT]
    if unfit:
        raise PluginError(
            f"{join_words(unfit)} can't be checked with these parameters.",
            where=safe(name, 80),
            next_step="Check it alone, and give its parameters with --set.",
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


def _offers(registry: Registry, name: str) -> list[Offer[Any, Any]]:
    """All that a plugin of that name brings, else what has that name itself, one of a kind. Raises PluginError."""
    kinds: dict[str, Sequence[Offer[Any, Any]]] = {
        "method": registry.methods,
        "analysis": registry.analyses,
        "exporter": registry.exporters,
        "reader": registry.readers,
    }
    every = [offer for offers in kinds.values() for offer in offers]
    brought = [offer for offer in every if offer.entry.plugin == name]
    if brought:
        return brought
    named = {what: offers for what, offers in kinds.items() if any(name in (one.id, one.qualified) for one in offers)}
    if not named:
        raise missing(name, "plugin or part of one", [offer.id for offer in every], registry.catalogue.broken)
    return [choose(name, offers, what, registry.catalogue.broken) for what, offers in named.items()]


def _print(outcome: Outcome) -> None:
    output.data(f"  {outcome.ending:<9}  {outcome.id}")
    if outcome.ending is Ending.FAILED:
        output.data(f"             {outcome.says}")
    if outcome.found:
        output.data(f"             {safe(outcome.found, 400)}")
