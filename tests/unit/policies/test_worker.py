"""The worker process: what it may reach, how it is limited, how it is replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from plantproof.policies import worker
from plantproof.policies.protocol import Limits
from plantproof.policies.worker import WorkerFailed, Workers

HEADER = {
    "operation": "evaluate",
    "modules": [["a.rego", "package a\n\nviolations contains v if {\n\tinput.x > data.params.y\n\tv := input.x\n}\n"]],
    "data": '{"params":{"y":1}}',
    "applicable": "",
    "violations": "data.a.violations",
}


def test_one_code_for_each_line(workers: Workers) -> None:
    answer = msgspec.json.decode(workers.call(HEADER, b'{"x":1}\n{"x":2}\n{}\nnonsense'))
    assert answer["codes"] == "pfpe"
    assert answer["found"] == {"1": [2]}
    assert list(answer["errors"]) == ["3"]


def test_the_environment_is_empty(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTPROOF_SECRET", "hunter2")
    assert "PLANTPROOF_SECRET" not in worker._environment()
    module = ["a.rego", "package a\n\nviolations contains opa.runtime()\n"]
    with Workers() as own:
        assert b"hunter2" not in own.call({**HEADER, "modules": [module]}, b"{}")


def test_no_pickle_and_nothing_of_ours_in_the_worker() -> None:
    source = worker.SCRIPT.read_text(encoding="utf-8")
    assert "pickle" not in source
    assert "plantproof." not in source.replace("plantproof.policies", "")
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1], run_name='x'); print([m for m in sys.modules if 'plant' in m])"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", code, worker.SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_no_network_and_no_files_in_the_worker() -> None:
    code = (
        "import runpy, sys, socket; m = runpy.run_path(sys.argv[1], run_name='x'); m['limit_resources'](512)\n"
        "for action in (lambda: socket.socket(), lambda: open(sys.argv[1])):\n"
        "    try:\n        action()\n        print('reached')\n    except OSError:\n        print('refused')\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", code, worker.SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["refused", "refused"]


def test_late_worker_is_killed_and_replaced() -> None:
    endless = "count([1 | some x in numbers.range(1, 1000000); some y in numbers.range(1, 1000000); x < y]) > input.x"
    module = ["a.rego", f"package a\n\nviolations contains 1 if {endless}\n"]
    with Workers(Limits(seconds=0.5)) as own:
        with pytest.raises(WorkerFailed) as caught:
            own.call({**HEADER, "modules": [module]}, b'{"x":1}')
        assert (caught.value.reason, caught.value.detail) == ("limit-exceeded", "took longer than 0.5 s")
        assert msgspec.json.decode(own.call(HEADER, b'{"x":1}'))["codes"] == "p"


def test_deep_recursion_ends_the_worker_only() -> None:
    module = ["a.rego", "package a\n\nf(x) := y if y := f(x + 1)\n\nviolations contains v if v := f(input.x)\n"]
    with Workers() as own:
        with pytest.raises(WorkerFailed, match="ended by signal") as caught:
            own.call({**HEADER, "modules": [module]}, b'{"x":1}')
        assert caught.value.reason == "worker-died"


def test_answer_that_is_nonsense_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from plantproof.policies.answers import read_answer

    for nonsense in (b"", b"[]", b"{}", b'{"codes":"pp"}', b'{"codes":"x"}', b'{"codes":"p","found":3}', b"\xff"):
        verdicts = read_answer(nonsense, 1, {})
        assert [verdict.outcome.word for verdict in verdicts] == ["error"], nonsense


def test_workers_end_when_closed() -> None:
    own = Workers()
    own.call(HEADER, b"{}")
    running: Any = own._idle.get()
    own._idle.put(running)
    own.close()
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)
