"""The formats that `collect` reads: one row a module, imported when first asked for."""

from __future__ import annotations

BUILT_IN: dict[str, str] = {
    "adrecon": "plantproof.evidence.collectors.adrecon",
    "cisco-ios": "plantproof.evidence.collectors.cisco_ios",
    "csv": "plantproof.evidence.collectors.generic_csv",
    "fortios": "plantproof.evidence.collectors.fortios",
    "netbox": "plantproof.evidence.collectors.netbox",
    "nozomi-assets": "plantproof.evidence.collectors.nozomi",
    "veeam-sessions": "plantproof.evidence.collectors.veeam",
}
"""Format -> module. A plugin adds rows through the entry point group `plantproof.collectors`, and replaces none."""
