"""`make fuzz`: run all kinds of cases, say how many there were and which failed; failures leave with 1."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from time import process_time

from tests.fuzz.cases import makers
from tests.fuzz.harness import examine


def main() -> int:
    parser = ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="arguments; there are fewer of the other kinds")
    parser.add_argument("--seed", type=int, default=0, help="what the cases are made from")
    parser.add_argument("--only", help="a kind of cases")
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures.txt"), help="where failures are written")
    chosen = parser.parse_args()
    reports = []
    with makers() as kinds:
        most = max(count for count, _ in kinds.values())
        for name, (count, make) in kinds.items():
            if chosen.only in (None, name):
                start = process_time()
                report = examine(name, make, chosen.seed, max(1, count * chosen.count // most))
                reports.append(report)
                print(f"{report}; {process_time() - start:.0f} s", flush=True)
                print(f"  the slowest: {report.slowest_text[:300]}", flush=True)
    failures = [failure for report in reports for failure in report.failures]
    if failures:
        chosen.failures.write_text("\n\n".join(failures) + "\n", encoding="utf-8", errors="backslashreplace")
        print(f"{len(failures)} failures are in {chosen.failures}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
