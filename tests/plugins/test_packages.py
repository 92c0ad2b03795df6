from __future__ import annotations

import importlib
import os
import subprocess
import sys
from itertools import chain

import pytest

PACKAGES = {
    "segtui_behaviour": ["rfm"],
    "segtui_clusters": ["kmeans"],
    "segtui_files": [],
    "segtui_rules": ["bands", "rules"],
}


@pytest.mark.parametrize(("package", "ids"), PACKAGES.items())
def test_each_package_brings_its_methods(package: str, ids: list[str]) -> None:
    hook = getattr(importlib.import_module(package), "segtui_methods", tuple)
    methods = list(hook())
    assert [method.id for method in methods] == ids
    for method in methods:
        assert method.title and method.summary and method.basis
        assert all(field.description for field in method.Params.model_fields.values())
        properties = method.Params.model_json_schema()["properties"]
        method.Params.model_validate({name: found["default"] for name, found in properties.items()})


def test_importing_them_is_light() -> None:
    code = f"import sys, {', '.join(PACKAGES)}; print(*sys.modules, sep='\\n')"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"sklearn", "scipy", "threadpoolctl", "textual", "typer", "pandas"}
    rooms = ("cli", "tui", "project", "read", "prepare", "segment", "analyse", "export", "worker", "plugins")
    assert not loaded & set(chain.from_iterable((f"segtui.{room}",) for room in rooms))
