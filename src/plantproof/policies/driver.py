"""The generated modules that let a server judge many subjects in one query: `with input as` each of them.

The embedded engine needs none: it has a batch form that is faster than `with` (batch.py), and one call a subject where
that one does not know. To a server each query is a round trip, so a batch goes in one.

Everything lies under a package of its own, so that nothing which the server already holds can mix with it: every `data`
of a module gets the prefix. What a policy may say of `data` is limited by lint.py, so that this is complete.
"""

from __future__ import annotations

import re

from plantproof.policies.protocol import Request

_TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|(?<![\w.])data\b|^package[ \t]+', re.MULTILINE)


def prefixed(source: str, prefix: str) -> str:
    """A module moved under `prefix`: its package and every reference to `data`. Line numbers stay."""

    def replace(token: re.Match[str]) -> str:
        text = token.group()
        if text == "data":
            return f"data.{prefix}"
        return f"{text}{prefix}." if text.startswith("package") else text

    return _TOKENS.sub(replace, source)


def driver_modules(request: Request, prefix: str) -> dict[str, str]:
    """The modules of one request by name: the policy and its libraries under `prefix`, what is given, and the driver.

    `data.<prefix>.driver.answers` is [[index, [applicable], [violations]]] for `input.batch`, where an undefined part
    is an empty list: so undefined is told apart from an empty set.
    """
    ordered = sorted(request.modules, key=lambda module: (module[0] == request.policy.path, module[0]))
    modules = {path: prefixed(source, prefix) for path, source in ordered}
    given = f"params := {request.parameters.decode()}\n\ncontext := {request.context.decode()}\n"
    policy = f"data.{prefix}.{request.policy.package}"
    applicable = "[true]"
    if "applicable" in request.policy.rules:
        applicable = f"[a | a := {policy}.applicable with input as subject]"
    driver = "\n".join(
        [
            f"package {prefix}.driver",
            "",
            "answers := [[index, applicable, violations] |",
            "\tsome index, subject in input.batch",
            f"\tapplicable := {applicable}",
            f"\tviolations := [v | applicable == [true]; v := {policy}.violations with input as subject]",
            "]",
            "",
        ]
    )
    return {**modules, "given.rego": f"package {prefix}\n\n{given}", "driver.rego": driver}
