"""Promise 31: exit codes as documented, data alone on stdout, everything else on stderr, never a question."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from command import FAULTS, Command, Shop

from segtui.api.errors import Exit


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("segment orders.csv", Exit.USAGE, "Missing option '--method'"),
        ("segment orders.csv -m rfm --surprise", Exit.USAGE, "No such option"),
        ("segment orders.csv -m rfm --set bin=3", Exit.USAGE, "bin"),
        ("segment orders.csv -m rmf", Exit.PLUGIN, "Did you mean rfm?"),
        ("segment orders.csv orders.csv -m rfm", Exit.USAGE, "other=orders.csv"),
        ("segment orders.csv -m kmeans --feature monetry", Exit.DATA, "Did you mean"),
        ("run nowhere.toml", Exit.USAGE, "no such project file"),
        ("score orders.csv orders.csv", Exit.DATA, "This model can't be used"),
        ("plugins kmeens", Exit.PLUGIN, "Did you mean kmeans?"),
    ],
)
def test_what_is_off_is_one_message_on_stderr(segtui: Command, orders: Path, words: str, code: Exit, said: str) -> None:
    assert orders.name == "orders.csv"
    ended = segtui(*words.split())
    assert (ended.code, ended.out) == (code, ""), ended.err
    assert said in ended.err
    assert "\x1b" not in ended.err
    assert ended.seconds < 20
    assert segtui.left() == []


def test_too_little_memory_is_a_limit(segtui: Command, orders: Path) -> None:
    ended = segtui("segment", orders, "-m", "runs_out_of_memory", "--plugin-dir", FAULTS / "fitting")
    assert (ended.code, ended.out) == (Exit.LIMIT, ""), ended.err


def test_a_table_and_nothing_else_is_printed(segtui: Command, orders: Path) -> None:
    ended = segtui("segment", orders.name, "-m", "rfm")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].split() == ["segment", "customers", "share", "recency", "frequency", "monetary"]
    assert lines[-1].split()[:2] == ["all", "30"]
    assert "\x1b" not in ended.out + ended.err
    assert "30 customers as of" in ended.err
    assert [path.name for path in segtui.folder.iterdir()] == ["orders.csv"], "without --out nothing is written"


def test_scores_go_to_stdout_as_csv(segtui: Command, shop: Shop) -> None:
    ended = segtui("score", shop.folder / "first" / "rfm.segmodel", shop.folder / "orders.parquet")
    assert ended.code == 0, ended.err
    rows = list(csv.reader(io.StringIO(ended.out)))
    assert rows[0] == ["customer", "segment_code", "segment"]
    assert len(rows) == 6022
    assert ended.out == (shop.folder / "first" / "rfm.csv").read_text(encoding="utf-8")
    assert "6,021 customers as of 2025-01-02, 6,021 in a segment" in ended.err


def test_a_closed_pipe_is_no_fault(segtui: Command, shop: Shop) -> None:
    program = segtui.start("score", shop.folder / "first" / "rfm.segmodel", shop.folder / "orders.parquet")
    assert program.stdout and program.stderr
    program.stdout.readline()
    program.stdout.close()
    errors = program.stderr.read()
    assert program.wait(30) == 0
    assert "Traceback" not in errors and "fault" not in errors and "BrokenPipe" not in errors, errors


def test_the_json_of_segment(shop: Shop) -> None:
    found = shop.ended.json
    types = {
        "project": str,
        "seed": int,
        "as_of": str,
        "sources": list,
        "steps": list,
        "account": dict,
        "customers_account": type(None),
        "customers": int,
        "segmentations": list,
        "files": list,
        "notes": list,
    }
    assert {name: type(value) for name, value in found.items()} == types
    (source,) = found["sources"]
    assert set(source) == {"name", "rows", "rejected", "sha256", "changed"}
    assert (source["rows"], source["rejected"], source["changed"]) == (206_661, 0, False)
    account = found["account"]
    assert account["total"] == account["used"] + sum(part["rows"] for part in account["dropped"])
    assert account["total"] == source["rows"] + source["rejected"]
    for step in found["steps"]:
        assert set(step) == {"step", "text", "table", "rows_in", "rows_out", "reason", "changed", "notes"}
    (made,) = found["segmentations"]
    assert set(made) >= {
        "id",
        "method",
        "plugin",
        "params",
        "feature_set",
        "fingerprint",
        "segments",
        "account",
        "notes",
    }
    assert made["plugin"] == "segtui:rfm:0.1.0"
    assert made["account"]["total"] == found["customers"] == 6_021
    assert made["account"]["used"] == sum(segment["size"] for segment in made["segments"])
    assert {"code", "letter", "name", "size", "rule", "description"} == set(made["segments"][0])
    sizes = {Path(file["path"]).name: file["bytes"] for file in found["files"]}
    assert sizes == {name: (shop.folder / "first" / name).stat().st_size for name in sizes}
    assert set(sizes) == {"rfm.csv", "rfm.segmodel", "rfm.manifest.json"}


def test_the_json_of_score_and_its_parquet(segtui: Command, shop: Shop) -> None:
    import polars as pl

    model, out = shop.folder / "first" / "rfm.segmodel", segtui.folder / "deep" / "labels.parquet"
    ended = segtui("score", model, f"orders={shop.folder / 'orders.parquet'}", "--out", out, "--json")
    found = ended.json
    assert set(found) == {
        "method",
        "as_of",
        "segments",
        "account",
        "customers_account",
        "steps",
        "notes",
        "file",
    }
    assert found["as_of"] == "2025-01-02"
    assert found["account"]["used"] == sum(segment["size"] for segment in found["segments"]) == 6_021
    scored = pl.read_parquet(out)
    assert scored.equals(pl.read_csv(shop.folder / "first" / "rfm.csv", schema_overrides=dict(scored.schema)))
    assert scored.schema == {"customer": pl.String, "segment_code": pl.Int32, "segment": pl.String}


def test_the_json_of_inspect(segtui: Command, orders: Path) -> None:
    (found,) = segtui("inspect", orders.name, "--json").json
    assert set(found) == {"name", "file", "sha256", "rows", "rejected", "grain", "reading", "columns", "findings"}
    assert (found["name"], found["file"], found["grain"]) == ("orders", "orders.csv", "one row per order")
    columns = {column["name"]: column for column in found["columns"]}
    assert list(columns) == ["order_id", "customer_id", "order_date", "amount", "country", "email"]
    roles = {name: column["role"] for name, column in columns.items() if column["role"]}
    assert roles == {
        "order_id": "order",
        "customer_id": "customer",
        "order_date": "date",
        "amount": "amount",
        "country": "country",
    }
    assert columns["customer_id"]["kind"] == "identifier", "it keeps its zeros"
    assert columns["email"]["personal"] == "e-mail"
    assert "smallest" not in columns["email"]
    assert columns["amount"]["smallest"] == 10.25
    for column in columns.values():
        assert {"name", "kind", "role", "reason", "personal", "sensitive", "missing", "distinct"} <= set(column)


def test_the_json_of_plugins(segtui: Command) -> None:
    found = segtui("plugins", "--json").json
    assert set(found) == {"plugins", "methods", "analyses", "readers", "exporters"}
    assert {"rfm", "kmeans", "rules", "bands"} <= {method["id"] for method in found["methods"]}
    assert all(plugin["state"] == "ok" for plugin in found["plugins"])
    one = segtui("plugins", "kmeans", "--json").json
    assert {kind: len(entries) for kind, entries in one.items() if entries} == {"methods": 1}
    assert one["methods"][0]["params"]["properties"]["k"]["default"] == "2..8"


def test_a_plugin_and_what_it_brings_are_both_shown_where_they_share_a_name(segtui: Command) -> None:
    folder = segtui.folder / "plugins"
    folder.mkdir()
    (folder / "halves.py").write_bytes((FAULTS / "sound" / "sound.py").read_bytes())
    ended = segtui("plugins", "halves", "--plugin-dir", folder)
    assert ended.code == 0, ended.err
    first, *rest = ended.out.splitlines()
    assert first.startswith("halves  1.2.3  from ")
    assert any(line.startswith("halves  Halves  (method, ") for line in rest)
    assert any(line.strip().startswith("share  a number from 0 to 1") for line in rest)
    assert "(exporter)" in segtui("plugins", "html").out


def test_a_new_file_that_is_written_another_way_is_read_as_one_says(segtui: Command, orders: Path) -> None:
    assert segtui("segment", orders.name, "-m", "rfm", "--out", "out", "--as", "csv", "--as", "model").code == 0
    header, *lines = orders.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    german = [";".join((*row[:3], row[3].replace(".", ","), *row[4:])) for row in rows]
    text = "\n".join((header.replace(",", ";"), *german)) + "\n"
    (segtui.folder / "german.csv").write_text(text, encoding="utf-8")
    words = ("score", "out/rfm.segmodel", "german.csv")
    assert segtui(*words).code != 0, "as the old file was read, it can't be"
    ended = segtui(*words, "--read", "delimiter=;", "--read", "decimal=,")
    assert ended.code == 0, ended.err
    assert ended.out == (segtui.folder / "out" / "rfm.csv").read_text(encoding="utf-8")
    wrong = segtui(*words, "--read", "delimiter")
    assert wrong.code == 2 and "--read" in wrong.err
