"""A method whose module loads a heavy library when it is imported."""

from __future__ import annotations

import scipy
from small_faults import Halves


class HeavyImport(Halves):
    id = "heavy_import"
    needed = scipy
