"""States its border in words."""

SEGTUI_API = "the newest, please"
