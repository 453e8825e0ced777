"""The words that every stage shares: outcomes, methods, severities."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Outcome(IntEnum):
    """One policy on one subject. One byte in a column of observations; no other value is ever stored."""

    PASS = 0
    FAIL = 1
    NOT_APPLICABLE = 2
    NO_EVIDENCE = 3
    ERROR = 4

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", "-")


class Conclusion(StrEnum):
    """A finding on a control, or on a part of one."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not-satisfied"
    NOT_ASSESSED = "not-assessed"
    NOT_APPLICABLE = "not-applicable"


class Method(IntEnum):
    """How a fact came to be known, strongest first, so that the weakest of several is their `max` (verdicts.md 4)."""

    CONFIG = 0
    ACTIVE = 1
    PASSIVE = 2
    PROPOSED = 3
    DECLARED = 4
    ATTESTED = 5

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def tested(self) -> bool:
        """Only what was read from a device, a network or a configuration counts as tested."""
        return self <= Method.PASSIVE


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the most severe."""
        return list(Severity).index(self)


class Reason(StrEnum):
    """Why an observation is `no-evidence` or `error`: silence has names."""

    MISSING_FIELD = "missing-field"
    STALE = "stale"
    NOT_COVERED = "not-covered"
    DISPUTED = "disputed"
    UNKNOWN_APPLICABILITY = "unknown-applicability"
    UNRESOLVED_REFERENCE = "unresolved-reference"
    RETIRED_WITHOUT_RECORD = "no-longer-reported"
    UNCONFIRMED = "draft-intent"
    ENGINE = "engine-error"
    LIMIT = "limit-exceeded"
    CRASHED = "worker-died"
