"""The privacy gate, the manifest, and the call of the exporters: results become files, whole or not at all."""

from segtui.export.deliver import Delivered, Wanted, deliver, delivery_names
from segtui.export.gate import Choice, LeavingRows, check_choice, gate
from segtui.export.manifest import Manifest
from segtui.export.pseudonyms import load_or_make_key, pseudonymised
from segtui.export.suppression import LeavingSizes, Sized, Suppressed, suppressed, suppressed_delivery

__all__ = [
    "Choice",
    "Delivered",
    "LeavingRows",
    "LeavingSizes",
    "Manifest",
    "Sized",
    "Suppressed",
    "Wanted",
    "check_choice",
    "deliver",
    "delivery_names",
    "gate",
    "load_or_make_key",
    "pseudonymised",
    "suppressed",
    "suppressed_delivery",
]
