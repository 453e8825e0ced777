"""The OPA client library, held to what we can vouch for: no proxies, no redirects, no silent repairs, bounded time.

Imported only when an OPA server is used: the library and what it imports take 0.4 s.
"""

from __future__ import annotations

from typing import Any

import msgspec
import requests
from opa_client.opa import OpaClient

LARGEST_ANSWER = 512 * 1024 * 1024


class ServerError(Exception):
    """The server cannot be used: unreachable, not OPA, or not answering as OPA does."""


class QueryFailed(Exception):  # noqa: N818  not an error of ours: what OPA says of a policy
    """OPA itself says that a query or module fails, with its own words."""


class TimedOut(ServerError):  # noqa: N818  a server error with a name of its own
    """No answer in time."""


class Session(OpaClient):  # type: ignore[misc]  # the library ships no types
    """One connection to an OPA server. Every answer is read by us, since the library drops OPA's own messages."""

    def _init_session(self) -> requests.Session:
        session: requests.Session = super()._init_session()
        for scheme in ("http://", "https://"):  # without the library's retries, which hide a time-out
            session.mount(scheme, requests.adapters.HTTPAdapter())
        session.trust_env = False  # neither proxies nor .netrc nor CA bundles of the environment
        return session

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        """One request to `/<path>` under the API root; the decoded JSON of its answer, None for an empty one.

        Raises `QueryFailed` with OPA's message, `ServerError` for whatever is not OPA.
        """
        headers = {"Content-Type": kind} if body is not None else {}
        try:
            response = self._session.request(
                method,
                f"{self.root_url}/{path}",
                data=body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.exceptions.Timeout as error:
            raise TimedOut(f"does not answer within {self.timeout:g} s") from error
        except requests.exceptions.SSLError as error:
            raise ServerError(f"its certificate is not accepted: {_short(error)}") from error
        except requests.exceptions.RequestException as error:
            raise ServerError(f"cannot be reached: {_short(error)}") from error
        return self._read(response)

    @staticmethod
    def _read(response: requests.Response) -> Any:
        status = response.status_code
        if 300 <= status < 400:
            raise ServerError(f"answers with a redirect ({status}), which is not followed")
        if status in (401, 403):
            raise ServerError(f"refuses access ({status}): check the token")
        if len(response.content) > LARGEST_ANSWER:
            raise ServerError("answers with more than 512 MB")
        try:
            value = msgspec.json.decode(response.content) if response.content else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ServerError(f"answers with something that is not JSON ({status})") from error
        if status in (200, 204):
            return value
        if isinstance(value, dict) and isinstance(value.get("code"), str) and isinstance(value.get("message"), str):
            raise QueryFailed(_message(value))
        raise ServerError(f"answers with status {status}")


def _message(value: dict[str, Any]) -> str:
    """OPA's message with the place and words of the first error behind it."""
    errors = value.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    place = first.get("location")
    where = f"{place.get('file')}:{place.get('row')}:{place.get('col')}: " if isinstance(place, dict) else ""
    return f"{where}{first.get('message', value['message'])}"


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def open_session(url: str, token: str | None, ca_file: str | None, timeout: float) -> Session:
    """A session for `scheme://host[:port][/prefix]`. Nothing is sent yet."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    session = Session(
        host=parts.hostname or "",
        port=parts.port or (443 if secure else 8181),
        ssl=(ca_file or True) if secure else False,
        token=token,
        retries=0,
        timeout=timeout,
    )
    host = f"[{session.host}]" if ":" in session.host else session.host
    session.root_url = f"{parts.scheme}://{host}:{session.port}{parts.path.rstrip('/')}/v1"
    return session
