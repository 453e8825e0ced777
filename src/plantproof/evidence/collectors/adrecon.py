"""ADRecon, the CSV files of a directory: users, members of groups, the default password policy."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.evidence.collectors import dates, reading, values
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft, Export, Unread
from plantproof.model.project_file import SourceSettings
from plantproof.text import shown

FORMAT = "adrecon"
TITLE = "ADRecon: Users, GroupMembers and DefaultPasswordPolicy (CSV)"
TOOL = "ADRecon"
KINDS = ("account", "asset", "setting")
METHOD = "active"

DOMAIN = "domain"
"""The key in `assets:` of a source's settings that names the directory, where no users say it."""

_USERS = ("UserName", "Enabled", "Password LastSet", "Last Logon Date")
_MEMBERS = ("Group Name", "Member UserName", "Member Name", "AccountType")
_DATES = {
    "password_set": "Password LastSet", "last_logon": "Last Logon Date", "created": "whenCreated",
    "expires": "Account Expiration Date",
}  # fmt: skip
_FLAGS = {
    "enabled": "Enabled", "password_never_expires": "Password Never Expires", "never_logged_on": "Never Logged in",
    "password_not_required": "Password Not Required", "locked_out": "Account Locked Out",
    "reversible_encryption": "Reversible Password Encryption",
    # Without it the directory lets a password alone in.
    "mfa": "Smartcard Logon Required",
}  # fmt: skip
_PRIVILEGED = frozenset(
    {
        "account operators", "administrators", "backup operators", "dnsadmins", "domain admins", "enterprise admins",
        "enterprise key admins", "group policy creator owners", "incoming forest trust builders", "key admins",
        "print operators", "schema admins", "server operators",
    }
)  # fmt: skip
"""Groups that hold the directory, or can take it. Directories in other languages: AdminCount tells."""

_PRIMARY = frozenset({"512", "518", "519", "520", "526", "527"})
"""The numbers of such groups, the same in every language: who has one as primary group is not listed as a member."""

_POLICY: dict[str, tuple[str, str]] = {
    "enforce password history": ("password.history", "integer"),
    "maximum password age (days)": ("password.max_age_days", "integer"),
    "minimum password age (days)": ("password.min_age_days", "integer"),
    "minimum password length": ("password.min_length", "integer"),
    "password must meet complexity requirements": ("password.complexity", "boolean"),
    "store password using reversible encryption for all users in the domain": ("password.reversible", "boolean"),
    "account lockout duration (mins)": ("lockout.duration_minutes", "integer"),
    "account lockout threshold": ("lockout.threshold", "integer"),
    "reset account lockout counter after (mins)": ("lockout.reset_minutes", "integer"),
}
_BUILT_IN = re.compile(r"-50[0-3]\Z")


class _Files(NamedTuple):
    users: list[tuple[Export, reading.Sheet]]
    members: list[tuple[Export, reading.Sheet]]
    policies: list[tuple[Export, reading.Sheet]]


def recognise(export: Export) -> int:
    """By the columns of the header; the policy by its first rows, since `Policy,Value` alone is anybody's."""
    try:
        head = reading.decode(Export(export.name, export.data[:20_000])) if export.data else ""
    except Exception:  # noqa: BLE001 - a cut inside a character, a binary file: it is not ours then
        head = export.data[:20_000].decode("utf-8", "ignore")
    header = head.split("\n", 1)[0]
    if all(f'"{column}"' in header or column in header for column in ("UserName", "Password LastSet")):
        return 95
    if "Group Name" in header and "Member UserName" in header:
        return 95
    return 95 if "Policy" in header and "Enforce password history" in head else 0


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """Accounts, and the settings of the directory as asset `ad-domain:<name>`. Raises `InputError` for a file that is
    none of the three, for dates of two orders, and where nothing says which domain it is."""
    files = _sorted(exports)
    unread: list[Unread] = []
    remarks: list[Unread] = []
    for export, sheet in [*files.users, *files.members, *files.policies]:
        unread += [Unread(export.name, line, what) for line, what in sheet.uneven]
        remarks += [
            Unread(export.name, row.line, f"formula in `{column}`") for row in sheet.rows for column in row.formulas
        ]
    domain = _domain(files, settings, exports)
    name = settings.assets.get(domain, f"ad-domain:{domain}")
    first = exports[0].name
    asset = AssetDraft(name, [AssetKey("name", name)], {"names": [name], "role": "directory"}, first, line=1)
    drafts = [*_accounts(files, domain, name, settings, unread, remarks), *_settings(files, name, unread)]
    return Collected(
        assets=[asset],
        drafts=drafts,
        unread=unread,
        secrets=[],
        remarks=remarks,
        rows={export.name: len(sheet.rows) + len(sheet.uneven) for part in files for export, sheet in part},
    )


def _sorted(exports: Sequence[Export]) -> _Files:
    files = _Files([], [], [])
    for export in exports:
        sheet = reading.sheet(export)
        if "Group Name" in sheet.columns:
            reading.require_columns(export, sheet.columns, _MEMBERS)
            files.members.append((export, sheet))
        elif "Policy" in sheet.columns:
            if "Value" not in sheet.columns:
                reading.require_columns(export, sheet.columns, ("Policy", "Current Value"))
            files.policies.append((export, sheet))
        else:
            reading.require_columns(export, sheet.columns, _USERS)
            files.users.append((export, sheet))
    return files


