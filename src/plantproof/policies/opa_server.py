"""An OPA server as engine: for plants that already run one, and as the reference of the semantics.

Modules are uploaded under a package of their own, read back and compared, and taken away afterwards. A server that is
down, wrong or answers nonsense is an `InputError` with the reason, never a verdict.
"""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plantproof.errors import refuse
from plantproof.model.vocabulary import Reason
from plantproof.policies.answers import NO_BOOLEAN, UNDEFINED, as_violations, failure
from plantproof.policies.driver import driver_modules
from plantproof.policies.protocol import NOT_APPLICABLE, Request, Verdict

if TYPE_CHECKING:
    from plantproof.policies.opa_client_session import Session

CHUNK = 1000
HINT = "is this OPA? try: opa run --server --addr 127.0.0.1:8181"


class OpaServerEngine:
    """Evaluates on the server at `url` (`http[s]://host[:port][/prefix]`).

    `token` is a bearer token, `ca_file` the CA that signed the server's certificate, `timeout` seconds a query. Raises
    `InputError` for an URL or CA file that cannot be used; the server is spoken to when first needed.
    """

    name = "opa"

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: Path | str | None = None, timeout: float = 30.0
    ) -> None:
        self._url = _checked(url, token)
        if ca_file is not None and not Path(ca_file).is_file():
            raise refuse(f"no CA file at {ca_file}", "a PEM file with the certificate that signed the server's")
        self._token = token
        self._ca_file = str(ca_file) if ca_file is not None else None
        self._timeout = timeout
        self._open: Session | None = None
        self._version = ""
        # Runs that share a server must not take each other's modules away. Never part of a result.
        self._root = f"plantproof_{secrets.token_hex(8)}"
        self._uploaded: list[str] = []

    @property
    def version(self) -> str:
        """The version that the server tells of itself, after showing that it evaluates what it is given."""
        return self._met()

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        """See `Engine.evaluate`. Raises `InputError` where the server cannot be used."""
        self._met()  # before the first verdict
        for number, request in enumerate(requests):
            with self._trouble():
                verdicts = self._judge(request, f"{self._root}_{number}") if request.inputs else []
            yield verdicts

    def close(self) -> None:
        """Take our modules away and end the connection. A server that is gone by now keeps nothing of importance."""
        from plantproof.policies.opa_client_session import QueryFailed, ServerError

        if self._open is not None:
            with contextlib.suppress(ServerError, QueryFailed):
                self._remove()
            self._open.close_connection()
            self._open = None

    def _met(self) -> str:
        if not self._version:
            with self._trouble():
                self._version = self._greet()
        return self._version

    @property
    def _session(self) -> Session:
        if self._open is None:
            from plantproof.policies.opa_client_session import open_session

            self._open = open_session(self._url, self._token, self._ca_file, self._timeout)
        return self._open

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        from plantproof.policies.opa_client_session import QueryFailed, ServerError

        try:
            yield
        except (ServerError, QueryFailed) as error:
            raise refuse(f"the OPA server at {self._url} {_sentence(error)}", HINT) from error

    def _greet(self) -> str:
        nonce = secrets.token_hex(8)
        source = f'package {self._root}\n\nanswer := {{"echo": input.nonce, "version": opa.runtime().version}}\n'
        self._upload("greeting.rego", source)
        answer = self._query(f"{self._root}/answer", b'{"nonce":"' + nonce.encode() + b'"}')
        self._remove()
        version = answer.get("version") if isinstance(answer, dict) else None
        if not isinstance(version, str) or answer.get("echo") != nonce or not version:
            raise refuse(f"the OPA server at {self._url} does not evaluate what it is given", HINT)
        return version

    def _judge(self, request: Request, prefix: str) -> list[Verdict]:
        from plantproof.policies.opa_client_session import QueryFailed, TimedOut

        sources = driver_modules(request, prefix)
        try:
            self._upload_all(sources)
        except QueryFailed as error:
            self._remove()
            return [failure(self._words(error, prefix))] * len(request.inputs)
        verdicts: list[Verdict] = []
        try:
            for start in range(0, len(request.inputs), CHUNK):
                verdicts += self._chunk(prefix, request.inputs[start : start + CHUNK])
        except TimedOut as error:
            # Is it the policy or the server? One that still evaluates something small within the time is not slow.
            self._remove()
            self._greet()
            return [failure(f"policy {request.policy.id}: {error}", Reason.LIMIT)] * len(request.inputs)
        self._remove()
        return verdicts

    def _upload_all(self, sources: dict[str, str]) -> None:
        """Upload modules that use each other: OPA wants the used ones first, so those that fail are tried again."""
        from plantproof.policies.opa_client_session import QueryFailed

        waiting = dict(sources)
        while waiting:
            refused: dict[str, QueryFailed] = {}
            for name in list(waiting):
                try:
                    self._upload(name, waiting[name])
                except QueryFailed as error:
                    refused[name] = error
                    continue
                del waiting[name]
            if len(refused) == len(sources):
                raise next(iter(refused.values()))
            sources = dict(waiting)

    def _chunk(self, prefix: str, inputs: list[bytes]) -> list[Verdict]:
        """A query over some inputs; where it fails, over the halves of them, until the subject is named."""
        from plantproof.policies.opa_client_session import QueryFailed

        try:
            answers = self._query(f"{prefix}/driver/answers", b'{"batch":[' + b",".join(inputs) + b"]}")
        except QueryFailed as error:
            if len(inputs) == 1:
                return [failure(self._words(error, prefix))]
            half = len(inputs) // 2
            return self._chunk(prefix, inputs[:half]) + self._chunk(prefix, inputs[half:])
        return self._read(answers, len(inputs))

    def _read(self, answers: Any, count: int) -> list[Verdict]:
        verdicts: list[Verdict] = []
        entries = answers if isinstance(answers, list) else []
        for index, entry in enumerate(entries):
            fits = isinstance(entry, list) and len(entry) == 3 and entry[0] == index and entry[0] is not True
            if not fits or not isinstance(entry[1], list) or not isinstance(entry[2], list):
                break
            applicable = entry[1][0] if entry[1] else False
            if applicable is False:
                verdicts.append(NOT_APPLICABLE)
            elif applicable is not True:
                verdicts.append(failure(NO_BOOLEAN))
            elif len(entry[2]) != 1:
                verdicts.append(failure(UNDEFINED))
            else:
                verdicts.append(as_violations(entry[2][0]))
        if len(verdicts) != count or len(entries) != count:
            raise refuse(f"the OPA server at {self._url} does not answer for every subject", HINT)
        return verdicts

    def _query(self, path: str, subject: bytes) -> Any:
        body = b'{"input":' + subject + b"}"
        answer = self._session.ask("POST", f"data/{path}?strict-builtin-errors=true", body)
        if not isinstance(answer, dict) or "result" not in answer:
            raise refuse(f"the OPA server at {self._url} gives no result (undefined)", HINT)
        return answer["result"]

    def _upload(self, name: str, source: str) -> None:
        identifier = f"policies/{self._root}/{name}"
        self._session.ask("PUT", identifier, source.encode(), "text/plain")
        self._uploaded.append(identifier)
        stored = self._session.ask("GET", identifier)
        result = stored.get("result") if isinstance(stored, dict) else None
        if not isinstance(result, dict) or result.get("raw") != source:
            raise refuse(f"the OPA server at {self._url} does not keep what it is given ({name})", HINT)

    def _remove(self) -> None:
        # The driver first: OPA refuses to take away what another module needs only when it no longer compiles.
        while self._uploaded:
            self._session.ask("DELETE", self._uploaded.pop())

    def _words(self, error: Exception, prefix: str) -> str:
        return str(error).replace(f"{self._root}/", "").replace(f"{prefix}.", "")


def _sentence(error: Exception) -> str:
    from plantproof.policies.opa_client_session import QueryFailed

    return f"says: {error}" if isinstance(error, QueryFailed) else str(error)


def _checked(url: str, token: str | None) -> str:
    """Refuse what is no plain server address, and to send a token where everybody can read it."""
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
    if not port_fits or parts.scheme not in ("http", "https") or not parts.hostname:
        raise refuse(f"`{url}` is no address of an OPA server", "for example http://127.0.0.1:8181")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise refuse("the address of an OPA server is only scheme, host, port and path", "a token has its own option")
    if token is not None and parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise refuse("a token is not sent over plain http to another machine", "use https")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
