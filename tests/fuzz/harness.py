"""Cases are run one after the other; what crashes and what takes too long is kept, with what makes it again."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from time import process_time
from typing import Final, NamedTuple, NoReturn

from convgif.errors import ConvgifError

MOST_SECONDS: Final = 0.05
"""What a case may take, on the processor; a slow one is tried again, since memory is tidied up now and then."""
TRIES: Final = 3
HANGS: Final = 2.0
"""Seconds after which a case is stopped."""


class HangsError(BaseException):
    """A case did not end."""


def _stop(number: int, frame: object) -> NoReturn:
    raise HangsError


class Case(NamedTuple):
    """Something to do, and what it is in words that make it again."""

    text: str
    run: Callable[[], object]


@dataclass
class Report:
    """What became of the cases of one kind."""

    name: str
    seed: int
    count: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_text: str = ""
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.count:,} cases from seed {self.seed}, {self.refused:,} of them refused, "
            f"{len(self.failures)} failures; slowest {1000 * self.slowest:.1f} ms; "
            f"at most {peak_memory() / 1e6:,.0f} MB so far"
        )


def peak_memory() -> int:
    """The most bytes that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def cases_of(make: Callable[[Random], Case], seed: int, count: int) -> Iterable[Case]:
    """Each case has a seed of its own, so that one can be made without those before it."""
    return (make(Random(f"{seed}:{number}")) for number in range(count))


def examine(name: str, make: Callable[[Random], Case], seed: int, count: int) -> Report:
    """Run that many cases."""
    report = Report(name, seed)
    before = signal.signal(signal.SIGPROF, _stop)
    for number, case in enumerate(cases_of(make, seed, count)):
        report.count += 1
        seconds = _examined(report, f"{name} {seed}:{number}", case)
        if seconds > report.slowest:
            report.slowest, report.slowest_text = seconds, case.text
    signal.signal(signal.SIGPROF, before)
    return report


def _examined(report: Report, label: str, case: Case) -> float:
    """Run one case; how long it took at best."""
    best = float("inf")
    for attempt in range(TRIES):
        start = process_time()
        signal.setitimer(signal.ITIMER_PROF, HANGS)
        try:
            case.run()
        except ConvgifError:
            report.refused += attempt == 0
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            report.failures.append(f"{label}\n{case.text}\n{traceback.format_exc(limit=-6)}")
            return 0.0
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        best = min(best, process_time() - start)
        if best <= MOST_SECONDS:
            return best
    report.failures.append(f"{label}\n{case.text}\ntook {1000 * best:.0f} ms")
    return best
