"""A command of plantproof with what its engine is asked counted: evaluations are counted, not timed.

    python -m benchmarks.counting ASKED -- check --at HEAD --cache

ASKED gets the digest of every (policy, parameters, context, subject) that was really evaluated, one a line. All of it
happens in this process (`--jobs 1`), so that nothing is evaluated elsewhere. The sample of remembered verdicts that a
run with a cache asks again, to see whether the cache tells the truth, is left out: it is `memo.SAMPLE` at most,
whatever changed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.contestants import ROOT
from plantproof.policies import memo
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import Request, Verdict

Asked = frozenset[str]


def count(arguments: Sequence[str], printed: Path, environment: dict[str, str]) -> Asked:
    """What the engine is asked by this command, run in a process of its own. Ends the benchmark where it fails."""
    command = [sys.executable, "-m", "benchmarks.counting", str(printed), *arguments, "--jobs", "1"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return frozenset(printed.read_text().split())


def digests(request: Request) -> Iterator[str]:
    """The name of each thing that a request asks."""
    parts = [request.policy.id.encode(), *(source.encode() for _, source in request.modules)]
    head = hashlib.sha256(b"\0".join([*parts, request.parameters, request.context]))
    for subject in request.inputs:
        each = head.copy()
        each.update(b"\0" + subject)
        yield each.hexdigest()


def main() -> None:
    """The command line; see the module's docstring."""
    printed, *arguments = (word for word in sys.argv[1:] if word != "--")
    asked: set[str] = set()
    evaluate = EmbeddedEngine.evaluate

    def counting(engine: EmbeddedEngine, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        def noted() -> Iterator[Request]:
            for request in requests:
                asked.update(digests(request))
                yield request

        return evaluate(engine, noted())

    EmbeddedEngine.evaluate = counting  # type: ignore[assignment]  # to count is what this is for
    memo.SAMPLE = 0
    sys.argv = ["plantproof", *arguments]
    from plantproof.cli.start import main as plantproof

    try:
        plantproof()
    finally:
        Path(printed).write_text("".join(f"{name}\n" for name in sorted(asked)))


if __name__ == "__main__":
    main()
