"""The comment: a review as Markdown that fits into a pull request's comment, cut with counts where it must be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from vapi_sms.cli.review.rendering import render, render_text
from vapi_sms.cli.review.review import Review
from vapi_sms.cli.review.rows import View
from vapi_sms.cli.review.tables import Limits

MOST = 65_000
"""Characters; GitHub takes 65,536."""
_MOST_OF_TEXT = 20_000
_SIZES = (8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1)


def _limits(view: View, size: int) -> Limits:
    return Limits(
        view, rows=size, numbers=max(size // 4, 5), lines=max(size // 8, 5), longest=min(max(size, 200), 1000)
    )


# First the numbers share rows, then less is shown.
_LIMITS = (*(_limits(view, MOST) for view in View), *(_limits(View.GOAL, size) for size in _SIZES))


def comment(review: Review) -> str:
    """Give the comment: the whole review where there is room, then as much of the engine's text as still fits."""
    body = next(
        text for limits in _LIMITS if len(text := render(review, limits)) <= MOST or limits is _LIMITS[-1]
    )
    return body + _text(review.text, min(_MOST_OF_TEXT, MOST - len(body)))


def _text(lines: Sequence[str], room: int) -> str:
    """Give as many lines of the engine's text as there is room for, in characters."""

    def folded(kept: int) -> str:
        left_out = len(lines) - kept
        return (
            f"\n{render_text([*lines[:kept], *([f'… and {left_out:,} more lines'] if left_out else [])])}\n"
        )

    kept = bisect_right(range(len(lines) + 1), room, key=lambda kept: len(folded(kept))) - 1
    return folded(kept) if kept > 0 else ""
