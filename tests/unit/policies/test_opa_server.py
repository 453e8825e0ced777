"""A server that is down, wrong, slow or talks nonsense: exit 2 with the reason, never a pass."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.support.policy_world import column, observe, plant_of, policy_source, table, words

from plantproof.errors import InputError
from plantproof.policies.opa_server import OpaServerEngine

SOURCE = policy_source(
    'violations contains v if {\n\tinput.firmware == "old"\n\tv := {"message": "old"}\n}\n',
    "reads: {firmware: required}",
)
PLANT = plant_of(table("asset", 2, {"firmware": column(["old", "new"])}))

Answer = tuple[int, bytes, dict[str, str]]
Behaviour = Callable[[str, str, bytes, dict[str, str]], Answer]


def answer(value: Any, status: int = 200) -> Answer:
    return status, json.dumps(value).encode(), {"Content-Type": "application/json"}


def like_opa(query: Callable[[str, dict[str, Any]], Answer]) -> Behaviour:
    """Keeps modules as OPA does, greets as OPA does, and answers other queries by `query`."""
    modules: dict[str, str] = {}

    def behave(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        name = path.split("?")[0]
        if method == "PUT":
            modules[name] = body.decode()
            return answer({})
        if method == "DELETE":
            del modules[name]
            return answer({})
        if method == "GET":
            return answer({"result": {"raw": modules[name]}})
        given = json.loads(body)["input"]
        if name.endswith("/answer"):
            return answer({"result": {"echo": given["nonce"], "version": "1.0.0"}})
        return query(name, given)

    return behave


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, data, headers = behaviour(self.command, self.path, body, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815  names that the base class looks for

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  named by the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(behaviour: Behaviour, **options: Any) -> str:
    with serving(behaviour) as url:
        engine = OpaServerEngine(url, **options)
        try:
            with pytest.raises(InputError) as caught:
                observe(engine, SOURCE, PLANT)
        finally:
            engine.close()
        return str(caught.value).replace(url, "URL")


def good(name: str, given: dict[str, Any]) -> Answer:
    rows = [
        [index, [True], [[{"message": "old"}] if subject["firmware"] == "old" else []]]
        for index, subject in enumerate(given["batch"])
    ]
    return answer({"result": rows})


def test_a_good_server_is_believed() -> None:
    with serving(like_opa(good)) as url:
        engine = OpaServerEngine(url)
        assert words(observe(engine, SOURCE, PLANT)) == ["fail", "pass"]
        assert (engine.name, engine.version) == ("opa", "1.0.0")
        engine.close()


def test_server_that_is_down() -> None:
    with serving(like_opa(good)) as url:
        pass
    engine = OpaServerEngine(url, timeout=2)
    with pytest.raises(InputError, match="cannot be reached"):
        observe(engine, SOURCE, PLANT)
    engine.close()


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({}, "gives no result (undefined)"),
        ([], "gives no result (undefined)"),
        ({"result": []}, "does not answer for every subject"),
        ({"result": {}}, "does not answer for every subject"),
        ({"result": [[0, [True], [[]]]]}, "does not answer for every subject"),
        ({"result": [[0, [True], [[]]], [0, [True], [[]]]]}, "does not answer for every subject"),
        ({"result": [[0, [True], [[]]], [1, [True], [[]]], [2, [True], [[]]]]}, "does not answer for every subject"),
        ({"result": [[0, True, []], [1, True, []]]}, "does not answer for every subject"),
    ],
)
def test_partial_and_undefined_answers(result: Any, reason: str) -> None:
    assert reason in refusal(like_opa(lambda name, given: answer(result)))


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ([], "error"),
        ([True], "error"),
        ([[{"field": "x"}]], "error"),
        ([{"message": "x"}], "error"),
        ([[{"message": "x"}]], "fail"),
        ([[]], "pass"),
    ],
)
def test_what_a_policy_says_is_read_strictly(found: Any, word: str) -> None:
    rows = [[0, [True], found], [1, [False], []]]
    with serving(like_opa(lambda name, given: answer({"result": rows}))) as url:
        engine = OpaServerEngine(url)
        assert [text.split(":")[0] for text in words(observe(engine, SOURCE, PLANT))] == [word, "not-applicable"]
        engine.close()


def test_builtin_error_names_its_subject() -> None:
    def failing(name: str, given: dict[str, Any]) -> Answer:
        if any(subject["firmware"] == "old" for subject in given["batch"]):
            errors = [{"message": "invalid semver", "location": {"file": "x.rego", "row": 3, "col": 4}}]
            return answer({"code": "internal_error", "message": "error(s) occurred", "errors": errors}, 500)
        return good(name, given)

    with serving(like_opa(failing)) as url:
        engine = OpaServerEngine(url)
        found = observe(engine, SOURCE, PLANT)
        assert (words(found), found.reasons[0][1]) == (
            ["error: engine-error", "pass"],
            "x.rego:3:4: invalid semver",
        )
        engine.close()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((200, b"<html>Welcome</html>", {"Content-Type": "text/html"}), "is not JSON (200)"),
        ((404, b"<html>Not here</html>", {"Content-Type": "text/html"}), "is not JSON (404)"),
        (answer({"error": "no"}, 404), "answers with status 404"),
        (answer({}), "does not keep what it is given"),
        ((302, b"", {"Location": "http://127.0.0.1:9/"}), "redirect (302), which is not followed"),
        (answer({"code": "unauthorized", "message": "no"}, 401), "refuses access (401)"),
        (answer({"code": "invalid_parameter", "message": "path is owned by bundle"}, 400), "owned by bundle"),
    ],
)
def test_other_software(given: Answer, reason: str) -> None:
    assert reason in refusal(lambda *request: given)


def test_slow_server() -> None:
    def slow(*request: Any) -> Answer:
        time.sleep(0.6)
        return answer({})

    assert "does not answer within 0.2 s" in refusal(slow, timeout=0.2)


def test_server_that_does_not_evaluate() -> None:
    def deaf(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if method == "POST":
            return answer({"result": {"echo": "something", "version": "1.0.0"}})
        return kept(method, path, body, headers)

    kept = like_opa(good)
    assert "does not evaluate what it is given" in refusal(deaf)


def test_policy_that_never_ends_on_a_server_that_is_well() -> None:
    def slow(name: str, given: dict[str, Any]) -> Answer:
        time.sleep(1.2)
        return good(name, given)

    with serving(like_opa(slow)) as url:
        engine = OpaServerEngine(url, timeout=0.5)
        assert words(observe(engine, SOURCE, PLANT)) == ["error: limit-exceeded"] * 2
        engine.close()


def test_token_is_sent_and_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str | None] = set()
    kept = like_opa(good)

    def watching(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        seen.add(headers.get("Authorization"))
        return kept(method, path, body, headers)

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(watching) as url:
        engine = OpaServerEngine(url, token="abc")
        assert words(observe(engine, SOURCE, PLANT)) == ["fail", "pass"]
        engine.close()
    assert seen == {"Bearer abc"}


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("127.0.0.1:8181", None),
        ("ftp://host", None),
        ("http://", None),
        ("http://host:99999", None),
        ("http://user:secret@host", None),
        ("http://host/?x=1", None),
        ("http://opa.example.com:8181", "abc"),
    ],
)
def test_addresses_that_are_refused(url: str, token: str | None) -> None:
    with pytest.raises(InputError) as caught:
        OpaServerEngine(url, token=token)
    assert "secret" not in str(caught.value)


def test_ca_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no CA file"):
        OpaServerEngine("https://host", ca_file=tmp_path / "none.pem")
