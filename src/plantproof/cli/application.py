"""The `plantproof` command and the table of its verbs. A verb's module is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from plantproof import __version__
from plantproof.spelling import did_you_mean

VERBS: dict[str, tuple[str, str]] = {
    "adopt": ("plantproof.cli.adopt", "Take over what is wrong today; the gate then fails only on worse."),
    "approvals": ("plantproof.cli.approvals", "Say who must agree to which change; write CODEOWNERS."),
    "asset": ("plantproof.cli.asset", "Merge or retire assets in identities.jsonl."),
    "baseline": ("plantproof.cli.baseline", "Record how devices are configured now; later, what differs is found."),
    "catalog": ("plantproof.cli.catalog", "List the published requirements that are shipped."),
    "check": ("plantproof.cli.check", "Assess the plant; exit 1 where a control is not satisfied."),
    "collect": ("plantproof.cli.collect", "Turn exports of tools and devices into evidence."),
    "config": ("plantproof.cli.config", "Show the settings with their origins; pin the content."),
    "diff": ("plantproof.cli.diff", "Say what a change does to compliance: base against head."),
    "doctor": ("plantproof.cli.doctor", "Say what this machine and this project lack."),
    "explain": ("plantproof.cli.explain", "Explain a control, policy, asset or gap, down to line and commit."),
    "init": ("plantproof.cli.init", "Begin a compliance project in this folder."),
    "pack": ("plantproof.cli.pack", "Write the audit pack of one commit."),
    "policy": ("plantproof.cli.policy", "Begin a new policy with its test."),
    "report": ("plantproof.cli.report", "Write one document by name: the history of the project."),
    "schema": ("plantproof.cli.schema", "Print the JSON Schema of a file format."),
    "site": ("plantproof.cli.site", "Draft the design intent of a site from its evidence."),
    "test": ("plantproof.cli.test", "Test the policies, with coverage and lint."),
    "validate": ("plantproof.cli.validate", "Check every file of the project; change nothing."),
    "verify": ("plantproof.cli.verify", "Check a pack without its project."),
    "waiver": ("plantproof.cli.waiver", "Ask for a dated deviation."),
}
"""Verb -> (module, what it does). A new verb is one row, one module with `command`, one page in docs/reference."""


class LazyVerbs(click.Group):
    """Knows its verbs by name and imports one only when it runs, so that `--help` and a wrong verb stay quick."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command: click.Command = import_module(VERBS[name][0]).command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and arguments[0] not in VERBS and not arguments[0].startswith("-"):
            hint = did_you_mean(arguments[0], VERBS) or "`plantproof --help` lists them"
            raise click.UsageError(f"no such command: {arguments[0]!r} ({hint})", context)
        return super().resolve_command(context, arguments)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BrokenPipeError:
            raise ReaderGoneError from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, VERBS[verb][1]) for verb in sorted(VERBS)])


class ReaderGoneError(Exception):
    """Whoever read our output has gone (`| head`). No OSError: click would make exit code 1 of it, which means
    findings."""


@click.group(cls=LazyVerbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="plantproof", message="%(prog)s %(version)s")
def application() -> None:
    """Compliance as code for plants where IT and OT meet.

    Controls of IEC 62443 and NIST are policies; policies are evaluated against configuration evidence kept in git; the
    results become audit-ready documents.

    Exit codes: 0 nothing to report, 1 findings, 2 wrong input, 3 a bug of ours, 130 interrupted.
    """
