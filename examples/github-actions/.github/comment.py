"""Write a file as a comment on a pull request; the comment of an earlier run, known by its first line, is edited.

comment.py PULL_REQUEST FILE, with GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN as GitHub's runners have them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

# Who comments with a workflow's token. Others may write our first line too, and keep what they wrote.
OURSELVES = "github-actions[bot]"
A_PAGE = 100


def main(pull_request: int, file: Path) -> None:
    """Edit our comment, or write one."""
    if not file.exists():
        sys.exit(f"{file} is missing: the step before says why")
    body = file.read_text(encoding="utf-8")
    marker = body.partition("\n")[0]
    for comment in comments(pull_request):
        if comment["user"]["login"] == OURSELVES and comment["body"].startswith(marker):
            ask("PATCH", f"issues/comments/{comment['id']}", {"body": body})
            return
    ask("POST", f"issues/{pull_request}/comments", {"body": body})


def comments(pull_request: int) -> Iterator[dict[str, Any]]:
    """Give all comments, page by page."""
    for page in count(1):
        found = ask("GET", f"issues/{pull_request}/comments?per_page={A_PAGE}&page={page}")
        yield from found
        if len(found) < A_PAGE:
            return


def ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:  # noqa: ANN401 JSON
    """Send one request to GitHub."""
    request = Request(  # noqa: S310 the runner says where GitHub is
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
        },
        method=method,
    )
    with urlopen(request, timeout=60) as answer:  # noqa: S310 the same
        return json.load(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
