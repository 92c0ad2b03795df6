"""Promises 49 to 53: what stands in a project, a model, a manifest, a log, and what leaves with each customer."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from command import Command

IDS = "IDCANARY"
TEXTS = ["TEXTCANARY", "Ann NAMECANARY", "mailcanary", "+49 30 7351951"]
NUMBER, DATE, PERSONAL = "41152.6231", "1987-03-14", "FIRSTCANARY"
COMMON, RARE, RARE_UNUSED = "COMMONLEVEL", "RARELEVEL", "UNUSEDLEVEL"
FORMS = ("csv", "parquet", "xlsx", "model", "report", "workbook", "markdown", "json")
ROWS, SOMEONE = 300, 101
"""So many customers; and one whose spend is no quartile, for the quartiles of a group are values of someone."""


def people(path: Path) -> Path:
    """Customers with a canary of each kind: in ids, texts, people's data, a number, a date, and rare categories."""
    columns: dict[str, list[object]] = {
        "customer": [f"{IDS}{row:04}" for row in range(ROWS)],
        "name": [f"{TEXTS[1]}{row}" for row in range(ROWS)],
        "email": [f"{TEXTS[2]}{row}@example.com" for row in range(ROWS)],
        "phone": [f"{TEXTS[3]}{row:03}" for row in range(ROWS)],
        "first_name": [PERSONAL if row % 50 == 7 else ["Ada", "Bert", "Cleo"][row % 3] for row in range(ROWS)],
        "note": [f"{TEXTS[0]} {row} wrote to us" for row in range(ROWS)],
        "joined": [DATE if row == 70 else f"19{60 + row % 50}-0{1 + row % 9}-11" for row in range(ROWS)],
        "spend": [NUMBER if row == SOMEONE else f"{row * 7919 % 99991}.{1000 + row}" for row in range(ROWS)],
        "visits": [row * 13 % 47 for row in range(ROWS)],
        "region": [RARE if row == 5 else [COMMON, "South", "East"][row % 3] for row in range(ROWS)],
        "shop": [RARE_UNUSED if row == 6 else ["Bonn", "Ulm"][row % 2] for row in range(ROWS)],
    }
    pl.DataFrame(columns, strict=False).write_csv(path)
    return path


@dataclass(frozen=True)
class Work:
    """A project on these people, run and exported in every form."""

    command: Command
    folder: Path

    def parts(self, *paths: Path) -> dict[str, bytes]:
        """The files by name, and what is packed in them."""
        found = {}
        for path in paths:
            found[path.name] = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    found |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
            if path.suffix == ".parquet":
                found[f"{path.name}/rows"] = pl.read_parquet(path).write_json().encode()
        return found

    def holding(self, word: str, *paths: Path) -> set[str]:
        """Which of them hold a word."""
        return {name for name, content in self.parts(*paths).items() if word.encode() in content}

    @property
    def project(self) -> Path:
        return self.folder / "people.segtui.toml"

    def delivered(self, folder: str, suffix: str = "") -> list[Path]:
        return sorted(self.folder.joinpath(folder).glob(f"*{suffix}"))


