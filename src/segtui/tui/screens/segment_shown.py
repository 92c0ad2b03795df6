"""What the Segment screen shows of what its form says: the result, else a preview, else why there is neither."""

from __future__ import annotations

from rich.text import Text

from segtui.api.errors import Cancelled, DataError, SegtuiError, UsageError
from segtui.api.text import join_words, safe
from segtui.project.document import SegmentationEntry
from segtui.segment.preview import Preview
from segtui.tui.pane import Pane, error_words
from segtui.tui.screens.segment_form import MethodForm
from segtui.tui.screens.segment_previews import Previews
from segtui.tui.screens.segment_runs import Runs
from segtui.tui.screens.segment_view import SegmentView

SETTLED = 0.4
"""Seconds after the last change of a parameter until a preview starts."""
AT_ONCE = 0.05


class Shown:
    """Fills the view: with the result of just these parameters, or with a preview of them, which it asks for."""

    def __init__(self, pane: Pane, runs: Runs, form: MethodForm, view: SegmentView) -> None:
        self._pane, self._runs, self._form, self._view = pane, runs, form, view
        self._previews = Previews(pane, self._came)
        self._result: object = None
        self._method = ""

    def show(self, *, settle: bool = False) -> None:
        """Show it; a preview that is not there yet starts soon, or once the form has come to rest."""
        same = self._form.same()
        facts = self._runs.session.results.get(same.id) if same else None
        told = self._told(same)
        self._previews.wait()
        self._form.refuse(bool(self.refused()))
        if same is not None and facts is not None and same.id in self._runs.done():
            self._method = self._form.method
            result = (facts, same, told)
            if result != self._result:
                self._result = result
                self._view.show_result(facts, same, self._form.features(), told)
            return
        self._result = None
        self._preview(told, settle=settle)

    @property
    def is_result(self) -> bool:
        """Whether it is a result that is seen."""
        return self._result is not None

    def preview_anew(self) -> None:
        """Show it with a preview that is made again."""
        self._previews.forget(self._key())
        self.show()

    def refused(self) -> str:
        """What a preview found wrong with the parameters, in words; empty where it found nothing."""
        preview = None if self._form.reasons else self._previews.known(self._key())
        return _said(preview).plain if isinstance(preview, UsageError) else ""

    def _told(self, same: SegmentationEntry | None) -> Text:
        """What is to be said of a run besides its figures: that it failed, or is stale."""
        if same is None:
            return Text()
        attempt = self._runs.attempts.get(same.id)
        if attempt is not None and attempt.was_stopped:
            return Text("The run was stopped. r runs it again.")
        if attempt is not None and attempt.error is not None:
            return Text("The run failed.\n", style="bold").append_text(_said(attempt.error)).append("\n")
        if attempt is not None:
            running = attempt.words == "running"
            return Text("It runs on all customers now; z stops it." if running else "It waits for its turn to run.")
        if same.id not in self._runs.done():
            kept = "; its segments keep the names they were given" if same.names else ""
            return Text(f"It has not been run. r runs it{kept}.")
        aged = self._runs.aged(same.id)
        return Text(f"Stale: {join_words(aged)}. r runs it again.") if aged else Text()

    # Previews

    def _preview(self, told: Text, *, settle: bool) -> None:
        view, method = self._view, self._form.method
        problem = " ".join(self._form.reasons) or self._form.params.problem
        if problem:
            view.show_words("No preview", told.append(problem))
        elif self._runs.session.customers_are_stale:
            view.show_words("No preview", told.append("The customers are to be made anew first: p does it."))
        elif known := self._previews.known(self._key()):
            self._show_preview(known, told)
        elif self._pane.segtui.showing is self._pane:
            view.show_waiting(told, keeping=self._method == method)
            self._method = method
            self._previews.ask(self._key(), self._form.drawn(), SETTLED if settle else AT_ONCE)

    def _key(self) -> str:
        """What a preview depends on."""
        entry, session = self._form.drawn().model_copy(update={"id": ""}), self._runs.session
        earlier = (session.results[name] for name in entry.after if name in session.results)
        made = tuple((one.fingerprint, one.segments) for one in earlier)
        rows, on = self._runs.customers.fingerprint, self._form.measured_on
        return f"{rows} {on} {session.document.seed} {made} {entry.model_dump_json()}"

    def _came(self, key: str) -> None:
        if key == self._key():
            self.show()

    def _show_preview(self, preview: Preview | SegtuiError, told: Text) -> None:
        if isinstance(preview, Preview):
            self._view.show_preview(preview, self._form.features(), told)
            return
        if isinstance(preview, Cancelled):
            late = "It took longer than a preview may. r runs it on all customers, p tries again."
            self._view.show_words("No preview", told.append(late))
            return
        params = self._form.params
        name = next((one.name for one in params.fields if preview.what.startswith(one.name)), "")
        if isinstance(preview, UsageError) and name:
            params.say(name, safe(preview.what, 300))
        words = _said(preview)
        said_already = words.plain.partition("\n")[0] in told.plain
        self._view.show_words("No preview", told if said_already else told.append_text(words))


def _said(error: SegtuiError) -> Text:
    """An error in words; what a person can put right without its title."""
    if isinstance(error, (UsageError, DataError)):
        return Text(f"{safe(error.what, 500)} {safe(error.next_step, 500)}", style="not bold")
    return error_words(error)
