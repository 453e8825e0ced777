"""docs/reference/commands.md: every verb and option, read from click."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from textwrap import dedent

import click

from plantproof.cli.application import VERBS, application
from reference.markdown import cell, code, page, prose, table

ENVIRONMENT = {
    "PLANTPROOF_CACHE": "`on` or `off`: whether results of earlier runs are used, where neither `--cache` nor "
    "`--no-cache` "
    "is typed. Default: on at a terminal, off in a job.",
    "PLANTPROOF_CACHE_DIR": "Where results of earlier runs are kept: a folder that no commit can write to.",
    "XDG_CACHE_HOME": "Linux: the folder of caches, where `PLANTPROOF_CACHE_DIR` says nothing.",
    "LOCALAPPDATA": "Windows: the folder of caches, where `PLANTPROOF_CACHE_DIR` says nothing.",
    "PLANTPROOF_REDACTION_KEY": "The redaction key, for `collect` without `--key-file`. At least 16 bytes.",
    "SOURCE_DATE_EPOCH": "Seconds since 1970: taken for today, so that a build can be made again.",
    "NO_COLOR": "Not empty: no colour.",
    "FORCE_COLOR": "Not empty: colour also where the output is no terminal.",
    "USER": "Who collects, where neither `--by` nor plantproof.yaml says (`USERNAME` on Windows).",
    "USERNAME": "See `USER`.",
    "GITHUB_SERVER_URL": "GitHub's CI, with `GITHUB_REPOSITORY`: where links to evidence go without `--blob-url`.",
    "GITHUB_REPOSITORY": "See `GITHUB_SERVER_URL`.",
    "CI_PROJECT_URL": "GitLab's CI: where links to evidence go without `--blob-url`.",
}
"""Every variable of the environment that the code reads for the user's sake; a test compares this with the source."""

EXIT_CODES = {
    0: "Nothing to report at the chosen level.",
    1: "Findings: gaps at or above `--fail-on` without a waiver in force, a policy that could not be evaluated, "
    "evidence that is too old where `--fail-on` says `stale`, "
    "a policy test that fails.",
    2: "The input is wrong. Every mistake is shown at once as `path:line: message (hint)`; nothing was written.",
    3: "A bug of ours, with the path of a log.",
    130: "Interrupted.",
}


def commands() -> dict[str, click.Command]:
    """Every command by its words after `plantproof`, groups before their members."""
    found: dict[str, click.Command] = {}
    with click.Context(application) as context:
        for verb in sorted(VERBS):
            command = application.get_command(context, verb)
            if command is None:
                raise LookupError(f"the verb {verb} has no command")
            found |= dict(_with_members(verb, command))
    return found


def _with_members(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _with_members(f"{words} {name}", command.commands[name])


def option_names(parameter: click.Parameter) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def commands_page() -> str:
    every = commands()
    listed = "\n".join(
        f"- [`plantproof {words}`](#plantproof-{words.replace(' ', '-')}): {cell(command.get_short_help_str(200))}"
        for words, command in every.items()
    )
    sections = [_section(words, command) for words, command in every.items()]
    return page(
        "Commands",
        "Every command knows `-h` and `--help`. `plantproof --version` prints the version.\n"
        "What the exit codes mean stands in [exit codes](exit-codes.md).",
        listed,
        *sections,
    )


def _section(words: str, command: click.Command) -> str:
    # As below `plantproof`: click keeps the help option of the first context that asks for it.
    names = application.context_settings["help_option_names"]
    with click.Context(command, info_name=f"plantproof {words}", help_option_names=names) as context:
        usage = " ".join([f"plantproof {words}", *command.collect_usage_pieces(context)])
        rows = [_row(parameter, context) for parameter in command.params if not getattr(parameter, "hidden", False)]
    blocks = [f"## plantproof {words}", f"```text\n{usage}\n```", _help(command)]
    if rows:
        blocks.append(table(["option or argument", "what it does", "default"], rows))
    return "\n\n".join(blocks)


def _help(command: click.Command) -> str:
    """The help text: indented paragraphs stay code, the others become lines of prose."""
    paragraphs = []
    for paragraph in cleandoc(command.help or "").split("\n\n"):
        lines = [line for line in paragraph.split("\n") if line.strip(" ") != "\b"]
        code_block = dedent("\n".join(lines))
        is_code = lines[0].startswith("    ")
        paragraphs.append(f"```text\n{code_block}\n```" if is_code else " ".join(paragraph.split()))
    return "\n\n".join(paragraphs)


def _row(parameter: click.Parameter, context: click.Context) -> tuple[str, str, str]:
    if isinstance(parameter, click.Argument):
        what = "required" if parameter.required else "optional"
        return code(parameter.make_metavar(context)), f"argument, {what}", ""
    assert isinstance(parameter, click.Option)  # noqa: S101  click has no third kind
    names = ", ".join(code(name) for name in option_names(parameter))
    if not parameter.is_flag:
        names += f" {code(parameter.make_metavar(context))}"
    extra = parameter.get_help_extra(context)
    return names, parameter.help or "", str(extra.get("default", "required" if parameter.required else ""))


def exit_codes_page() -> str:
    rows = ((code(number), what) for number, what in EXIT_CODES.items())
    return page(
        "Exit codes",
        "The same for every command.",
        table(["code", "meaning"], rows),
        "Messages for people go to standard error, results to standard output or to `--output`.",
    )


def environment_page() -> str:
    rows = ((code(name), what) for name, what in ENVIRONMENT.items())
    return page(
        "Environment variables",
        prose(
            "None of them changes a verdict, except that `SOURCE_DATE_EPOCH` sets what today is. Variables named "
            "`GIT_...` are withheld from git, so that a hook cannot lead Plantproof into another repository."
        ),
        table(["variable", "meaning"], rows),
    )
