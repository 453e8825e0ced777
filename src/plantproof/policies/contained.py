"""The worker: evaluates Rego in a process of its own. Run as a script, isolated; imports nothing of ours.

Frames on stdin and stdout: a length of four bytes (big endian), then the payload. A job is two frames: a header (JSON)
and a body (for `evaluate` one input a line). The answer is one frame of JSON. Nothing here decides a verdict: the
parent reads the codes, checks that they are complete, and kills this process when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

MAX_ERROR = 2000
OUT_OF_MEMORY = 71

BATCH, BATCH_CHARACTERS = 250, 256 * 1024
"""What is given to a batch form at once: enough to share its constants, and no more than memory bears as trees."""

NOT_SO = ("false", '"<undefined>"')
"""What `applicable` says of a subject about which nothing is asked."""

KEPT_BYTES = 1024 * 1024
"""Text of policies and of what is given to them that is kept loaded. It takes some ten times that in memory."""


def limit_resources(memory_mb: int) -> None:
    """Memory beyond what is in use now, no new files, no sockets, no children, no core dumps.

    Systems without rlimits rely on the parent's clock alone.
    """
    try:
        import resource
    except ImportError:
        return
    memory = memory_mb * 1024 * 1024 + address_space()
    wanted = [("RLIMIT_AS", memory), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_NPROC", 0), ("RLIMIT_NOFILE", 3)]
    for name, value in wanted:
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        try:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError):
            continue  # macOS refuses some of them


def address_space() -> int:
    """Bytes of address space in use: the engine's allocator may have reserved some that it does not use yet."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[0]) * 4096
    except (OSError, ValueError):
        return 0


def arm(seconds: float) -> None:
    """A backstop for the case that the parent died: the system ends this process, even inside the engine."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def read_frame(stream: BinaryIO) -> bytes | None:
    """One message, written as its length in four bytes and then itself; None where the other end has gone."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "big")
    data = stream.read(size)
    return data if len(data) == size else None


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Send one message."""
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)
    stream.flush()


def words(error: BaseException) -> str:
    """The engine's message without its stack trace."""
    text = str(error).split("\n\nStack backtrace", 1)[0].strip()
    return text[:MAX_ERROR] or type(error).__name__


def load(regorus: Any, modules: list[list[str]], data: str) -> Any:
    """An engine with these modules and this data."""
    engine = regorus.Engine()
    if data:
        engine.add_data_json(data)
    for path, source in modules:
        engine.add_policy(path, source)
    return engine


def caught(error: BaseException) -> BaseException:
    """The engine's panics are BaseExceptions; an interrupt is not. Out of memory, nothing is trusted."""
    if isinstance(error, MemoryError):
        os._exit(OUT_OF_MEMORY)
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        raise error
    return error


def parse(regorus: Any, header: dict[str, Any]) -> bytes:
    """[[path, AST or null, error]] for every module by itself."""
    rows = []
    for path, source in header["modules"]:
        try:
            engine = regorus.Engine()
            engine.add_policy(path, source)
            rows.append(f'[{json.dumps(path)},{engine.get_ast_as_json()},""]')
        except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
            rows.append(f"[{json.dumps(path)},null,{json.dumps(words(caught(error)))}]")
    return ("[" + ",".join(rows) + "]").encode()


class Policy:
    """A policy as it is kept between jobs: never evaluated, ready to be evaluated, and in its batch form."""

    def __init__(self, regorus: Any, header: dict[str, Any]) -> None:
        self.pristine = load(regorus, header["modules"], header["data"])
        self.engine = self.pristine.clone()
        self.pristine_batch: Any = None
        self.batch: Any = None
        self.rule = ""
        if header.get("batch"):
            path, source, self.rule = header["batch"]
            modules = [[name, source if name == path else text] for name, text in header["modules"]]
            try:
                self.pristine_batch = load(regorus, modules, header["data"])
                self.batch = self.pristine_batch.clone()
            except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
                caught(error)  # the plain form will say what is wrong

    def passing(self, lines: list[str]) -> set[int]:
        """Which of some inputs pass for certain: none where the batch form fails on one of them."""
        try:
            self.batch.set_input_json('{"batch":[' + ",".join(lines) + "]}")
            answer = json.loads(self.batch.eval_rule_as_json(self.rule))
        except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
            caught(error)
            self.batch = self.pristine_batch.clone()
            return set()
        return set(answer) if isinstance(answer, list) else set()


