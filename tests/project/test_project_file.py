"""The project file: what is written is read again, comments stay, and what does not belong is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segtui.api.errors import ProjectError
from segtui.prepare import FeatureSet, Form, Recipe
from segtui.project import project_file
from segtui.project.document import Document, GivenName, SegmentationEntry, Source
from segtui.read import ColumnReading, Reading

SHOP = """\
segtui = 1
name = "shop"
seed = 7

# what the client sent in January
[[sources]]
name = "orders"
path = "data/orders.csv"

[sources.reading]
delimiter = ";"

[sources.reading.columns]
zip = {kind = "identifier"}  # keeps its zeros

[recipe]
as_of = 2024-12-31

[[recipe.steps]]
step = "keep"
table = "orders"
where = "amount > 0"

[[feature_sets]]
name = "behaviour"
columns = {recency = "z", monetary = "log z"}

[[segmentations]]
id = "rfm"
method = "rfm"
feature_set = "behaviour"
params = {preset = "ten segments"}

[segmentations.names]
1 = {name = "Best", description = "They buy often."}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shop.segtui.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_written_by_hand_is_read(tmp_path: Path) -> None:
    found = project_file.load(written(tmp_path, SHOP))
    assert (found.name, found.seed) == ("shop", 7)
    assert found.sources[0].reading is not None
    assert found.sources[0].reading.delimiter == ";"
    assert found.recipe is not None
    assert found.recipe.as_of == date(2024, 12, 31)
    assert found.feature_sets[0].columns == {"recency": Form.Z, "monetary": Form.LOG_Z}
    assert found.segmentations[0].given == {1: GivenName(name="Best", description="They buy often.")}


def test_comments_stay_and_only_what_changed_changes(tmp_path: Path) -> None:
    path = written(tmp_path, SHOP)
    document = project_file.load(path)
    project_file.save(document.replacing(seed=8), path)
    text = path.read_text(encoding="utf-8")
    assert text == SHOP.replace("seed = 7", "seed = 8")
    assert project_file.load(path).seed == 8


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    columns = {"a b": ColumnReading(kind="number", decimals=2), "ü'\"": ColumnReading(role="date", format="%d/%m/%Y")}
    document = Document(
        name="x",
        sources=(Source(name="a", path="a.csv", sha256="0" * 64, reading=Reading(delimiter="\t", columns=columns)),),
        recipe=Recipe.model_validate(
            {
                "steps": [
                    {"step": "fill", "table": "a", "column": "x", "value": 1.5},
                    {"step": "map", "table": "a", "column": "x", "values": {"a b": "c", "": "d"}},
                    {"step": "purchases", "table": "a", "customer": "c", "date": "d", "shares": [{"column": "ch"}]},
                ]
            }
        ),
        feature_sets=(FeatureSet(name="s", columns={"x y": Form.Z}),),
        segmentations=(
            SegmentationEntry(id="k", method="kmeans", params={"k": "2..8", "list": [{"a": 1}], "b": True}),
        ),
    )
    path = tmp_path / "p.segtui.toml"
    project_file.save(document, path)
    assert project_file.load(path) == document
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_chosen_segmentation_is_kept_and_followed(tmp_path: Path) -> None:
    path = written(tmp_path, SHOP)
    document = project_file.load(path)
    name = document.segmentations[0].id
    project_file.save(document.choosing(name), path)
    assert project_file.load(path).chosen == name
    chosen = document.choosing(name)
    assert chosen.with_id(name, "other").chosen == "other"
    assert chosen.without_segmentation(name).chosen is None
    assert chosen.choosing(name).chosen is None
    path = written(tmp_path, SHOP.replace("seed = 7", 'seed = 7\nchosen = "nobody"'))
    with pytest.raises(ProjectError, match="chosen names no segmentation"):
        project_file.load(path)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAMES,
    columns=st.dictionaries(NAMES, st.sampled_from(list(Form)), max_size=5),
    description=st.text(max_size=30),
)
def test_any_names_come_back(tmp_path: Path, name: str, columns: dict[str, Form], description: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in description):
        return
    entry = SegmentationEntry(id="k", method="m", names={"3": GivenName(name=name, description=description)})
    document = Document(name=name, feature_sets=(FeatureSet(name=name, columns=columns),), segmentations=(entry,))
    path = tmp_path / "p.segtui.toml"
    project_file.save(document, path)
    assert project_file.load(path) == document


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not say"),
        ("segtui = 'x'", "does not say"),
        ("segtui = 99", "newer segtui"),
        ("segtui = 0", "never existed"),
        ("segtui = 1\nsurprise = 2", "surprise is not one of its names"),
        ("segtui = 1\n[recipe]\nsteps = [{step = 'shell', table = 'a'}]", "recipe.steps"),
        ("segtui = 1\nseed = -1", "seed"),
        ("segtui = 1\n[[sources]]\nname='a'\npath='x'\n[[sources]]\nname='a'\npath='y'", "same name"),
        ("segtui = 1\nname = [[[[", "not valid TOML"),
        ("segtui = 1\n" + "a = " + "[" * 2000, "project"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        project_file.load(written(tmp_path, text))
    assert message in str(caught.value)


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.csv", "a/../../b.csv", "link/x.csv"])
def test_paths_out_of_the_folder_need_consent(tmp_path: Path, path: str) -> None:
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link").symlink_to(tmp_path)
    file = written(inside, f"segtui = 1\n[[sources]]\nname = 'a'\npath = '{path}'\n")
    with pytest.raises(ProjectError, match="outside the folder"):
        project_file.load(file)
    assert project_file.load(file, allow_outside=True).sources[0].path == path


@given(st.binary(max_size=300))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_project_error_or_a_project(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.segtui.toml"
    path.write_bytes(b"segtui = 1\n" + content)
    try:
        assert isinstance(project_file.load(path), Document)
    except ProjectError as error:
        assert error.where
