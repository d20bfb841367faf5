"""GitHub for tests: a repository with pull requests as refs, and the requests about comments on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.examples.workflows import EXAMPLE, run_step

GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


class Repository:
    """A repository on GitHub, as git sees it: a bare one with main, and a pull request from a fork."""

    def __init__(self, folder: Path) -> None:
        """Put the example on main."""
        self.origin, self.work = folder / "origin", folder / "work"
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), cwd=folder)
        self.git("clone", "--quiet", str(self.origin), str(self.work), cwd=folder)
        self.git("checkout", "--quiet", "-B", "main")
        self.commit("numbers: {+14155550100: Support, +14155550101: Support}\n")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *args: str, cwd: Path | None = None) -> str:
        """Run git."""
        done = subprocess.run([*GIT, *args], cwd=cwd or self.work, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, numbers: str) -> str:
        """Commit a numbers.yaml."""
        self.work.joinpath("numbers.yaml").write_text(numbers)
        self.git("add", "numbers.yaml")
        self.git("commit", "--quiet", "-m", "Change numbers")
        return self.git("rev-parse", "HEAD")

    def pull_request(self, number: int, numbers: str) -> str:
        """Open a pull request: GitHub keeps its head and its merge as refs. Return the head."""
        self.git("checkout", "--quiet", "-B", "theirs", "main~0")
        head = self.commit(numbers)
        self.git("checkout", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", "Merge", head)
        self.git(
            "push", "--quiet", "origin", f"{head}:refs/pull/{number}/head", f"HEAD:refs/pull/{number}/merge"
        )
        self.git("checkout", "--quiet", "main")
        return head

    def run(self, text: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step as GitHub does, in a fresh clone of main that has the example's scripts."""
        clone = self.work.with_name("clone")
        if not clone.exists():
            self.git("clone", "--quiet", "--depth=1", f"file://{self.origin}", str(clone))
            clone.joinpath(".github").symlink_to(EXAMPLE / ".github")
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        given = {"PATH": path, "RUNNER_TEMP": str(clone.parent), "HOME": str(clone.parent), **env}
        return run_step(text, clone, given)


class GitHub(ThreadingHTTPServer):
    """The four requests about comments that comment.py sends, on loopback."""

    def __init__(self, comments: list[dict[str, Any]]) -> None:
        """Hold comments of pull request 7."""
        super().__init__(("127.0.0.1", 0), Answer)
        self.comments = comments
        self.written: list[tuple[str, str]] = []


class Answer(BaseHTTPRequestHandler):
    """Answers as GitHub's documentation says."""

    server: GitHub

    def do_GET(self) -> None:
        """Give a page of comments."""
        url = urlsplit(self.path)
        assert url.path == "/repos/acme/numbers/issues/7/comments"
        page, size = (int(parse_qs(url.query)[name][0]) for name in ("page", "per_page"))
        self._answer(self.server.comments[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        """Write a comment."""
        self._write()

    def do_PATCH(self) -> None:
        """Edit a comment."""
        self._write()

    def _write(self) -> None:
        assert self.headers["Authorization"] == "Bearer the-job's-token"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.written.append((f"{self.command} {self.path}", body["body"]))
        self._answer({})

    def _answer(self, content: object) -> None:
        text = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
