"""A forge for tests, on the loopback: comments, approvals and requests for merging as the APIs of GitHub and GitLab
answer, with their pages."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-the-bot"
BOT = 7


class FakeForge:
    """What the forge holds, and what it was asked. A page holds `page` items, whatever the client wants."""

    def __init__(self, kind: str, page: int = 2) -> None:
        self.kind, self.page = kind, page
        self.comments: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.reviews: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.refuses: int = 0
        self.elsewhere = ""
        """An address to which the forge sends the client for the next page."""
        self.address = ""

    def comment(self, text: str, author: str = "bot") -> int:
        """A comment that is there already."""
        number = len(self.comments) + 100
        if self.kind == "github":
            login = "github-actions[bot]" if author == "bot" else author
            self.comments.append({"id": number, "body": text, "user": {"login": login}})
        else:
            self.comments.append({"id": number, "body": text, "author": {"id": BOT if author == "bot" else 8}})
        return number

    @property
    def bodies(self) -> list[str]:
        return [each["body"] for each in self.comments]

    @property
    def environment(self) -> dict[str, str]:
        """What a job's environment says of this forge."""
        named = {
            "github": {"GITHUB_API_URL": self.address, "GITHUB_REPOSITORY": "works/plant"},
            "gitlab": {"CI_API_V4_URL": self.address, "CI_PROJECT_ID": "5"},
        }
        return {
            **named[self.kind],
            "PLANTPROOF_FORGE": self.kind,
            "PLANTPROOF_TOKEN": TOKEN,
            "PLANTPROOF_REQUEST": "12",
        }

    def answer(self, method: str, path: str, body: Any) -> Any:
        """The items or the object that a call is about. Raises LookupError for what this forge does not have."""
        github = self.kind == "github"
        one, many = (r"/repos/works/plant/issues/comments/(\d+)", "/repos/works/plant/issues/12/comments")
        if not github:
            one, many = (r"/projects/5/merge_requests/12/notes/(\d+)", "/projects/5/merge_requests/12/notes")
        if found := re.fullmatch(one, path):
            return self._one(method, int(found[1]), body, "PATCH" if github else "PUT")
        if path == many:
            if method == "POST":
                return {"id": self.comment(body["body"])}
            return self.comments
        return self._rest(method, path, body, github)

    def _one(self, method: str, number: int, body: Any, edits: str) -> Any:
        place = next(index for index, each in enumerate(self.comments) if each["id"] == number)
        if method == "DELETE":
            del self.comments[place]
            return None
        if method != edits:
            raise LookupError(method)
        self.comments[place]["body"] = body["body"]
        return self.comments[place]

    def _rest(self, method: str, path: str, body: Any, github: bool) -> Any:
        simple = {
            "/user": {"id": BOT},
            "/repos/works/plant/pulls/12": {"number": 12},
            "/repos/works/plant/pulls/12/reviews": self.reviews,
            "/projects/5/merge_requests/12": {"iid": 12},
            "/projects/5/merge_requests/12/approvals": {"approved_by": []},
            "/projects/5/merge_requests/12/versions": self.reviews,
        }
        if path in simple:
            return simple[path]
        listed = "/repos/works/plant/pulls" if github else "/projects/5/merge_requests"
        if path == listed and method == "POST":
            self.requests.append({**body, "number": 13, "iid": 13, "html_url": "u", "web_url": "u"})
            return self.requests[-1]
        if path == listed:
            return self.requests
        if path == f"{listed}/13":
            self.requests[-1].update(body)
            return self.requests[-1]
        raise LookupError(path)


@contextmanager
def served(forge: FakeForge) -> Iterator[FakeForge]:
    """The forge, answering on a port of the loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            url = urlsplit(self.path)
            query = parse_qs(url.query)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            forge.asked.append((self.command, url.path))
            given = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            if given.removeprefix("Bearer ") != TOKEN:
                return self._send(401, {"message": "no"})
            if forge.refuses:
                return self._send(forge.refuses, {"message": "no"}, {"Location": forge.elsewhere or "/"})
            try:
                answer = forge.answer(self.command, url.path, body)
            except (LookupError, StopIteration):
                return self._send(404, {"message": "not found"})
            if not isinstance(answer, list):
                return self._send(200, answer)
            page = int(query.get("page", ["1"])[0])
            shown = answer[(page - 1) * forge.page : page * forge.page]
            more = {}
            if page * forge.page < len(answer):
                following = forge.elsewhere or f"{forge.address}{url.path}"
                more = {"Link": f'<{following}?page={page + 1}>; rel="next", <{following}?page=9>; rel="last"'}
            return self._send(200, shown, more)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815  names that http.server looks for

        def _send(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
            data = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: Any) -> None:
            """Nothing: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
