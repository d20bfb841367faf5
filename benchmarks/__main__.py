"""Run the benches and print their tables; exit 1 where a bound is broken."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.benches import BENCHES, FULL, QUICK, Size


def main(arguments: list[str]) -> int:
    """Run what was asked for."""
    asked = _parser().parse_args(arguments)
    tables = []
    for name in asked.only or BENCHES:
        tables.append(BENCHES[name](_size(asked)))
        print(tables[-1].plain(), flush=True, end="\n\n")  # noqa: T201 tables are what this is for
    if asked.markdown:
        asked.markdown.write_text("\n".join(table.markdown() for table in tables))
    return 1 if any(table.broken for table in tables) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer numbers: a minute or two")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument(
        "--numbers", type=int, action="append", help="measure with this many numbers (repeatable)"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables as Markdown too")
    return parser


def _size(asked: argparse.Namespace) -> Size:
    size = QUICK if asked.quick else FULL
    return replace(size, numbers=tuple(asked.numbers)) if asked.numbers else size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