def _domain(files: _Files, settings: SourceSettings, exports: Sequence[Export]) -> str:
    if DOMAIN in settings.assets:
        return settings.assets[DOMAIN].removeprefix("ad-domain:").lower()
    found = set()
    for _, sheet in files.users:
        for row in sheet.rows:
            parts = re.findall(r"(?i)(?:^|,)DC=([^,]+)", row.cells.get("DistinguishedName", ""))
            name = ".".join(parts) or row.cells.get("CanonicalName", "").split("/")[0]
            if name:
                found.add(name.strip().lower())
    if len(found) > 1:
        raise refuse(
            f"users of {len(found)} domains: {shown(', '.join(sorted(found)))}",
            "one source a domain",
            path=exports[0].name,
        )
    if not found:
        raise refuse(
            "nothing says which domain this is",
            f"collect Users.csv with it, or set `assets: {{{DOMAIN}: plant.example}}` for the source",
            path=exports[0].name,
        )
    return found.pop()


def _privileged(files: _Files) -> set[str] | None:
    """Names of the users in a privileged group, directly or through groups; None where no membership was exported, or
    where none of these groups is in it by its English name: a whole export has some, whatever the plant."""
    users: dict[str, set[str]] = defaultdict(set)
    inner: dict[str, set[str]] = defaultdict(set)
    for _, sheet in files.members:
        for row in sheet.rows:
            group = row.cells["Group Name"].strip().casefold()
            if row.cells["AccountType"].strip().casefold() == "group":
                inner[group].add(row.cells["Member Name"].strip().casefold())
            else:
                users[group].add(row.cells["Member UserName"].strip().casefold())
    if not _PRIVILEGED & {*users, *inner}:
        return None
    reached, waiting = set(_PRIVILEGED), list(_PRIVILEGED)
    while waiting:
        for group in inner[waiting.pop()] - reached:
            reached.add(group)
            waiting.append(group)
    return {user for group in reached for user in users[group]}


def _accounts(
    files: _Files, domain: str, asset: str, settings: SourceSettings, unread: list[Unread], remarks: list[Unread]
) -> list[Draft]:
    clock = dates.zone(settings.time_zone)
    cells = [row.cells.get(column, "") for _, sheet in files.users for row in sheet.rows for column in _DATES.values()]
    order = dates.order(cells, settings.date_order)
    privileged = _privileged(files)
    drafts, seen = [], set()
    for export, sheet in files.users:
        for row in sheet.rows:
            principal = values.text(row.cells["UserName"])
            if not principal:
                unread.append(Unread(export.name, row.line, "a user without `UserName`"))
                continue
            seen.add(principal.casefold())
            found = {field: dates.iso(row.cells.get(column), order, clock) for field, column in _DATES.items()}
            remarks += [
                Unread(
                    export.name,
                    row.line,
                    f"`{_DATES[field]}` is no clear date: {shown(row.cells[_DATES[field]], 40)}",
                )
                for field, date in found.items()
                if not date and values.text(row.cells.get(_DATES[field]))
            ]
            flags = {field: values.truth(row.cells.get(column)) for field, column in _FLAGS.items()}
            # PowerShell writes True and False in every language; a spreadsheet that saved the file does not.
            remarks += [
                Unread(
                    export.name,
                    row.line,
                    f"`{_FLAGS[field]}` is neither True nor False: {shown(row.cells[_FLAGS[field]], 40)}",
                )
                for field, flag in flags.items()
                if flag is None and values.text(row.cells.get(_FLAGS[field]))
            ]
            sid = row.cells.get("SID", "").strip()
            fields = values.known(
                principal=principal,
                scope=domain,
                type="builtin" if _BUILT_IN.search(sid) else None,
                privileged=_is_privileged(principal, row, privileged),
                **found,
                **flags,
            )
            drafts.append(
                Draft(
                    "account",
                    principal.casefold(),
                    fields,
                    export.name,
                    asset=asset,
                    line=row.line,
                    last_seen=found["last_logon"],
                )
            )
    for export, sheet in files.members:
        unread += [
            Unread(
                export.name,
                row.line,
                f"member `{shown(row.cells['Member UserName'], 40)}` is not among the users",
            )
            for row in sheet.rows
            if row.cells["AccountType"].strip().casefold() == "user"
            and row.cells["Member UserName"].strip().casefold() not in seen
        ]
    return drafts


def _is_privileged(principal: str, row: reading.Row, privileged: set[str] | None) -> bool | None:
    if row.cells.get("AdminCount", "").strip() == "1" or row.cells.get("Primary GroupID", "").strip() in _PRIMARY:
        return True
    if privileged is not None and principal.casefold() in privileged:
        return True
    # AdminCount alone proves who is privileged, never who is not.
    return None if privileged is None else False


def _settings(files: _Files, asset: str, unread: list[Unread]) -> list[Draft]:
    drafts = []
    for export, sheet in files.policies:
        column = "Value" if "Value" in sheet.columns else "Current Value"
        for row in sheet.rows:
            key, kind = _POLICY.get(row.cells["Policy"].strip().lower(), ("", ""))
            cell = row.cells[column]
            value = (values.truth(cell) if kind == "boolean" else values.whole(cell)) if key else None
            if value is None:
                unread.append(
                    Unread(export.name, row.line, f"policy `{shown(row.cells['Policy'], 60)}`: value not understood")
                )
                continue
            drafts.append(Draft("setting", key, {"key": key, "value": value}, export.name, asset=asset, line=row.line))
    return drafts
