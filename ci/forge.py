"""What the pipeline asks of a forge (GitHub or GitLab) and tells it: one comment, approvals, a request for merging.

    forge.py previous FILE    the bot's comment on the request as it is now; no file where there is none
    forge.py post FILE        edit that comment, or write it; nothing where the file is empty
    forge.py approvals FILE   what was approved, as `plantproof diff --approvals` reads it
    forge.py request BRANCH BASE TITLE FILE    open a request for merging, unless one is open

Environment: PLANTPROOF_FORGE (github, gitlab), PLANTPROOF_TOKEN, PLANTPROOF_REQUEST (its number); of GitHub
GITHUB_API_URL and GITHUB_REPOSITORY, and PLANTPROOF_BOT (the login that comments, github-actions[bot]); of GitLab
CI_API_V4_URL and CI_PROJECT_ID. Exit codes: 0 done; 2 not done, with the reason. Needs nothing but Python.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MARKER = "<!-- plantproof:diff -->"
MOST_PAGES = 200
MOST_BYTES = 32 * 1024 * 1024


class ForgeError(Exception):
    """The forge did not do what was asked, or what was asked makes no sense."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """Nowhere: the token is for this address only."""


class Forge(ABC):
    """The API of a forge: what is the same for both, and what each must answer."""

    def __init__(self, api: str, headers: dict[str, str]) -> None:
        if not re.fullmatch(r"https?://\S+", api):
            raise ForgeError("the address of the forge's API is missing from the environment")
        self._api, self._headers = api.rstrip("/"), headers
        context = ssl.create_default_context()
        if own := os.environ.get("CI_SERVER_TLS_CA_FILE"):
            context.load_verify_locations(own)
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the forge answers. Raises ForgeError for anything but success."""
        return self._call(method, f"{self._api}/{path}", body)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Every item of a list, page after page, as the forge links them."""
        address = f"{self._api}/{path}{'&' if '?' in path else '?'}per_page=100"
        for _ in range(MOST_PAGES):
            items, link = self._call("GET", address, None)
            if not isinstance(items, list):
                raise ForgeError(f"{path} is no list")
            yield from items
            following = re.search(r'<([^>]+)>;\s*rel="next"', link)
            if not following:
                return
            address = following[1]
            if not address.startswith(f"{self._api}/"):
                raise ForgeError(f"the next page of {path} is elsewhere: the token does not go there")
        raise ForgeError(f"{path} has more than {MOST_PAGES} pages")

    def _call(self, method: str, address: str, body: dict[str, Any] | None) -> tuple[Any, str]:
        data = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, "User-Agent": "plantproof", "Content-Type": "application/json"}
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310  http(s) only, see __init__
        what = f"{method} {urllib.parse.urlsplit(address).path}"
        try:
            with self._opener.open(request, timeout=60) as answer:
                text = answer.read(MOST_BYTES + 1)
                if len(text) > MOST_BYTES:
                    raise ForgeError(f"{what}: the answer is too long")
                return json.loads(text) if text else None, answer.headers.get("Link", "")
        except urllib.error.HTTPError as error:
            hint = "; may the token do that?" if error.code in (401, 403, 404) else ""
            raise ForgeError(f"{what}: {error.code} {error.reason}{hint}") from None
        except (OSError, ValueError) as error:
            raise ForgeError(f"{what}: {error}") from None

    @abstractmethod
    def comments(self) -> list[tuple[int, str]]:
        """The bot's own comments that begin with the marker, oldest first: anybody can write such a one."""

    @abstractmethod
    def write(self, text: str) -> None:
        """Add a comment."""

    @abstractmethod
    def edit(self, comment: int, text: str) -> None:
        """Replace the text of a comment."""

    @abstractmethod
    def delete(self, comment: int) -> None:
        """Take a comment away."""

    @abstractmethod
    def approvals(self) -> dict[str, Any]:
        """What was approved, with what binds it to a commit."""

    @abstractmethod
    def request(self, branch: str, base: str, title: str, text: str) -> str:
        """Open a request for merging, or bring the open one up to date; its address."""


class GitHub(Forge):
    """GitHub's REST API."""

    def __init__(self) -> None:
        super().__init__(
            os.environ.get("GITHUB_API_URL", ""),
            {"Authorization": f"Bearer {_token()}", "Accept": "application/vnd.github+json"},
        )
        self._bot = os.environ.get("PLANTPROOF_BOT") or "github-actions[bot]"
        self._repository = os.environ.get("GITHUB_REPOSITORY", "")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self._repository):
            raise ForgeError("GITHUB_REPOSITORY names no repository")
        self._path = f"repos/{self._repository}"

    def comments(self) -> list[tuple[int, str]]:
        found = self.pages(f"{self._path}/issues/{_number()}/comments")
        return sorted((each["id"], each["body"]) for each in found if self._own(each))

    def _own(self, comment: dict[str, Any]) -> bool:
        author = (comment.get("user") or {}).get("login")
        return author == self._bot and (comment.get("body") or "").startswith(MARKER)

    def write(self, text: str) -> None:
        self.call("POST", f"{self._path}/issues/{_number()}/comments", {"body": text})

    def edit(self, comment: int, text: str) -> None:
        self.call("PATCH", f"{self._path}/issues/comments/{comment}", {"body": text})

    def delete(self, comment: int) -> None:
        self.call("DELETE", f"{self._path}/issues/comments/{comment}")

    def approvals(self) -> dict[str, Any]:
        path = f"{self._path}/pulls/{_number()}"
        return {"pull_request": self.call("GET", path), "reviews": list(self.pages(f"{path}/reviews"))}

    def request(self, branch: str, base: str, title: str, text: str) -> str:
        owner = self._repository.partition("/")[0]
        query = urllib.parse.urlencode({"state": "open", "head": f"{owner}:{branch}", "base": base})
        there = next(self.pages(f"{self._path}/pulls?{query}"), None)
        if there:
            done = self.call("PATCH", f"{self._path}/pulls/{there['number']}", {"body": text})
        else:
            body = {"title": title, "head": branch, "base": base, "body": text}
            done = self.call("POST", f"{self._path}/pulls", body)
        return str(done["html_url"])


