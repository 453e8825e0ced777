"""What `check`, `pack` and `explain` share: from options to an assessment, with the dates checked (verdicts.md 15)."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from plantproof import __version__
from plantproof.errors import refuse
from plantproof.git import Commit, Repository, Tree
from plantproof.git_opening import open_repository
from plantproof.model.assessment import Assessment, Provenance
from plantproof.model.project_file import Limits
from plantproof.policies.protocol import Engine
from plantproof.policies.worker import Workers
from plantproof.project import Project, find_project, open_project

if TYPE_CHECKING:
    from plantproof.cli.answered import Answer
    from plantproof.cli.kept_ahead import KeptAhead
    from plantproof.pipeline import Conclude, Judge, Progress
    from plantproof.policies.embedded import EmbeddedEngine


class EngineChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The engine options as typed."""

    engine: str = "regorus"
    opa_url: str | None = None
    opa_token_file: Path | None = None
    opa_ca_file: Path | None = None
    opa_timeout: float = 30.0
    jobs: int = 0
    cache: bool = False
    executor: str = "local"
    scheduler: str = ""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A project at a commit (None: the working tree), with the date on which it is to be judged."""

    repository: Repository | None
    commit: Commit | None
    project: Project
    on: str


def today() -> str:
    """The only clock of Plantproof: today's date in UTC, or SOURCE_DATE_EPOCH's. Raises InputError for one that is no
    moment."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.datetime.now(datetime.UTC).date().isoformat()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise refuse(
            "SOURCE_DATE_EPOCH is no number of seconds since 1970", "correct it, or take it out of the environment"
        ) from None


def now() -> str:
    """The moment in UTC, to the second, or SOURCE_DATE_EPOCH's: for what may follow within hours."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.datetime.now(datetime.UTC)
    if epoch:
        today()  # refuses an epoch that is no moment
        moment = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def open_at(folder: Path, at: str | None, date: str | None, content: str) -> Opened:
    """Open the project around `folder` at a ref, or its working tree where `at` is None.

    The date is the commit's committer date, today for the working tree, or `date`. Raises InputError for a commit
    dated before one of its parents or after today, unless `date` says which day is meant.
    """
    root = find_project(folder)
    repository = open_repository(root, *([at] if at else []))
    commit = None
    tree: Tree
    if at is None:
        tree = repository.working_tree()
        on = date or today()
    else:
        commit = repository.commit(at)
        tree = repository.tree(commit.id)
        on = date or checked_commit_date(repository, commit)
    project = open_project(tree, accept_content=content == "installed")
    return Opened(repository=repository, commit=commit, project=project, on=on)


def checked_commit_date(repository: Repository, commit: Commit) -> str:
    """The day of a commit, if it can be believed: not before a parent's, not in the future."""
    day = commit.committer_date[:10]
    for parent in commit.parents:
        parents_day = repository.commit(parent).committer_date[:10]
        if day < parents_day:
            raise refuse(
                f"commit {commit.id[:12]} is dated {day}, before its parent {parent[:12]} of {parents_day}",
                "its clock was wrong: say which day is meant with --date",
            )
    if day > today():
        raise refuse(f"commit {commit.id[:12]} is dated {day}, later than today", "say which day is meant with --date")
    return day


def provenance_of(opened: Opened, engine: Engine) -> Provenance:
    """What the assessment rests on."""
    from plantproof.plugins import plugin_names

    commit = opened.commit
    return Provenance(
        tool_version=__version__,
        engine=engine.name,
        engine_version=engine.version,
        content_version=opened.project.content_version,
        content_hash=opened.project.content_hash,
        commit=commit.id if commit else "",
        commit_date=commit.committer_date if commit else "",
        commit_signed="present, not verified" if commit and commit.signed else "",
        working_tree=commit is None,
        as_of=opened.on,
        overrides=[f"{path}: {reason}" for path, reason in opened.project.overrides().items()],
        plugins=plugin_names(),
    )


def assessed(
    opened: Opened,
    engine: Engine,
    report: Progress,
    sites: Sequence[str] = (),
    *,
    judge: Judge | None = None,
    conclude: Conclude | None = None,
) -> Assessment:
    """What is open, assessed on its date: see `pipeline.assess`, which also says what it raises."""
    from plantproof.pipeline import assess

    return assess(
        opened.project,
        on=opened.on,
        engine=engine,
        provenance=provenance_of(opened, engine),
        sites=sites,
        judge=judge,
        progress=report,
        conclude=conclude,
    )


