"""The privacy gate, the manifest, and the call of the exporters: results become files, whole or not at all."""

from segtui.export.deliver import Delivered, deliver
from segtui.export.gate import Leaving, gate
from segtui.export.manifest import Manifest

__all__ = ["Delivered", "Leaving", "Manifest", "deliver", "gate"]