@pytest.fixture(scope="module")
def work(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """k-means on two numbers and a category, exported with ids in clear and with pseudonyms."""
    folder = tmp_path_factory.mktemp("work")
    command = Command(machine, folder)
    people(folder / "people.csv")
    words = ("segment", "people.csv", "-m", "kmeans", "-s", "k=3", "-f", "spend", "-f", "visits", "-f", "region")
    ended = command(*words, "--out", "segmented", "--save-project", "people.segtui.toml", "--json")
    assert ended.code == 0, ended.err
    (folder / "first.json").write_text(ended.out + ended.err)
    for forms, more in (("clear", ()), ("pseudonyms", ("--ids", "pseudonymised"))):
        every = [word for form in FORMS for word in ("--as", form)]
        ended = command("export", "people.segtui.toml", *every, *more, "--out", forms, "--json")
        assert ended.code == 0, ended.err
        (folder / f"{forms}.json").write_text(ended.out + ended.err)
    return Work(command, folder)


def test_values_stand_in_no_file_but_where_ids_belong(work: Work) -> None:
    every = [work.project, *work.folder.glob("*.json"), *work.delivered("segmented"), *work.delivered("clear")]
    assert len(every) > 10
    for word in (*TEXTS, NUMBER, DATE, PERSONAL):
        assert work.holding(word, *every) == set(), word
    reports = [path for path in every if path.name.startswith("people-")]
    assert work.holding(RARE_UNUSED, *set(every) - set(reports)) == {work.project.name}
    with_ids = {name.partition("/")[0] for name in work.holding(IDS, *every)}
    assert with_ids == {"kmeans.csv", "kmeans.parquet", "kmeans.xlsx"}


def test_nothing_is_left_beside_what_was_asked_for(work: Work) -> None:
    assert work.command.left() == []
    kept = [path for path in work.command.machine.rglob("*") if path.is_file()]
    for word in (IDS, *TEXTS, NUMBER, DATE, PERSONAL, COMMON, RARE, RARE_UNUSED):
        assert work.holding(word, *kept) == set(), word


def test_values_of_categories_stand_where_the_documentation_says(work: Work) -> None:
    """docs/privacy.md: all in the project, those that are read in the model, those that name segments in reports."""
    assert work.holding(COMMON, work.project) == work.holding(RARE, work.project) == {work.project.name}
    (model,) = work.delivered("clear", ".segmodel")
    assert work.holding(RARE, model) >= {"kmeans.segmodel/model.bin", "kmeans.segmodel/segmodel.json"}
    assert work.holding("Ulm", model) == set(), "a category that the model does not read"
    assert work.holding("Ulm", work.project) == {work.project.name}


def test_a_rare_value_is_at_most_named_in_a_report_and_nothing_is_said_of_it(work: Work) -> None:
    """docs/privacy.md: its name can stand beside figures that are hidden."""
    lines = (work.folder / "clear" / "people-report.md").read_text().splitlines()
    rows = [line for line in lines if RARE in line or RARE_UNUSED in line]
    assert rows
    for row in rows:
        assert not any(character.isdigit() for character in row), row


def test_replaying_gives_the_same_labels_with_the_values_that_are_kept(work: Work) -> None:
    ended = work.command("run", work.project.name, "--out", "again")
    assert ended.code == 0, ended.err
    first, again = (work.folder / name / "kmeans.csv" for name in ("segmented", "again"))
    assert first.read_bytes() == again.read_bytes()
    scored = work.command("score", "segmented/kmeans.segmodel", "people.csv")
    assert scored.out == first.read_text()


def test_a_model_holds_no_row(work: Work) -> None:
    (model,) = work.delivered("clear", ".segmodel")
    parts = work.parts(model)
    content = parts["kmeans.segmodel/model.bin"]
    table = pl.read_csv(work.folder / "people.csv")
    numbers = table["spend"].to_list()
    there = [number for number in numbers if struct.pack("<d", number) in content or f"{number}".encode() in content]
    assert there == []
    assert len(content) < 8 * ROWS, "there is no room for a number of each customer"
    metadata = json.loads(parts["kmeans.segmodel/segmodel.json"])
    assert metadata["keeps_customers"] is False
    assert all(set(segment) == {"code", "letter", "name", "rule", "description"} for segment in metadata["segments"])


KEEPS = """
from dataclasses import dataclass
from typing import ClassVar
import polars as pl
from segtui.api import Basis, Method, Model, Needs, Params, Segment, Uses, hookimpl

class No(Params):
    pass

@dataclass(frozen=True, eq=False)
class Kept(Model):
    segments: tuple[Segment, ...]
    uses: Uses
    who: tuple[str, ...]
    def assign(self, customers):
        return customers.frame["customer"].is_in(list(self.who)).cast(pl.Int32)

class Keeps(Method):
    id, title, summary, basis, revision = "keeps", "Keeps", "Keeps who it has seen.", Basis.A_PRIORI, 1
    needs: ClassVar[Needs] = Needs()
    Params, Model = No, Kept
    def fit(self, customers, params, run):
        who = tuple(customers.frame["customer"])
        uses = Uses(columns=("customer",), keeps_customers={declared})
        return Kept((Segment(0, "new"), Segment(1, "known")), uses, who)

@hookimpl
def segtui_methods():
    return [Keeps()]
"""


def test_a_model_that_keeps_customers_says_so_and_stays_here(work: Work) -> None:
    folder = work.folder / "plugins"
    folder.mkdir()
    words = ("segment", "people.csv", "-m", "keeps", "--plugin-dir", folder)
    (folder / "keeps.py").write_text(KEEPS.replace("{declared}", "False"))
    refused = work.command(*words, "--out", "kept")
    assert (refused.code, refused.out) == (4, "") and "keeps_customers" in refused.err
    assert IDS not in refused.err and not (work.folder / "kept").exists()
    (folder / "keeps.py").write_text(KEEPS.replace("{declared}", "True"))
    assert work.command(*words, "--save-project", "kept.segtui.toml").code == 0
    ended = work.command("export", "kept.segtui.toml", "--as", "csv", "--as", "model", "--out", "kept", *words[-2:])
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in work.delivered("kept")) == ["keeps.csv", "keeps.manifest.json"]
    assert "holds rows of customers and stays here" in (work.folder / "kept" / "keeps.manifest.json").read_text()


