"""The privacy gate, the manifest, and the call of the exporters: results become files, whole or not at all."""

from segtui.export.deliver import Delivered, deliver
from segtui.export.gate import Leaving, gate
from segtui.export.manifest import Manifest
from segtui.export.pseudonyms import load_or_make_key, pseudonymised
from segtui.export.suppression import suppressed

__all__ = ["Delivered", "Leaving", "Manifest", "deliver", "gate", "load_or_make_key", "pseudonymised", "suppressed"]
