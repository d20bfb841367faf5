"""Run the benches and print their tables; exit 1 where a bound is broken."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from benchmarks.benches import BENCHES
from benchmarks.size import FULL, QUICK, Size


def main(arguments: list[str]) -> int:
    """Run what was asked for."""
    asked = _parser().parse_args(arguments)
    is_broken = False
    for name in asked.only or BENCHES:
        table = BENCHES[name](_size(asked))
        is_broken |= bool(table.broken)
        print(table.markdown() if asked.markdown else f"{table.plain()}\n", flush=True)  # noqa: T201 tables are what this is for
    return 1 if is_broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer numbers: a minute or two")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument(
        "--numbers", type=int, action="append", help="measure with this many numbers (repeatable)"
    )
    parser.add_argument("--markdown", action="store_true", help="print the tables as docs/ has them")
    return parser


def _size(asked: argparse.Namespace) -> Size:
    size = QUICK if asked.quick else FULL
    if not asked.numbers:
        return size
    numbers = tuple(asked.numbers)
    return replace(size, singles=numbers, fleets=numbers, slow=max(numbers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
