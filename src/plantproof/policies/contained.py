"""The worker: evaluates Rego in a process of its own. Run as a script, isolated; imports nothing of ours.

Frames on stdin and stdout: a length of four bytes (big endian), then the payload. A job is two frames: a header (JSON)
and a body (for `evaluate` one input a line). The answer is one frame of JSON. Nothing here decides a verdict: the
parent reads the codes, checks that they are complete, and kills this process when it takes too long.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

MAX_ERROR = 2000
OUT_OF_MEMORY = 71


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


def evaluate(pristine: Any, header: dict[str, Any], body: bytes) -> bytes:
    """One code an input: p no violations, f violations, n not applicable, u undefined, e error."""
    lines = body.decode().split("\n") if body else []
    applicable, violations = header["applicable"], header["violations"]
    codes: list[str] = []
    found: list[str] = []
    errors: dict[str, str] = {}
    engine = pristine.clone()
    for index, line in enumerate(lines):
        try:
            engine.set_input_json(line)
            if applicable and engine.eval_rule_as_json(applicable) != "true":
                codes.append("n")
                continue
            answer = engine.eval_rule_as_json(violations)
        except BaseException as error:  # noqa: BLE001  the engine panics with BaseException
            errors[str(index)] = words(caught(error))
            codes.append("e")
            engine = pristine.clone()  # an error may leave a `with` half undone
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
    last: bytes = b""
    pristine: Any = None
    while True:
        head, body = read_frame(incoming), read_frame(incoming)
        if head is None or body is None:
            return
        header = json.loads(head)
        arm(header["seconds"] + 5)
        try:
            operation = header["operation"]
            if operation == "evaluate":
                if head != last:
                    last, pristine = b"", load(regorus, header["modules"], header["data"])
                    last = head
                answer = evaluate(pristine, header, body)
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
