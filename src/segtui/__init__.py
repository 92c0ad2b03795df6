"""Customer segmentation in the terminal, offline."""

from __future__ import annotations

__version__ = "0.1.0"
