"""A thousandth of what `make fuzz` tries, and that it would tell."""

from __future__ import annotations

from random import Random
from time import process_time

from tests.fuzz.cases import makers
from tests.fuzz.harness import MOST_SECONDS, Case, examine

SHARE = 1000


def test_whatever_comes_is_drawn_or_refused_in_words() -> None:
    refused = whole = 0
    with makers() as kinds:
        for name, (count, make) in kinds.items():
            report = examine(name, make, seed=1, count=count // SHARE)
            assert not report.failures, report.failures[0]
            refused, whole = refused + report.refused, whole + report.count
    assert 0 < refused < 0.9 * whole


def test_what_crashes_and_what_takes_long_is_told() -> None:
    def slow() -> None:
        end = process_time() + MOST_SECONDS
        while process_time() <= end:
            pass

    def broken() -> None:
        raise KeyError("x")

    def make(chance: Random) -> Case:
        return chance.choice([Case("slow", slow), Case("broken", broken), Case("well", lambda: None)])

    failures = examine("toys", make, seed=0, count=8).failures
    assert any("slow\ntook" in failure for failure in failures)
    assert any("broken\nTraceback" in failure and "KeyError: 'x'" in failure for failure in failures)
    assert len(failures) < 8
