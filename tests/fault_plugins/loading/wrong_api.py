"""Was written for another border; were it run, it would say so on the terminal."""

SEGTUI_API = ">=2,<3"
__version__ = "7.1"

raise RuntimeError("this code must not run")
