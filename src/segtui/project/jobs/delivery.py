"""The job that delivers results: through the gate, to the exporters, with models and the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.files import Delivery
from segtui.api.segmentation import Account
from segtui.api.text import file_name
from segtui.export import Leaving, Manifest, deliver, gate
from segtui.export.deliver import Wanted
from segtui.plugins import validate_params
from segtui.project.facts import CustomersFacts, DeliveredFile, SegmentationFacts, SourceFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun
from segtui.project.jobs.segments import segmentation_of
from segtui.read.delimited import rejects_name

ASSIGNMENTS = "assignments"


def deliver_results(
    run: JobRun,
    project: str,
    seed: int,
    sources: tuple[SourceFacts, ...],
    customers: CustomersFacts,
    made: tuple[SegmentationFacts, ...],
    form: str,
    folder: Path,
    overwrite: bool,
) -> tuple[DeliveredFile, ...]:
    """Assignments and model of each segmentation, and the manifest, into `folder`."""
    if not made:
        raise UsageError("There is no segmentation to export.", next_step="Run one first.")
    for facts in sources:
        desk.refuse_changed(facts.path, facts.fingerprint)
    found = desk.customers(customers)
    leaving = {facts.id: gate(found, desk.labels(facts)[0], facts.segments) for facts in made}
    registry = desk.registry(run)
    exporter = registry.exporter(ASSIGNMENTS)
    wanted = Wanted(
        exporter, validate_params(exporter, {"form": form}), registry.catalogue.exporter(ASSIGNMENTS).identity
    )
    delivery = Delivery(
        project,
        tuple(segmentation_of(run, facts) for facts in made),
        {name: one.assignments for name, one in leaving.items()},
        (),
    )
    models = [_model(facts) for facts in made] + [_rejects(run, facts) for facts in sources if facts.rejected]
    manifest = _manifest(project, seed, sources, customers, made, leaving)
    paths = [facts.path for facts in sources]
    delivered = deliver(delivery, [wanted], models, manifest, folder, run, overwrite=overwrite, sources=paths)
    return tuple(DeliveredFile(one.path, one.size) for one in delivered)


def _model(facts: SegmentationFacts) -> Callable[[Path], Path]:
    def copy(folder: Path) -> Path:
        return Path(shutil.copyfile(facts.model, folder / f"{file_name(facts.id)}.segmodel"))

    return copy


def _rejects(run: JobRun, facts: SourceFacts) -> Callable[[Path], Path]:
    """The list of rows that could not be read: their numbers and why, no values."""

    def copy(folder: Path) -> Path:
        name = rejects_name(facts.path)
        return Path(shutil.copyfile(run.folder / name, folder / file_name(name)))

    return copy


def _manifest(
    project: str,
    seed: int,
    sources: tuple[SourceFacts, ...],
    customers: CustomersFacts,
    made: tuple[SegmentationFacts, ...],
    leaving: dict[str, Leaving],
) -> Manifest:
    return Manifest(
        project=project,
        seed=seed,
        as_of=customers.as_of.isoformat() if customers.as_of else None,
        inputs=[_input(facts) for facts in sources],
        account=_account(customers.account),
        steps=[asdict(step) for step in customers.steps],
        segmentations=[_entry(facts) for facts in made],
        privacy={name: one.facts() for name, one in leaving.items()},
        notes=list(customers.notes),
    )


def _input(facts: SourceFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "file": facts.path.name,
        "bytes": facts.fingerprint.size,
        "sha256": facts.fingerprint.sha256,
        "rows": facts.rows,
        "rejected": facts.rejected,
    }


def _account(account: Account) -> dict[str, Any]:
    dropped = [{"reason": count.text, "rows": count.rows} for count in account.dropped]
    return {"what": account.what, "total": account.total, "used": account.used, "dropped": dropped}


def _entry(facts: SegmentationFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "method": facts.method,
        "plugin": facts.plugin,
        "revision": facts.revision,
        "params": dict(facts.params),
        "feature_set": facts.feature_set,
        "seed": facts.seed,
        "after": list(facts.after),
        "fingerprint": facts.fingerprint,
        "segments": [asdict(segment) for segment in facts.segments],
        "account": _account(facts.account),
        "notes": list(facts.notes),
    }
