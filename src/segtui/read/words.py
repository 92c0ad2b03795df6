"""The words for yes, no and missing values: English, German, French, Spanish and what programs write."""

from __future__ import annotations

import re

ALWAYS_NULL = frozenset(
    {"", "null", "#n/a", "n/a", "<na>", "nan", "#null!", "#value!", "#ref!", "#div/0!", "(null)", "\\n"}
)
"""What is missing in every column, in lower case."""
OFTEN_NULL = ALWAYS_NULL | {
    "na", "none", "nil", "missing", "unknown", "not available", "n.a.", "n. a.", "k.a.", "k. a.", "keine angabe",
    "inconnu", "desconocido", "s/d", "n/d", "nd", "tbd", "#", "?", "nat", "void",
}  # fmt: skip
"""What is missing in a column of numbers or dates, beside signs alone such as - or ****."""
SIGNS_ALONE = re.compile(r"[-–—.*?_x]{1,6}|\*+|-+")

YES_NO: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("yes",), ("no",)),
    (("y",), ("n",)),
    (("true",), ("false",)),
    (("t",), ("f",)),
    (("1",), ("0",)),
    (("1.0",), ("0.0",)),
    (("ja",), ("nein", "nee")),
    (("j",), ("n",)),
    (("oui",), ("non",)),
    (("o",), ("n",)),
    (("sí", "si"), ("no",)),
    (("s",), ("n",)),
    (("on",), ("off",)),
    (("wahr",), ("falsch",)),
    (("vrai",), ("faux",)),
    (("verdadero",), ("falso",)),
    (("da",), ("net",)),
)
