"""The keys of `setting` records: one meaning, one key, whatever the vendor. Collectors write them, policies join
them."""

from __future__ import annotations

from typing import NamedTuple


class SettingKey(NamedTuple):
    """`type` is the JSON type of the value: boolean, integer, string or strings."""

    type: str
    meaning: str


SETTING_KEYS: dict[str, SettingKey] = {
    "aaa.central": SettingKey(
        "boolean", "Administrators are authenticated by a central server (TACACS+, RADIUS, LDAP)"
    ),
    "banner.login": SettingKey("boolean", "A notice is shown before login"),
    "http.enabled": SettingKey("boolean", "The unencrypted web interface is on"),
    "https.enabled": SettingKey("boolean", "The encrypted web interface is on"),
    "lockout.duration_minutes": SettingKey(
        "integer", "For how long an account is locked; 0 until an administrator unlocks"
    ),
    "lockout.reset_minutes": SettingKey("integer", "After how many minutes failed logins are forgotten"),
    "lockout.threshold": SettingKey("integer", "Failed logins until the account is locked; 0 for never"),
    "logging.hosts": SettingKey("strings", "Log servers to which events are sent"),
    "management.restricted": SettingKey(
        "boolean", "Management access is limited to listed addresses on every line and account"
    ),
    "ntp.servers": SettingKey("strings", "Time servers"),
    "password.complexity": SettingKey("boolean", "Passwords must be complex"),
    "password.encryption": SettingKey("boolean", "Passwords in the configuration are not stored in clear"),
    "password.history": SettingKey("integer", "How many former passwords are refused"),
    "password.max_age_days": SettingKey("integer", "After how many days a password must change; 0 for never"),
    "password.min_age_days": SettingKey("integer", "For how many days a new password must be kept"),
    "password.min_length": SettingKey("integer", "Fewest characters of a password"),
    "password.reversible": SettingKey("boolean", "Passwords are stored so that they can be read back"),
    "session.emergency_override": SettingKey(
        "boolean", "An operator can act in an emergency although the station or the account is locked"
    ),
    "session.timeout_minutes": SettingKey("integer", "Longest idle time of any management session; 0 for never"),
    "snmp.default_community": SettingKey("boolean", "An SNMP community is a well-known word (public, private, ...)"),
    "snmp.versions": SettingKey("strings", "SNMP versions in use: 1, 2c, 3"),
    "snmp.writable": SettingKey("boolean", "An SNMP community may write"),
    "ssh.enabled": SettingKey("boolean", "SSH management is on"),
    "ssh.version": SettingKey("string", "SSH protocol version: 1, 2, or 1,2"),
    "switchport.unused_enabled": SettingKey(
        "integer", "Access ports without description or use that are not shut down"
    ),
    "telnet.enabled": SettingKey("boolean", "Telnet management is on"),
}
