"""What the manifest of a delivery says: inputs, account, steps, how each segmentation was made, what left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from segtui.api.files import LeavingSegmentation
from segtui.api.segmentation import Account
from segtui.export import LeavingRows, Manifest
from segtui.project.facts import SegmentationFacts, SourceFacts
from segtui.project.order import DeliveryOrder


def manifest_of(
    order: DeliveryOrder,
    made: Sequence[SegmentationFacts],
    rows: Mapping[str, LeavingRows],
    shown: Mapping[str, LeavingSegmentation],
    notes: Sequence[str],
) -> Manifest:
    """The manifest: `rows` says what left of each customer, `shown` which sizes; `notes` what else is to be said."""
    export, customers = order.parcel.export, order.customers
    return Manifest(
        project=order.parcel.title,
        brief=order.brief,
        chosen=order.parcel.chosen,
        seed=order.seed,
        as_of=customers.as_of.isoformat() if customers.as_of else None,
        inputs=[_input(facts) for facts in order.sources],
        account=_account(customers.account),
        customers_account=_account(customers.customers_account) if customers.customers_account else None,
        steps=[asdict(step) for step in customers.steps],
        segmentations=[_segmentation(facts, shown[facts.id]) for facts in made],
        reports=[entry.model_dump(mode="json") for entry in export.reports_on(order.parcel.segmentations)],
        privacy={name: one.facts() for name, one in rows.items()},
        threshold=export.threshold,
        rounding=export.rounding,
        notes=[*customers.notes, *notes],
    )


def _input(facts: SourceFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "file": facts.path.name,
        "bytes": facts.fingerprint.size,
        "sha256": facts.fingerprint.sha256,
        "rows": facts.rows,
        "rejected": facts.rejected,
        **({"reader": facts.reading.reader, "table": facts.reading.table} if facts.reading.reader else {}),
    }


def _account(account: Account) -> dict[str, Any]:
    dropped = [{"reason": count.text, "rows": count.rows} for count in account.dropped]
    return {"what": account.what, "total": account.total, "used": account.used, "dropped": dropped}


def _segmentation(facts: SegmentationFacts, shown: LeavingSegmentation) -> dict[str, Any]:
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
        "customers": shown.customers,
        "segments": [asdict(segment) for segment in shown.segments],
        "unassigned": shown.unassigned,
        "notes": list(facts.notes),
    }
