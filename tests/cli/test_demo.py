"""The demo tells its story to the end, and stops where it is not as told."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from vapi_sms.cli.demo.engine import Engine

from tests.cli.command import QUICKSTART, REPOSITORY, vapi_sms
from tests.engine.project import engine, is_alive, processes
from tests.waiting import until

# Not beside those who type commands in the quickstart: what they leave there meanwhile is none of the demo's.
pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("quickstart")]


def sabotaged(folder: Path, name: str, before: str, after: str) -> Path:
    """Copy the quickstart with one thing changed."""
    copy = folder / "quickstart"
    shutil.copytree(QUICKSTART, copy)
    file = copy / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    return copy


def told(picture: Path) -> str:
    """Give the text of a picture."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", picture.read_text())
    return html.unescape(" ".join(texts)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.slow
def test_two_demos_at_once_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both run to their last line, save their picture, and leave nothing behind."""
    left, pictures = tmp_path / "left", [tmp_path / "1.svg", tmp_path / "2.svg"]
    left.mkdir()
    monkeypatch.setenv("TMPDIR", str(left))
    before = sorted(QUICKSTART.iterdir())

    running = [
        subprocess.Popen(
            [REPOSITORY / "script/demo", "--record", picture],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for picture in pictures
    ]
    stories = [process.communicate() for process in running]

    for process, (story, trouble), picture in zip(running, stories, pictures, strict=True):
        assert (process.returncode, trouble) == (0, ""), story
        assert story.rstrip().endswith("\nThe original routing is back, byte for byte.")
        assert "\x1b" not in story
        shown = told(picture)
        for part in (
            "Previewing update (demo)",
            "+ 3 to create",
            "This is Sales",
            "+ drift",
            "wave 1 of 2 (1 number) failed",
            "Each wave was proven",
            "byte for byte",
        ):
            assert part in story
            assert part in shown
    assert list(left.iterdir()) == []
    assert sorted(QUICKSTART.iterdir()) == before


@pytest.mark.slow
def test_somebody_goes_through_the_story_at_his_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps come to what they say; Enter runs what comes next, a word something else, and nothing stays behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with subprocess.Popen(
        [REPOSITORY / "script/demo", "--page"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        url = next(found[0] for each in process.stdout if (found := re.search(r"http://[\d.:]+", each)))
        shown = httpx.get(f"{url}/", trust_env=False)

        def answered_by() -> str:
            sent = {"from": "+12025550143", "to": "+14155550100", "body": "Open?"}
            answer = httpx.post(f"{url}/_sandbox/texts", json=sent, trust_env=False)
            return str(answer.json()["answered_by"])

        before = answered_by()
        process.stdin.write("preview\n")
        process.stdin.flush()
        page = next(found[0] for each in process.stdout if (found := re.search(r"file:///\S+", each)))
        drawn = Path(page.removeprefix("file://")).read_text()

        def enter(words: str, answers: str) -> None:
            assert process.stdin
            process.stdin.write(words)
            process.stdin.flush()
            until(lambda: answered_by() == answers)

        enter("\n", "Vapi assistant Support")
        enter("what?\n\n", "Vapi assistant Sales")
        edit = {"number": "+14155550100", "set": {"sms_url": "https://chatbot.example.com/inbound"}}
        httpx.post(f"{url}/_sandbox/outside/number", json=edit, trust_env=False)
        enter("\n\n", "Vapi assistant Sales")
        httpx.post(f"{url}/_sandbox/behaviour", json={"vapi_down": "error"}, trust_env=False)
        during = answered_by()
        httpx.post(f"{url}/_sandbox/behaviour", json={"vapi_down": "no"}, trust_env=False)
        enter("\n", before)
        told, _ = process.communicate("destroy\n")

    assert "Who answers?" in shown.text
    assert before.startswith("Webhook http://127.0.0.1:")
    assert process.returncode == 0
    assert "Vapi assistant Support" in drawn
    assert "Original: Webhook" in drawn
    assert during == before.replace("/sms", "/sms-fallback")
    assert [step for step in range(3, 8) if f" {step}. " not in told] == []
    assert "drift" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_what_was_started_ends_with_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: signal.Signals
) -> None:
    """A window that is closed, and a build that is ended: no old app and no folder stays behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with subprocess.Popen(
        [REPOSITORY / "script/demo", "--page"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        next(each for each in process.stdout if re.search(r"http://[\d.:]+", each))
        (old_app,) = [pid for pid, parent, _ in processes() if parent == process.pid]

        process.send_signal(ending)
        process.communicate()

    assert not is_alive(old_app)
    assert list(tmp_path.iterdir()) == []


def test_the_old_app_says_that_its_port_is_taken_and_ends_without_a_word() -> None:
    """One line and no traceback, however it ends."""
    with subprocess.Popen(
        [sys.executable, QUICKSTART / "old_app.py", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout
        port = app.stdout.readline().strip().rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, QUICKSTART / "old_app.py", port], capture_output=True, text=True, check=False
        )
        app.send_signal(signal.SIGINT)
        assert app.communicate() == ("", "")

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith(f"old app: port {port} cannot be had: ")
    assert second.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "before", "after", "complaint"),
    [
        (
            "old_app.py",
            "if not self.validator.validate(",
            "if False and (",
            "The app believes nobody but Twilio",
        ),
        ("old_app.py", '"TWILIO_AUTH_TOKEN", ""', '"NO_TOKEN", ""', "Webhook was to answer the text"),
        ("old_app.py", "import os\n", "import nothing\n", "the old app did not start: ModuleNotFoundError"),
        ("__main__.py", 'or "Support"', 'or "Nobody"', "pulumi preview failed with exit code"),
        ("__main__.py", 'or "Support"', 'or "Sales"', "Vapi assistant Support was to answer the text"),
        ("__main__.py", "=assistant)", '=assistant, voice="vapi")', "Calls are answered as before"),
        (
            "__main__.py",
            "=assistant)",
            '=assistant, restore_to="leave-at-vapi")',
            "Webhook was to answer the text",
        ),
        (
            "sandbox.yaml",
            "patch_rewrites_sms: false",
            "answers_non_us: true",
            "nobody was to answer the text",
        ),
        ("sandbox.yaml", "behaviour:", "behavior:", "behavior is not known here, did you mean behaviour?"),
    ],
)
def test_demo_stops_where_it_is_not_as_told(
    tmp_path: Path, name: str, before: str, after: str, complaint: str
) -> None:
    """Whatever is sabotaged, the demo ends with exit code 1 and says which claim does not hold."""
    project = sabotaged(tmp_path, name, before, after)

    failed = vapi_sms("demo", "--project", project, path=f"{engine()}:/usr/bin:/bin")

    assert failed.returncode == 1, failed.stdout
    assert failed.stderr.startswith("vapi-sms: ")
    assert complaint in failed.stderr
    assert "byte for byte" not in failed.stdout
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--project", "nowhere"], "there is no sandbox.yaml in nowhere"),
        (["--project", str(QUICKSTART), "--record", "nowhere/x.svg"], "there is no folder nowhere"),
        (["--project", str(QUICKSTART), "--record", "x.svg", "--page"], "leave out --page or --record"),
    ],
)
def test_demo_refuses_what_it_cannot_play(args: list[str], complaint: str) -> None:
    """A wrong folder is told at once, before anything is started."""
    failed = vapi_sms("demo", *args, path=str(engine()))

    assert (failed.returncode, failed.stdout) == (1, "")
    assert complaint in failed.stderr


def test_the_program_that_was_written_last_is_the_one_that_runs(tmp_path: Path) -> None:
    """Also where it is as long as the one before and of the same second, which is all that Python's cache knows."""
    engine = Engine(tmp_path, {})
    as_pulumi_does = (sys.executable, "-c", "import runpy; runpy.run_path('.', run_name='__main__')")
    for said in ("one", "two"):
        engine.declare(f'print("{said}")\n')
        os.utime(tmp_path / "__main__.py", (1, 1))
        ran = subprocess.run(as_pulumi_does, cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
        assert ran.stdout == f"{said}\n"