class GitLab(Forge):
    """GitLab's REST API, version 4."""

    def __init__(self) -> None:
        super().__init__(os.environ.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": _token()})
        # The request of a fork belongs to the project into which it goes.
        project = os.environ.get("CI_MERGE_REQUEST_PROJECT_ID") or os.environ.get("CI_PROJECT_ID", "")
        if not project.isdecimal():
            raise ForgeError("CI_PROJECT_ID names no project")
        self._path = f"projects/{project}"

    @property
    def _notes(self) -> str:
        return f"{self._path}/merge_requests/{_number()}/notes"

    def comments(self) -> list[tuple[int, str]]:
        me = self.call("GET", "user")["id"]
        found = self.pages(f"{self._notes}?sort=asc&order_by=created_at")
        own = (each for each in found if not each.get("system") and each["author"]["id"] == me)
        return sorted((each["id"], each["body"]) for each in own if each["body"].startswith(MARKER))

    def write(self, text: str) -> None:
        self.call("POST", self._notes, {"body": text})

    def edit(self, comment: int, text: str) -> None:
        self.call("PUT", f"{self._notes}/{comment}", {"body": text})

    def delete(self, comment: int) -> None:
        self.call("DELETE", f"{self._notes}/{comment}")

    def approvals(self) -> dict[str, Any]:
        path = f"{self._path}/merge_requests/{_number()}"
        return {
            "merge_request": self.call("GET", path),
            "approvals": self.call("GET", f"{path}/approvals"),
            "versions": list(self.pages(f"{path}/versions")),
        }

    def request(self, branch: str, base: str, title: str, text: str) -> str:
        path = f"{self._path}/merge_requests"
        query = urllib.parse.urlencode({"state": "opened", "source_branch": branch, "target_branch": base})
        there = next(self.pages(f"{path}?{query}"), None)
        if there:
            done = self.call("PUT", f"{path}/{there['iid']}", {"description": text})
        else:
            body = {"title": title, "source_branch": branch, "target_branch": base, "description": text}
            done = self.call("POST", path, {**body, "remove_source_branch": True})
        return str(done["web_url"])


def _token() -> str:
    token = os.environ.get("PLANTPROOF_TOKEN", "").strip()
    if not token or not token.isprintable():
        raise ForgeError("PLANTPROOF_TOKEN holds no token")
    return token


def _number() -> int:
    number = os.environ.get("PLANTPROOF_REQUEST", "")
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise ForgeError("PLANTPROOF_REQUEST is no number of a request")
    return int(number)


def previous(forge: Forge, file: str) -> str:
    """Store the comment as it is now; no file where there is none."""
    Path(file).unlink(missing_ok=True)
    comments = forge.comments()
    if comments:
        Path(file).write_bytes(comments[0][1].encode())
    return f"{len(comments)} of our comments there"


def post(forge: Forge, file: str) -> str:
    """Edit the comment, or write it. Of several, which two runs at once can leave, the first stays."""
    text = Path(file).read_bytes().decode()
    comments = forge.comments()
    for comment, _ in comments[1:]:
        forge.delete(comment)
    if not text.strip():
        return "the comment stays as it is" if comments else "nothing to say"
    if not text.startswith(MARKER):
        raise ForgeError(f"{file} is no comment of `plantproof diff --format markdown`")
    if comments:
        forge.edit(comments[0][0], text)
        return "comment edited"
    forge.write(text)
    return "comment written"


def approvals(forge: Forge, file: str) -> str:
    """Store what was approved."""
    Path(file).write_text(json.dumps(forge.approvals(), indent=1, sort_keys=True), encoding="utf-8")
    return f"approvals in {file}"


def request(forge: Forge, branch: str, base: str, title: str, file: str) -> str:
    """Open a request for merging, or bring the open one up to date."""
    return f"request for merging: {forge.request(branch, base, title, Path(file).read_bytes().decode())}"


VERBS: dict[str, tuple[Callable[..., str] | None, int]] = {
    "previous": (previous, 1),
    "post": (post, 1),
    "approvals": (approvals, 1),
    "request": (request, 4),
}
FORGES = {"github": GitHub, "gitlab": GitLab}


def main(arguments: list[str]) -> int:
    """Do what the arguments say."""
    verb, count = VERBS.get(arguments[0] if arguments else "", (None, 0))
    if verb is None or len(arguments) != count + 1:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        kind = FORGES.get(os.environ.get("PLANTPROOF_FORGE", ""))
        if kind is None:
            raise ForgeError("PLANTPROOF_FORGE is neither github nor gitlab")
        sys.stderr.write(f"forge: {verb(kind(), *arguments[1:])}\n")
    except (ForgeError, KeyError, TypeError, AttributeError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"forge: {arguments[0]}: {type(error).__name__}: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
