"""`vapi-sms sandbox` serves a seed until it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.command import COMMAND, QUICKSTART, vapi_sms
from tests.sandbox.page.feeding import Listener
from tests.waiting import until


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the quickstart's world, which needs no seed, on a free port; give the process and its address."""
    command: list[str | Path] = [COMMAND, "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        assert process.stdout.readline() == f"sandbox: the page is at {found[0]}/ (--open opens it)\n"
        yield process, found[0]
        process.kill()


def test_sandbox_serves_both_vendors_until_interrupted(served: tuple[subprocess.Popen[str], str]) -> None:
    """It says its address, answers as Vapi does, and Ctrl-C ends it without a word of complaint."""
    process, url = served

    listed = httpx.get(
        f"{url}/assistant", headers={"Authorization": "Bearer sandbox-vapi-key"}, trust_env=False
    )
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)

    assert {assistant["name"] for assistant in listed.json()} == {"Support", "Sales"}
    assert (process.returncode, rest) == (0, "")


def test_it_ends_while_somebody_looks_at_its_page(served: tuple[subprocess.Popen[str], str]) -> None:
    """Whoever listens is told, and Ctrl-C waits for nobody."""
    process, url = served

    with Listener(url) as listener:
        listener.next()
        process.send_signal(signal.SIGINT)
        with pytest.raises(StopIteration):
            listener.next()
        rest, _ = process.communicate(timeout=20)

    assert (process.returncode, rest) == (0, "")


def test_texts_and_writes_are_told_in_a_line_each(served: tuple[subprocess.Popen[str], str]) -> None:
    """Also what Vapi writes at Twilio, and what others do; readings are not told, and no secret is."""
    process, url = served
    vapi = {"Authorization": "Bearer sandbox-vapi-key"}
    account, number = "AC00000000000000000000000000000001", "+14155550101"
    token = "5a9db0c0000000000000000000000001"
    imported = {"provider": "twilio", "number": number, "twilioAccountSid": account, "twilioAuthToken": token}
    support = {"assistantId": "a5000000-0000-4000-8000-000000000001"}
    with httpx.Client(base_url=url, trust_env=False) as http:
        http.get("/assistant", headers=vapi)
        http.post("/phone-number", headers=vapi, json=imported | support)
        http.post("/_sandbox/texts", json={"from": "+12025550143", "to": number, "body": "Open\x1b[2J?"})
        edit = {"sms_url": "https://user:secret@new.example.com/sms?token=secret"}
        http.post("/_sandbox/outside/number", json={"number": number, "set": edit})
        http.post("/phone-number", json=imported)
        http.put("/phone-number", headers=vapi, json={})
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)

    writes, imports, text, edited, refused, unknown = said.splitlines()
    assert writes == (
        f"Vapi writes at Twilio, {number}: voice_url=https://api.vapi.ai/twilio/inbound_call, voice_method=POST, "
        "status_callback=https://api.vapi.ai/twilio/status, status_callback_method=POST, "
        "sms_url=https://api.vapi.ai/twilio/sms, sms_method=POST"
    )
    assert imports.startswith(f"Vapi POST /phone-number: provider=twilio, number={number}, ")
    assert imports.endswith("-> 201")
    assert text == (
        f'text +12025550143 -> {number} "Open [2J?": Vapi assistant Support, '
        '"This is Support (an AI assistant). You wrote: Open [2J?"'
    )
    assert edited == (
        f"somebody else, number: number={number}, set={{'sms_url': 'https://***@new.example.com/sms?token=***'}}"
    )
    assert refused.endswith("-> 401")
    assert unknown == "Vapi PUT /phone-number -> 400 (there is no PUT /phone-number)"
    assert token not in said
    assert "secret" not in said


def test_it_serves_on_when_nobody_reads_its_lines(served: tuple[subprocess.Popen[str], str]) -> None:
    """As in `vapi-sms sandbox | head -1`."""
    process, url = served
    assert process.stdout
    process.stdout.close()

    sent = {"from": "+12025550143", "to": "+14155550101", "body": "Open?"}
    answers = [httpx.post(f"{url}/_sandbox/texts", json=sent, trust_env=False) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_another_name_is_taken_and_told() -> None:
    """In a network of containers it is called by a name that is not loopback's."""
    command: list[str | Path] = [COMMAND, "sandbox", "--port", "0", "--host-name", "sandbox.test"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url, _, names = process.stdout.readline().split()[-4], *(process.stdout.readline() for _ in range(2))
        called = [
            httpx.get(f"{url}/_sandbox/state", headers={"host": host}, trust_env=False).status_code
            for host in ("sandbox.test:8787", "elsewhere.test")
        ]
        process.kill()

    expected = "sandbox: requests are taken for these hosts: 127.0.0.1, localhost, ::1, sandbox.test\n"
    assert (names, called) == (expected, [200, 403])


def test_the_page_is_opened_where_there_is_a_browser(tmp_path: Path) -> None:
    """With `--open`: what $BROWSER names is given the address; without windows, that there is none is said."""
    opened, script = tmp_path / "opened", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n')
    script.chmod(0o755)
    said = []
    for browser in ({"BROWSER": str(script)}, {}):
        plain = {name: os.environ[name] for name in ("HOME", "PATH")} | browser
        command: list[str | Path] = [COMMAND, "sandbox", "--port", "0", "--open"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=plain) as process:
            assert process.stdout
            said.append(process.stdout.readline().split()[-4])
            assert process.stdout.readline() == f"sandbox: the page is at {said[-1]}/\n"
            if browser:
                until(opened.exists)
            else:
                said.append(process.stdout.readline())
            process.kill()

    assert opened.read_text().strip() == said[0]
    assert said[2] == "sandbox: there is no browser here to open it in\n"


def test_taken_port_is_told() -> None:
    """A port that somebody else holds is one line, not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        failed = vapi_sms("sandbox", "--seed", QUICKSTART / "sandbox.yaml", "--port", str(port))

    assert failed.returncode == 1
    assert failed.stderr == (
        f"vapi-sms: cannot listen on 127.0.0.1:{port}: Address already in use "
        "(--port takes another one, 0 a free one)\n"
    )


def test_wrong_seed_is_told(tmp_path: Path) -> None:
    """A seed with a key that nobody knows is refused, with the key's name."""
    seed = tmp_path / "seed.yaml"
    seed.write_text("twilio: {acounts: []}\n")

    failed = vapi_sms("sandbox", "--seed", seed)

    assert failed.returncode == 1
    assert failed.stderr == (
        f"vapi-sms: {seed}, line 1: twilio.acounts is not known here, did you mean accounts? Known here: accounts\n"
    )