def batches(lines: list[str]) -> Iterator[list[str]]:
    """The inputs in parts that take little memory as trees."""
    start = size = 0
    for index, line in enumerate(lines):
        if index > start and (index - start == BATCH or size + len(line) > BATCH_CHARACTERS):
            yield lines[start:index]
            start, size = index, 0
        size += len(line)
    yield lines[start:]


def evaluate(policy: Policy, header: dict[str, Any], body: bytes) -> bytes:
    """One code an input: p no violations, f violations, n not applicable, o `applicable` is no boolean, u undefined, e
    error.

    The batch form says which inputs pass; every other answer is that of the plain form to the one input.
    """
    lines = body.decode().split("\n") if body else []
    applicable, violations = header["applicable"], header["violations"]
    codes: list[str] = []
    found: list[str] = []
    errors: dict[str, str] = {}
    use_batch = policy.batch is not None
    for part in batches(lines):
        passing = policy.passing(part) if use_batch else set()
        # After an error, or where most do not pass, asking twice would cost more than it saves.
        use_batch = use_batch and 2 * len(passing) >= len(part)
        for number, line in enumerate(part):
            if number in passing:
                codes.append("p")
                continue
            index = len(codes)
            engine = policy.engine
            try:
                engine.set_input_json(line)
                applies = engine.eval_rule_as_json(applicable) if applicable else "true"
                if applies != "true":
                    # Neither true nor false is no answer, least of all that nothing is asked of the subject.
                    codes.append("n" if applies in NOT_SO else "o")
                    continue
                answer = engine.eval_rule_as_json(violations)
            except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
                errors[str(index)] = words(caught(error))
                codes.append("e")
                policy.engine = policy.pristine.clone()  # an error may leave a `with` half undone
                continue
            if answer == "[]":
                codes.append("p")
            elif answer == '"<undefined>"':
                codes.append("u")
            else:
                codes.append("f")
                found.append(f'"{index}":{answer}')
    text = f'{{"codes":"{"".join(codes)}","found":{{{",".join(found)}}},"errors":{json.dumps(errors)}}}'
    return text.encode()


class Policies:
    """The policies asked last: site after site asks the same ones, and loading one costs as much as 100 inputs."""

    def __init__(self, regorus: Any) -> None:
        self._regorus = regorus
        self._kept: dict[bytes, Policy] = {}

    def loaded(self, head: bytes, header: dict[str, Any]) -> Policy:
        """The policy of a header. One that cannot be loaded is not kept, and is tried again."""
        policy = self._kept.pop(head, None) or Policy(self._regorus, header)
        self._kept[head] = policy
        while len(self._kept) > 1 and sum(map(len, self._kept)) > KEPT_BYTES:
            del self._kept[next(iter(self._kept))]
        return policy


def run_tests(regorus: Any, header: dict[str, Any]) -> bytes:
    """Results of the named test rules, and the lines covered by all of them together."""
    results = {}
    engine = load(regorus, header["modules"], header["data"])
    engine.set_enable_coverage(True)
    engine.set_input_json("{}")
    for rule in header["rules"]:
        try:
            answer = engine.eval_rule_as_json(rule)
            results[rule] = "" if answer == "true" else f"is {answer.strip()[:200]}, not true"
        except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
            results[rule] = words(caught(error))
    report = engine.get_coverage_report_as_json()
    return f'{{"results":{json.dumps(results)},"coverage":{report}}}'.encode()


def main(library: str, memory_mb: int) -> None:
    """Serve jobs until stdin ends."""
    try:
        import regorus
    except ImportError:
        sys.path.append(library)
        import regorus
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    import signal  # noqa: F401  loaded before files may no longer be opened

    limit_resources(memory_mb)
    write_frame(outgoing, b'"ready"')
    policies = Policies(regorus)
    while True:
        head, body = read_frame(incoming), read_frame(incoming)
        if head is None or body is None:
            return
        header = json.loads(head)
        arm(header["seconds"] + 5)
        try:
            operation = header["operation"]
            if operation == "evaluate":
                answer = evaluate(policies.loaded(head, header), header, body)
            elif operation == "parse":
                answer = parse(regorus, header)
            else:
                answer = run_tests(regorus, header)
        except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
            answer = json.dumps({"failed": words(caught(error))}).encode()
        arm(0)
        write_frame(outgoing, answer)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