def with_commits(assessment: Assessment, opened: Opened) -> Assessment:
    """The assessment with, for every source of evidence, the commit that last changed its folder."""
    if opened.repository is None or opened.commit is None:
        return assessment
    sites = []
    for site in assessment.sites:
        sources = []
        for source in site.sources:
            last = opened.repository.log_path(opened.commit.id, f"evidence/{site.id}/{source.name}")
            sources.append(msgspec.structs.replace(source, commit=last[0].id if last else ""))
        sites.append(msgspec.structs.replace(site, sources=sources))
    return msgspec.structs.replace(assessment, sites=sites)


def token_of(path: Path | None) -> str | None:
    """The bearer token in a file. Raises InputError where the file holds no text."""
    if path is None:
        return None
    try:
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise refuse(
            "this holds no token: it is not plain text", "put the token alone on its line", path=str(path)
        ) from None


@contextmanager
def started_engine(choice: EngineChoice, limits: Limits) -> Iterator[Engine]:
    """The engine that the options name, closed afterwards. Raises InputError where the OPA options do not fit."""
    engine: Engine
    if choice.engine == "opa":
        from plantproof.policies.opa_server import OpaServerEngine

        if not choice.opa_url:
            raise refuse("--engine opa needs --opa-url", "for example --opa-url http://127.0.0.1:8181")
        engine = OpaServerEngine(
            choice.opa_url,
            token=token_of(choice.opa_token_file),
            ca_file=choice.opa_ca_file,
            timeout=choice.opa_timeout,
        )
    else:
        from plantproof.policies.embedded import EmbeddedEngine
        from plantproof.policies.protocol import Limits as EngineLimits

        held = EngineLimits(seconds=limits.seconds, memory_mb=limits.memory_mb)
        engine = EmbeddedEngine(held, jobs=choice.jobs or os.cpu_count() or 1)
        if not choice.cache:
            engine.start()  # with a cache there may be nothing to evaluate: see start_evaluating
    if choice.cache:
        engine = remembering(engine)
    try:
        yield engine
    finally:
        engine.close()


def start_evaluating(engine: Engine) -> None:
    """Start the first process that evaluates, of an engine with a memory: something is not remembered, and the process
    gets ready while that is read."""
    embedded = _embedded(engine)
    if embedded and embedded is not engine:
        embedded.start()


def rest(engine: Engine) -> None:
    """End what an engine has started here, where other processes evaluate."""
    if embedded := _embedded(engine):
        embedded.rest()


def remembering(engine: Engine) -> Engine:
    """The engine with the memo before it, or the engine alone where the cache's folder cannot be trusted."""
    from plantproof.cache import open_cache
    from plantproof.policies.memo import Remembering

    cache = open_cache()
    return Remembering(engine, cache) if cache.enabled else engine


def kept_sites(choice: EngineChoice, opened: Opened, engine: Engine) -> KeptAhead | None:
    """What sites came to in earlier runs, where a cache is wanted; says why where its folder cannot be trusted."""
    from plantproof.cache import open_cache

    cache = open_cache(choice.cache)
    if cache.note:
        click.echo(cache.note, err=True)
    if not cache.enabled:
        return None
    from plantproof.cli.kept_ahead import KeptAhead  # much to load: the processes of a pool start meanwhile

    return KeptAhead(cache, opened.project, (engine.name, engine.version))


def answer_of(opened: Opened, choice: EngineChoice) -> Answer:
    """What keeps the answer to this command line while it is given; keeps nothing where no cache is wanted, nor of the
    working tree, nor what an engine elsewhere said."""
    from plantproof.cache import open_cache
    from plantproof.cli.answered import Answer

    arguments = click.get_current_context().find_root().obj or []
    commits = [opened.commit.id] if opened.commit and choice.cache and choice.engine == "regorus" else []
    prefix, shallow = (opened.repository.prefix, opened.repository.shallow) if opened.repository else ("", False)
    return Answer(open_cache(bool(commits)), arguments, commits, prefix, opened.on, shallow=shallow)


def judge_of(opened: Opened, engine: Engine, kept: KeptAhead | None) -> Judge:
    """What must hold, read now or kept from an earlier run. Raises InputError with every mistake in it."""
    from plantproof.pipeline import load_judge

    if kept and (judge := kept.judge()):
        return judge
    judge = load_judge(opened.project, workers_of(engine))
    if kept:
        kept.save_judge(judge)
    return judge


def workers_of(engine: Engine) -> Workers | None:
    """The processes of the embedded engine, which can parse policies too; a server has none."""
    embedded = _embedded(engine)
    return embedded.workers if embedded else None


def _embedded(engine: Engine) -> EmbeddedEngine | None:
    """The embedded engine, with or without a memory before it."""
    from plantproof.policies.embedded import EmbeddedEngine
    from plantproof.policies.memo import Remembering

    asked = engine.engine if isinstance(engine, Remembering) else engine
    return asked if isinstance(asked, EmbeddedEngine) else None
