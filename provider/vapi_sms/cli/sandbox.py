"""`vapi-sms sandbox`: serve the stand-in for Twilio and Vapi until somebody presses Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path
from typing import Annotated

import typer

from vapi_sms.cli.browser import open_page
from vapi_sms.cli.printing import CannotPrint, say
from vapi_sms.cli.trouble import CannotGoOn, no_sandbox
from vapi_sms.core.inert import line


def sandbox(
    seed: Annotated[
        Path | None,
        typer.Option(
            help="What both vendors hold at the start (YAML; `vapi-sms schema seed` prints its schema). "
            "Left out: the quickstart's company."
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free port.")] = 8787,
    host: Annotated[str, typer.Option(help="Loopback, unless you know who else can reach it.")] = "127.0.0.1",
    host_name: Annotated[
        list[str] | None,
        typer.Option(help="A further name by which it is called, as in a network of containers; repeatable."),
    ] = None,
    *,
    opens: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve a stand-in for Twilio and Vapi on one port; nothing here reaches either of them."""
    try:
        from vapi_sms.sandbox import Names, SeedError, serve
    except ImportError:
        raise no_sandbox() from None
    names, world = Names.of(host, host_name or ()), {} if seed is None else {"seed": seed}

    def tell_address(url: str) -> None:
        say(line(f"sandbox: Twilio and Vapi are played at {url} (Ctrl-C stops it)"))
        say(line(f"sandbox: the page is at {url}/" + ("" if opens else " (--open opens it)")))
        if names != Names():
            say(line(f"sandbox: requests are taken for these hosts: {names.spoken()}"))
        if opens and not open_page(url):
            say(line("sandbox: there is no browser here to open it in"))

    try:
        with contextlib.suppress(KeyboardInterrupt):
            serve(**world, host=host, port=port, names=names, ready=tell_address, tell=_tell)
    except SeedError as wrong:
        raise CannotGoOn(*str(wrong).splitlines()) from None
    except OSError as taken:
        way_out = " (--port takes another one, 0 a free one)" if taken.errno == errno.EADDRINUSE else ""
        raise CannotGoOn(f"cannot listen on {host}:{port}: {taken.strerror}{way_out}") from None


def _tell(text: str) -> None:
    # Who piped this into `head` has read enough, and a log may be full; the sandbox serves on.
    with contextlib.suppress(BrokenPipeError, CannotPrint):
        say(line(text))
