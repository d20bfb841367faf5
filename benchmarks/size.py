"""How much a run measures."""

from __future__ import annotations

from dataclasses import dataclass

_MANY = 2000  # numbers that take long enough to be measured fewer times


@dataclass(frozen=True, slots=True)
class Often:
    """How many lives are lived, and how often each of their commands that changes nothing is done."""

    lives: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many numbers of each kind are measured, and how often."""

    singles: tuple[int, ...]  # declared one by one
    fleets: tuple[int, ...]  # declared as a fleet
    biggest: int  # one by one, in one big program
    slow: int  # in a fleet that meets slow vendors
    limits: tuple[
        tuple[float, int], ...
    ]  # requests a second that vendors take, and the fleet that meets them
    stacks: tuple[int, float, int]  # that many at once, requests a second that vendors take, numbers of each
    accounts: tuple[tuple[int, int], ...]  # numbers and Messaging Services of those that doctor examines
    short: Often  # where lives take seconds
    long: Often  # where they take longer
    imports: int  # runs of what takes milliseconds

    def often(self, numbers: int) -> Often:
        """Give how often a life of this many numbers is measured."""
        return self.long if numbers >= _MANY else self.short


FULL = Size(
    singles=(1, 100),
    fleets=(100, 1000, 5000),
    biggest=1000,
    slow=1000,
    limits=((10, 300), (50, 1500)),
    stacks=(4, 50, 400),
    accounts=((1000, 8), (5000, 40)),
    short=Often(lives=4, looks=4),
    long=Often(lives=3, looks=3),
    imports=7,
)
QUICK = Size(
    singles=(10,),
    fleets=(100,),
    biggest=100,
    slow=100,
    limits=((20, 200),),
    stacks=(2, 20, 100),
    accounts=((1000, 8),),
    short=Often(lives=1, looks=1),
    long=Often(lives=1, looks=1),
    imports=3,
)
