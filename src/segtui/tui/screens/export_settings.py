"""The exporters that are chosen, and their settings, which are kept while one is not chosen."""

from __future__ import annotations

from typing import Any

from segtui.api.errors import SegtuiError
from segtui.plugins import Catalogue
from segtui.project.document import ExportEntry
from segtui.tui.pane import Pane
from segtui.tui.screens.export_choices import has_exporter, turn_exporter
from segtui.tui.screens.export_edits import update
from segtui.tui.screens.export_state import known_to


class Exporters:
    """Chosen and set for one screen."""

    def __init__(self, pane: Pane, catalogue: Catalogue) -> None:
        self._pane, self._catalogue = pane, catalogue
        self._before: dict[str, dict[str, Any]] = {}

    @property
    def _export(self) -> ExportEntry:
        return self._pane.session.document.export

    def turn(self, name: str) -> None:
        """Choose an exporter with the settings it had, or leave it out."""
        if has_exporter(self._export, name):
            self._before[name] = self._params(name)
        files = turn_exporter(self._export, name, self._before.get(name)).files
        update(self._pane, files=files)

    def _params(self, name: str) -> dict[str, Any]:
        return next((dict(entry.params) for entry in self._export.files if entry.exporter == name), {})

    def has_settings(self, name: str) -> bool:
        """Whether it is chosen, and there is something to set."""
        try:
            fields = self._catalogue.exporter(name).params.get("properties")
        except SegtuiError:
            return False
        return bool(fields) and has_exporter(self._export, name)

    def edit(self, name: str) -> None:
        """Set it."""
        from segtui.tui.dialogs_export import Settings
        from segtui.tui.widgets.params_fields import Offers, fields_of

        entry, session = self._catalogue.exporter(name), self._pane.session
        columns = session.customers.columns if session.customers else {}
        fields = fields_of(entry.params, Offers(columns, (), tuple(known_to(session))))
        dialog = Settings(entry.title, fields, self._params(name))
        self._pane.app.push_screen(dialog, lambda given: self._set(name, given))

    def _set(self, name: str, given: dict[str, Any] | None) -> None:
        if given is not None:
            files = tuple(
                entry.model_copy(update={"params": given}) if entry.exporter == name else entry
                for entry in self._export.files
            )
            update(self._pane, files=files)
