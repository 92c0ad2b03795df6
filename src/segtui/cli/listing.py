"""`segtui plugins`: what is installed, what it takes, what is broken and why."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segtui.api.method import ROLES_IN_WORDS, Needs
from segtui.api.text import join_words, safe
from segtui.cli import output, words
from segtui.plugins import Catalogue, MethodEntry, PluginEntry
from segtui.plugins.catalogue import AnalysisEntry, Entry, ExporterEntry, ReaderEntry, missing
from segtui.project.begin import Begun
from segtui.project.session import Session

WIDTH = 96
KINDS: dict[type[Entry], tuple[str, str]] = {
    MethodEntry: ("method", "--set NAME=VALUE"),
    AnalysisEntry: ("analysis", "--set NAME=VALUE"),
    ReaderEntry: ("reader", "--read reader.NAME=VALUE"),
    ExporterEntry: ("exporter", "--set FORM.NAME=VALUE"),
}
"""What each kind is called, and how its parameters are given."""


def plugins(name: str | None, as_json: bool, plugin_folders: Sequence[Path], begun: Begun) -> None:
    """Print the catalogue, or all that has this name in full."""
    with Session.new(plugin_folders=words.folders(plugin_folders), begun=begun) as session:
        catalogue = session.catalogue(output.progress)
        output.clear_progress()
    if name is None:
        output.data_json(asdict(catalogue)) if as_json else _print_all(catalogue)
        return
    found = _named(catalogue, name)
    if as_json:
        output.data_json(asdict(found))
        return
    for plugin in found.plugins:
        _print_plugin(plugin)
    for entry in _entries(found):
        _print_entry(entry, catalogue)


def _entries(catalogue: Catalogue) -> list[Entry]:
    return [*catalogue.methods, *catalogue.analyses, *catalogue.readers, *catalogue.exporters]


def _named(catalogue: Catalogue, name: str) -> Catalogue:
    """What of the catalogue has this name: a plugin and what it brings may share one. Raises PluginError."""
    found = Catalogue(
        tuple(plugin for plugin in catalogue.plugins if plugin.name == name),
        tuple(entry for entry in catalogue.methods if name in (entry.id, entry.qualified)),
        tuple(entry for entry in catalogue.analyses if name in (entry.id, entry.qualified)),
        tuple(entry for entry in catalogue.readers if name in (entry.id, entry.qualified)),
        tuple(entry for entry in catalogue.exporters if name in (entry.id, entry.qualified)),
    )
    if not (found.plugins or _entries(found)):
        known = [plugin.name for plugin in catalogue.plugins] + [entry.id for entry in _entries(catalogue)]
        raise missing(name, "plugin or part of one", known, catalogue.broken)
    return found


def _print_all(catalogue: Catalogue) -> None:
    output.data("methods")
    rows = [
        [safe(_name(entry, catalogue), 40), str(entry.basis), safe(entry.summary, 200)] for entry in catalogue.methods
    ]
    for line in output.table(sorted(rows, key=lambda row: (row[1], row[0])), [False, False, False], "  "):
        output.data(line)
    for title, entries in (
        ("analyses", catalogue.analyses),
        ("readers", catalogue.readers),
        ("exporters", catalogue.exporters),
    ):
        if entries:
            output.data(title)
            named = [[safe(entry.id, 40), safe(entry.summary or entry.title, 200)] for entry in entries]
            for line in output.table(named, [False, False], "  "):
                output.data(line)
    output.data("plugins")
    listed = [
        [safe(plugin.name, 40), safe(plugin.version, 20), safe(_state(plugin), 200)] for plugin in catalogue.plugins
    ]
    for line in output.table(listed, [False, False, False], "  "):
        output.data(line)


def _name(entry: Entry, catalogue: Catalogue) -> str:
    return entry.qualified if catalogue.ambiguous(entry) else entry.id


def _state(plugin: PluginEntry) -> str:
    if plugin.state == "broken":
        return f"broken: {plugin.reason}"
    return f"brings {join_words(plugin.brings)}" if plugin.brings else "brings nothing"


def _print_plugin(plugin: PluginEntry) -> None:
    output.data(f"{safe(plugin.name)}  {safe(plugin.version)}  from {safe(plugin.where or plugin.distribution)}")
    output.data(f"  {safe(_state(plugin))}")


def _print_entry(entry: Entry, catalogue: Catalogue) -> None:
    what, given = KINDS[type(entry)]
    what = f"{what}, {entry.basis}" if isinstance(entry, MethodEntry) else what
    output.data(f"{_name(entry, catalogue)}  {safe(entry.title)}  ({what})")
    _print_wrapped(entry.summary, "  ")
    revision = f", revision {entry.revision}" if isinstance(entry, MethodEntry) else ""
    output.data(f"  from {entry.identity}{revision}")
    for line in _needs(entry.needs) if isinstance(entry, (MethodEntry, AnalysisEntry)) else ():
        output.data(f"  needs {line}")
    properties: dict[str, Any] = entry.params.get("properties", {})
    if properties:
        output.data(f"  parameters, given as {given}")
    definitions: dict[str, Any] = entry.params.get("$defs", {})
    for name, schema in properties.items():
        default = f"  [{safe(_default(schema['default']), 60)}]" if "default" in schema else ""
        output.data(f"    {safe(name)}  {_takes(schema, definitions)}{default}")
        if schema.get("description"):
            _print_wrapped(schema["description"], "      ")


def _print_wrapped(text: str, indent: str) -> None:
    for line in textwrap.wrap(safe(text), WIDTH, initial_indent=indent, subsequent_indent=indent):
        output.data(line)


def _default(value: Any) -> str:
    return str(value) if not isinstance(value, (list, dict)) or value else "none"


def _needs(needs: Needs) -> list[str]:
    lines = [ROLES_IN_WORDS.get(role, f"a column with the role {role}") for role in needs.roles]
    lines += [f"at least {least} columns of kind {kind}" for kind, least in needs.kinds.items()]
    lines += [f"the table {table}" for table in needs.tables]
    if needs.features:
        kinds = f" of kind {join_words(needs.feature_kinds, 'or')}" if needs.feature_kinds else ""
        lines.append(f"at least {needs.features} feature{'s' if needs.features > 1 else ''}{kinds}")
    if needs.rows > 1:
        lines.append(f"at least {needs.rows} customers")
    if needs.segmentations:
        lines.append(f"at least {needs.segmentations} earlier segmentations")
    return lines


def _table(schema: dict[str, Any]) -> str:
    return f"a table of {join_words(schema['properties'])}"


def _takes(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """What a parameter takes, in words."""
    if "$ref" in schema:
        return _takes(definitions.get(schema["$ref"].rpartition("/")[2], {}), definitions)
    own = schema.get("segtui", {})
    if own.get("choice") == "count or range":
        return "a number, a range such as 2..8, or auto"
    if "choice" in own:
        return f"a {own['choice']}"
    if "enum" in schema:
        return join_words([str(value) for value in schema["enum"]], "or")
    if "anyOf" in schema:
        return join_words([_takes(part, definitions) for part in schema["anyOf"] if part.get("type") != "null"], "or")
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return f"a list, each {_takes(schema['items'], definitions)}"
    kind = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list"}
    found = kind.get(schema.get("type", ""), _table(schema) if "properties" in schema else "text")
    bounds = [f"from {schema['minimum']}"] if "minimum" in schema else []
    bounds += [f"to {schema['maximum']}"] if "maximum" in schema else []
    return " ".join([found, *bounds])
