"""Every shipped policy: its folder, its tests, its declaration, and what is decided before Rego runs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.plant_world import ON, site

from plantproof.bundled import Content
from plantproof.model.plant import NO_METHOD, Column, Origin, Plant, Table
from plantproof.model.policy import Bundle, Policy
from plantproof.model.records import KINDS
from plantproof.model.roles import BROADER
from plantproof.model.settings import SETTING_KEYS
from plantproof.model.vocabulary import Method, Outcome, Reason
from plantproof.policies.deciding import Decision
from plantproof.policies.lint import lint
from plantproof.policies.metadata import REFERENCES
from plantproof.policies.projection import project
from plantproof.policies.views import Views

FAMILIES = ("identity", "use_control", "integrity", "confidentiality", "zones", "events", "availability")
POLICIES = sorted(
    f"{path.parent.parent.name}/{path.parent.name}"
    for path in (Path(__file__).parents[3] / "policies").glob("*/*/*.rego")
    if not path.name.endswith("_test.rego")
)
SITUATIONS = ("test_passes_", "test_fails_", "test_missing_evidence_")


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest, bundle: Bundle) -> Policy:
    found: Policy = bundle.policies[request.param]
    return found


def test_two_or_more_policies_in_each_foundational_requirement(bundle: Bundle) -> None:
    families = Counter(name.split("/")[0] for name in bundle.policies)
    assert set(families) == set(FAMILIES)
    assert min(families.values()) >= 2


def test_lint_finds_nothing(bundle: Bundle) -> None:
    assert [str(finding) for finding in lint(bundle)] == []


def test_readme_lists_every_policy(root: Path, bundle: Bundle) -> None:
    rows = re.findall(
        r"^\| `(\w+/\w+)` \| (.+?) \| (\w+) \| (\w+) \|$", (root / "policies/README.md").read_text("utf-8"), re.M
    )
    told = {name: (title, subject, severity) for name, title, subject, severity in rows}
    assert told == {
        name: (each.title, each.metadata.subject, each.metadata.severity) for name, each in bundle.policies.items()
    }


def test_policy_lies_in_a_folder_of_its_name(policy: Policy) -> None:
    family, name = policy.id.split("/")
    assert policy.path == f"policies/{family}/{name}/{name}.rego"
    assert policy.package == f"policies.{family}.{name}"


def test_policy_is_tested_in_every_situation(policy: Policy, content: Content) -> None:
    """What `for` excludes is tested below; only an `applicable` rule has a case that Rego can show."""
    tests = content.read(policy.path.replace(".rego", "_test.rego")).decode()
    names = re.findall(r"^(test_\w+)", tests, re.M)
    assert len(names) == len(set(names))
    wanted = (*SITUATIONS, "test_not_applicable_") if "applicable" in policy.rules else SITUATIONS
    for situation in wanted:
        assert [name for name in names if name.startswith(situation)], f"{policy.id} has no {situation}*"


def test_metadata_is_complete(policy: Policy) -> None:
    metadata = policy.metadata
    assert policy.title
    assert not policy.title.endswith(".")
    assert policy.description.endswith(".")
    for words in (metadata.remediation.action, metadata.remediation.window, metadata.remediation.interim):
        assert words.endswith(".")
        assert len(words) > 10


def test_no_action_is_ordered_where_an_operator_may_lose_the_process(policy: Policy) -> None:
    """verdicts.md 12: where it may affect an essential function, the words name a stop, an owner or a review."""
    if {"safety", "control", "view", "manipulate"} & set(policy.metadata.may_affect):
        remediation = policy.metadata.remediation
        words = f"{remediation.action} {remediation.window}".lower()
        assert re.search(r"stop|owner|safety|shift|production|planned|engineer|operator", words)


def test_parameters_have_defaults_within_limits(policy: Policy) -> None:
    for name, parameter in policy.metadata.parameters.items():
        assert parameter.description, name
        if isinstance(parameter.default, int | float) and not isinstance(parameter.default, bool):
            assert parameter.min is not None, name
            assert parameter.max is not None, name
            assert parameter.unit, name
            assert parameter.min <= parameter.default <= parameter.max, name


def test_settings_and_roles_are_of_the_vocabulary(policy: Policy) -> None:
    for join in policy.metadata.joins.values():
        assert {str(key) for key in join.where.get("key", [])} <= SETTING_KEYS.keys()
        assert join.covered == "required"
    assert {str(role) for role in policy.metadata.for_.get("role", [])} <= BROADER.keys()


def test_not_applicable_is_whoever_for_does_not_name(policy: Policy) -> None:
    """One subject that `for` names, one that it does not, for each field that `for` asks about."""
    for field, named in policy.metadata.for_.items():
        other = not named[0] if isinstance(named[0], bool) else "printer"
        assert _decide(policy, {**_full(policy), field: other}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("kind", "applies"), [("person", True), ("builtin", True), ("shared", True), ("service", False)]
)
def test_second_factor_is_asked_of_every_account_that_people_use(bundle: Bundle, kind: str, applies: bool) -> None:
    """An assessor of IA-2(1) asks for `Administrator` first."""
    policy = bundle.policies["identity/mfa_for_privileged"]
    outcome = _decide(policy, {**_full(policy), "type": kind}).outcome
    assert outcome is (None if applies else Outcome.NOT_APPLICABLE)


SOFTWARE = ("agv", "camera", "drive", "gateway", "kvm", "load-balancer", "modem", "plc", "remote-io", "switch")
ACCOUNTS = ("camera", "directory", "gateway", "kvm", "load-balancer", "modem", "plc", "portable", "switch")
BACKED_UP = ("gateway", "load-balancer", "modem", "plc", "portable", "switch")
ROLES_OF = {
    "integrity/firmware_known": SOFTWARE,
    "integrity/vendor_support": SOFTWARE,
    "identity/mfa_for_privileged": ACCOUNTS,
    "identity/no_dormant_accounts": ACCOUNTS,
    "identity/no_shared_accounts": ACCOUNTS,
    "identity/no_weak_password_storage": ACCOUNTS,
    "identity/password_required": ACCOUNTS,
    "use_control/service_accounts_unprivileged": ACCOUNTS,
    "availability/backup_exists": BACKED_UP,
    "availability/backup_recent": BACKED_UP,
    "availability/restore_tested": BACKED_UP,
    "use_control/station_lock": ("ews", "historian", "portable"),
}


@pytest.mark.parametrize(("name", "role"), [(name, role) for name in ROLES_OF for role in ROLES_OF[name]])
def test_no_device_is_left_out_that_the_requirement_means(bundle: Bundle, name: str, role: str) -> None:
    """What a policy leaves out is nothing to an answer that claims all of a part: a drive that its vendor gave up, the
    shared account of a gateway."""
    policy = bundle.policies[name]
    field = next(field for field in policy.metadata.for_ if field.endswith("role"))
    assert _decide(policy, {**_full(policy), field: role}).outcome is None


def test_missing_evidence_on_applicability_is_no_evidence(policy: Policy) -> None:
    for field in policy.metadata.for_:
        for unclear in [None, "Steuerung 7"] if field.endswith("role") else [None]:
            decision = _decide(policy, {**_full(policy), field: unclear})
            assert (decision.outcome, decision.reason) == (Outcome.NO_EVIDENCE, Reason.UNKNOWN_APPLICABILITY)


def test_missing_required_field_is_no_evidence(policy: Policy) -> None:
    for field in [name for name, need in policy.metadata.reads.items() if need == "required"]:
        decision = _decide(policy, {**_full(policy), field: None})
        assert decision.outcome is Outcome.NO_EVIDENCE
        assert field in decision.detail


def test_records_that_nobody_looked_for_are_no_evidence(policy: Policy) -> None:
    covered = _decide(policy, _full(policy))
    assert covered.outcome is None, "with everything there the engine decides"
    for kind in policy.metadata.joins:
        decision = _decide(policy, _full(policy), silent=kind)
        assert (decision.outcome, decision.reason) == (Outcome.NO_EVIDENCE, Reason.NOT_COVERED)


# --- one subject, as the framework sees it ---------------------------------------------------------------------------


def _full(policy: Policy) -> dict[str, Any]:
    """A subject to which the policy applies, with every declared field."""
    fields: dict[str, Any] = dict.fromkeys(policy.metadata.reads, "something")
    fields |= dict.fromkeys(policy.metadata.ages, "2026-01-01")
    fields |= dict.fromkeys(policy.metadata.follow, "a1")
    return fields | {name: values[0] for name, values in policy.metadata.for_.items()}


def _decide(policy: Policy, fields: dict[str, Any], silent: str = "") -> Decision:
    """What is decided of one subject before Rego runs. `silent` is a joined kind that no source covers."""
    kind = policy.metadata.subject
    followed = {name: "something" for names in policy.metadata.follow.values() for name in names}
    followed |= {name.partition(".")[2]: value for name, value in fields.items() if "." in name}
    fields = {name: value for name, value in fields.items() if "." not in name}
    if kind != "asset":
        fields.setdefault("asset", "a1")
    assets = _table("asset", "a1", fields if kind == "asset" else followed)
    joined = set(policy.metadata.joins)
    plant = Plant(
        site=site(),
        date=ON,
        tables={
            **{name: _table(name, "", {}) for name in joined},
            **{REFERENCES[name]: _table(REFERENCES[name], "a1", followed) for name in policy.metadata.follow},
            "asset": assets,
            kind: assets if kind == "asset" else _table(kind, "s1", fields),
        },
        uncovered={},
        covered_assets={name: bytearray([name != silent]) for name in KINDS},
        context={"zone": b"[]", "conduit": b"[]"},
        names={},
        placement={},
        sources=(),
        attestations=(),
        lapses=(),
    )
    parameters = {name: parameter.default for name, parameter in policy.metadata.parameters.items()}
    projection = project(policy, parameters, Views(plant, ON))
    assert projection is not None
    return projection.decisions[projection.groups[0]]


def _table(kind: str, identifier: str, fields: dict[str, Any]) -> Table:
    """A table of one row, or of none where the identifier is empty."""
    ids = [identifier] if identifier else []
    columns = {
        name: Column(
            values=[None if value is None else msgspec.json.encode(value)],
            methods=bytearray([NO_METHOD if value is None else Method.CONFIG]),
            disputed={},
            stale=set(),
        )
        for name, value in fields.items()
        if ids
    }
    return Table(
        kind=kind,
        ids=ids,
        rows={name: row for row, name in enumerate(ids)},
        columns=columns,
        fresh=bytearray([1] * len(ids)),
        zones=[("cell",)] * len(ids),
        conduits=[()] * len(ids),
        asset_rows=[0] * len(ids),
        origins=[(Origin("test", "", 0),)] * len(ids),
        methods=bytearray([Method.CONFIG] * len(ids)),
    )
