"""The benches by name: each measures one thing and gives its table. Later ones join here."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import costs, native, processes, waiting
from benchmarks.doctor import doctor
from benchmarks.proving import proving
from benchmarks.rereading import rereading
from benchmarks.size import Size
from benchmarks.stacks import stacks
from benchmarks.tables import Table
from benchmarks.waves import waves

BENCHES: dict[str, Callable[[Size], Table]] = {
    "fleet": costs.fleet_time,
    "fleet-requests": costs.fleet_requests,
    "latency": waiting.latency,
    "limits": waiting.limits,
    "rereading": rereading,
    "stacks": stacks,
    "time": costs.single_time,
    "requests": costs.requests,
    "state": costs.state,
    "parts": costs.state_parts,
    "import": processes.import_time,
    "pickles": processes.pickles,
    "memory": processes.memory,
    "many": processes.many,
    "native": native.native,
    "start": native.start,
    "proving": proving,
    "waves": waves,
    "doctor": lambda size: doctor(size.accounts),
}
