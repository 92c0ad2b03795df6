"""Each rule of a Report, broken once: the error names the plugin, the block and the rule, and quotes no value."""

from __future__ import annotations

import pytest
from small_analyses import BROKEN, PLUGIN, REPORTS, SOUND, Faulty, some_view

from segtui.analyse.analyse import analyse
from segtui.api import ContractError, QuietRun
from segtui.api.codec import encode


@pytest.mark.parametrize("fault", [*BROKEN, *REPORTS])
def test_a_broken_rule_is_named_with_its_plugin(fault: str) -> None:
    with pytest.raises(ContractError) as caught:
        analyse(Faulty(), some_view(), {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert caught.value.where == PLUGIN
    assert {**BROKEN, **REPORTS}[fault][1] in caught.value.what
    assert len(caught.value.what) < 400


@pytest.mark.parametrize("block", SOUND)
def test_sound_blocks_pass_unchanged(block: str) -> None:
    report = analyse(Faulty(), some_view(), {"fault": block}, QuietRun(), plugin=PLUGIN)
    assert encode(report.blocks[0]) == encode(SOUND[block])


def test_the_block_is_named_by_its_place_and_kind() -> None:
    with pytest.raises(ContractError, match=r"\(block 1, a Flow\)"):
        analyse(Faulty(), some_view(), {"fault": "flow short of counts"}, QuietRun(), plugin=PLUGIN)
