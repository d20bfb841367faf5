"""Births: components wait for their children, and the engine answers none that failed."""

from __future__ import annotations

import threading
from typing import Any

import grpc
from pulumi.runtime.proto import resource_pb2

from vapi_sms.core.errors import BadInput


class Births:
    """The children that components wait for: the engine answers no registration of what failed.

    This process is asked to check and to make them, so it knows first. The component then says so, before the engine
    ends everything, which would be told as a connection that closes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._awaited: dict[str, tuple[Any, threading.Event]] = {}

    def failed(self, urn: str) -> None:
        """Let the component that waits for this child, if one does, tell that it failed."""
        with self._lock:
            waiting, told = self._awaited.get(urn, (None, threading.Event()))
        if waiting is not None:
            waiting.cancel()
            told.wait(_TO_TELL)

    def over(self, told: threading.Event) -> None:
        """Take note that a component has its answer."""
        with self._lock:
            self._awaited = {urn: each for urn, each in self._awaited.items() if each[1] is not told}
        told.set()

    def born(self, urn: str, waiting: Any, told: threading.Event) -> resource_pb2.RegisterResourceResponse:  # noqa: ANN401 what grpc gives for a call that is under way
        """Wait for a child's registration; raises BadInput where it failed."""
        with self._lock:
            self._awaited[urn] = (waiting, told)
        try:
            answer: resource_pb2.RegisterResourceResponse = waiting.result()
        except grpc.FutureCancelledError:
            types, name = urn.split("::")[2:4]
            raise BadInput(name, f"{name}: what is told of its {types.rpartition(':')[2]} says why") from None
        return answer


_TO_TELL = 1.0  # seconds that an error of a child waits for that of its component
