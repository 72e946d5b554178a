"""The labelled sets of the benchmark stay at what they have reached."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "effects"


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCHMARK))
    spec = importlib.util.spec_from_file_location("effects_benchmark", BENCHMARK / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(BENCHMARK))


@pytest.mark.parametrize("name", ["dev", "adversarial", "lookalike"])
def test_the_sets_that_were_developed_on_are_right_to_the_last_target(bench, name: str) -> None:
    result = bench.score(bench.read_cases(name), bench.toolreg)
    assert result.wrong == []
    assert result.silent == []


@pytest.mark.parametrize("name", ["heldout", "heldout2", "heldout3", "heldout4", "heldout5"])
def test_the_held_out_sets_stay_above_the_bar(bench, name: str) -> None:
    result = bench.score(bench.read_cases(name), bench.toolreg)
    assert result.kinds.recall >= 0.98
    assert result.kinds.precision >= 0.95
    assert result.targets.recall >= 0.95
    assert result.targets.precision >= 0.9
    assert result.silent == []
