"""How far long work is: told late, seldom, and never of short work. Time stands still unless a test moves it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from vapi_sms.live.progress import Pace, Progress


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Give the time."""
        return self.seconds


def told(total: int, seconds_each: float, pace: Pace | None = None) -> list[tuple[float, int]]:
    """Do `total` things one after the other; give when, and at how many, something was told."""
    clock, lines = Clock(), list[tuple[float, int]]()
    started = clock()
    progress = Progress(
        total, lambda so_far: lines.append((round(clock() - started, 3), so_far.done)), pace, clock
    )
    for _ in range(total):
        clock.seconds += seconds_each
        progress.count()
    assert progress.done == total
    return lines


def test_short_work_is_not_told_of() -> None:
    """What is done within a second speaks by its result, and so does the end of any work."""
    assert told(1000, 0.0009) == []
    assert told(1, 60.0) == []
    assert told(0, 1.0) == []


def test_the_first_line_comes_after_a_second_then_every_three() -> None:
    """5,000 numbers in 10 s are three lines."""
    assert told(5000, 1 / 512) == [(1.0, 512), (4.0, 2048), (7.0, 3584)]


def test_long_work_is_twenty_lines() -> None:
    """5,000 numbers in five minutes: a line each twentieth, not a hundred for somebody's log."""
    assert [done for _, done in told(5000, 1 / 16)] == [16 + 250 * n for n in range(20)]


def test_work_that_hardly_moves_is_told_of_every_half_minute() -> None:
    """10,000 numbers at one in 5 s: people see that it still goes on."""
    assert told(10_000, 5.0)[:4] == [(5.0, 1), (35.0, 7), (65.0, 13), (95.0, 19)]


def test_the_pace_is_for_who_shows_it_to_choose() -> None:
    """A bar on a terminal moves with all that is done."""
    assert told(4, 0.5, Pace(first=0, every=0, share=0)) == [(0.5, 1), (1.0, 2), (1.5, 3)]


def test_failures_are_counted_beside() -> None:
    """What failed is done, too, and named as such."""
    clock = Clock()
    seen: list[tuple[int, int, int]] = []
    progress = Progress(
        3, lambda so_far: seen.append((so_far.done, so_far.failed, so_far.total)), Pace(0, 0, 0), clock
    )

    progress.count()
    progress.count(failed=True)

    assert seen == [(1, 0, 3), (2, 1, 3)]


def test_many_threads_count_together() -> None:
    """No count is lost, and no two threads tell of the same moment."""
    clock, lines = Clock(), list[int]()
    progress = Progress(2000, lambda so_far: lines.append(so_far.done), now=clock)
    clock.seconds += 2

    with ThreadPoolExecutor(8) as pool:
        for _ in range(2000):
            pool.submit(progress.count)

    assert progress.done == 2000
    assert len(lines) == 1