def test_ids_are_no_feature_unless_someone_says_so(work: Work) -> None:
    ended = work.command("segment", "people.csv", "-m", "kmeans", "-s", "k=2", "--save-project", "plain.segtui.toml")
    assert ended.code == 0, ended.err
    project = (work.folder / "plain.segtui.toml").read_text()
    chosen = project.partition(".columns]\n")[2] if "feature_sets.columns" in project else project
    (features,) = [line for line in ended.err.splitlines() if line.startswith("  features")]
    for name in ("customer", "name", "email", "phone", "first_name", "note"):
        assert f" {name} (" not in features
    assert " spend (" in features and chosen


def test_pseudonyms_leave_no_id_anywhere(work: Work) -> None:
    delivered = work.delivered("pseudonyms")
    assert work.holding(IDS, *delivered) == set()
    assert {path.suffix for path in delivered} >= {".csv", ".parquet", ".xlsx", ".html", ".md", ".json", ".segmodel"}
    ids = pl.read_csv(work.folder / "pseudonyms" / "kmeans.csv")["customer"]
    assert ids.n_unique() == ROWS and ids.str.contains("^c[0-9a-f]{32}$").all()
    assert ids.is_sorted(), "their order says nothing of the order of the file"
    manifest = json.loads((work.folder / "pseudonyms" / "kmeans.manifest.json").read_text())
    assert manifest["privacy"]["kmeans"]["ids"].startswith("pseudonymised")


def test_the_key_is_private_and_stays_here(work: Work) -> None:
    (key,) = work.folder.glob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    written = key.read_text().strip()
    assert work.holding(written, work.project, *work.delivered("pseudonyms")) == set()
    assert work.holding(written, *work.folder.glob("*.json")) == set()
    inside = work.command("export", work.project.name, "--as", "csv", "--ids", "pseudonymised", "--out", ".")
    assert inside.code == 2 and "would lie in the folder that leaves" in inside.err


def test_the_same_key_gives_the_same_pseudonyms_and_another_key_others(work: Work) -> None:
    words = ("export", work.project.name, "--as", "csv", "--ids", "pseudonymised")
    assert work.command(*words, "--out", "same").code == 0
    assert work.command(*words, "--out", "other", "--key", "other.key").code == 0
    first, same, other = ((work.folder / name / "kmeans.csv").read_text() for name in ("pseudonyms", "same", "other"))
    assert first == same
    found = [set(pl.read_csv(io.StringIO(text))["customer"]) for text in (first, other)]
    assert found[0] & found[1] == set()


def test_an_id_and_a_segment_leave_and_more_only_by_choice(work: Work) -> None:
    assert pl.read_csv(work.folder / "clear" / "kmeans.csv").columns == ["customer", "segment_code", "segment"]
    manifest = json.loads((work.folder / "clear" / "kmeans.manifest.json").read_text())["privacy"]["kmeans"]
    assert manifest["columns"] == ["customer", "segment_code", "segment"]
    assert set(manifest["personal_columns_held_back"]) == {"name", "email", "phone", "first_name"}
    words = ("export", work.project.name, "--as", "csv", "--out", "more")
    refused = work.command(*words, "--column", "email")
    assert (refused.code, refused.out) == (2, "") and "--personal" in refused.err
    assert not (work.folder / "more").exists()
    assert work.command(*words, "--column", "region", "--personal", "email").code == 0
    found = pl.read_csv(work.folder / "more" / "kmeans.csv")
    assert found.columns == ["customer", "segment_code", "segment", "region", "email"]
    told = json.loads((work.folder / "more" / "kmeans.manifest.json").read_text())["privacy"]["kmeans"]
    assert told["columns"] == found.columns
    assert told["personal_columns_chosen"] == ["email"]
    assert "email" not in told["personal_columns_held_back"]
