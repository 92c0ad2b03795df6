"""What the words of a command mean."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from segtui.api.errors import UsageError
from segtui.cli import words
from segtui.prepare import Form


def test_a_day_is_written_one_way() -> None:
    assert words.day("2011-12-10") == date(2011, 12, 10)
    assert words.day(None) is None
    for wrong in ("31.12.2011", "2011-02-30", "yesterday"):
        with pytest.raises(UsageError, match="YYYY-MM-DD"):
            words.day(wrong)


def test_files_may_be_named_and_names_of_files_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a=b.csv").touch()
    found = words.named_files(["orders=x.csv", "a=b.csv", "y.csv", "no name=z.csv"])
    named = [("orders", "x.csv"), ("", "a=b.csv"), ("", "y.csv"), ("", "no name=z.csv")]
    assert found == [(name, Path(path)) for name, path in named]


def test_settings_are_toml_where_they_can_be(tmp_path: Path) -> None:
    table = tmp_path / "t.toml"
    table.write_text('[[rules]]\nname = "a"\nwhen = "x > 1"\n')
    given = ["k=4", "rfm.edge=rfm package", 'name="4"', "cuts=[1, 2.5]", f"rules=@{table}", "range=2..8"]
    assert words.settings(given, "rfm") == {
        "k": 4,
        "edge": "rfm package",
        "name": "4",
        "cuts": [1, 2.5],
        "rules": [{"name": "a", "when": "x > 1"}],
        "range": "2..8",
    }
    for wrong in ("edge", "=4", "kmeans.k=3", f"other=@{table}", "rules=@nowhere.toml"):
        with pytest.raises(UsageError):
            words.settings([wrong], "rfm")


def test_readings_are_for_the_file_or_a_column() -> None:
    found = words.reading(["delimiter=tab", "header=3", "tolerant=true", "Zip code.kind=identifier", "a.b.role=date"])
    assert found is not None
    assert (found.delimiter, found.header, found.tolerant) == ("\t", 3, True)
    assert {name: (column.kind, column.role) for name, column in found.columns.items()} == {
        "Zip code": ("identifier", None),
        "a.b": (None, "date"),
    }
    for wrong in ("delimiter", "colour=red", "a.kind=colour"):
        with pytest.raises(UsageError, match="--read"):
            words.reading([wrong])
    with pytest.raises(UsageError, match="knd can't be said of a column") as refused:
        words.reading(["a.knd=date"])
    assert refused.value.next_step == "Did you mean kind?"


def test_features_have_a_form() -> None:
    found = words.feature_set(["a", "b=log z", "c=d=as is"])
    assert found is not None
    assert found.columns == {"a": Form.Z, "b": Form.LOG_Z, "c=d": Form.AS_IS}
    assert words.feature_set([]) is None
    with pytest.raises(UsageError, match="form of a feature"):
        words.feature_set(["a=zz"])
