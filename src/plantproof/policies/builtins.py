"""The builtin functions that both engines have and answer alike. A policy may call no others."""

from __future__ import annotations

ALLOWED = frozenset(
    """
    abs array.concat array.reverse array.slice
    base64.decode base64.encode base64.is_valid base64url.decode base64url.encode base64url.encode_no_pad
    bits.and bits.lsh bits.negate bits.or bits.rsh bits.xor
    ceil concat contains count endswith floor format_int
    glob.match glob.quote_meta graph.reachable graph.reachable_paths hex.decode hex.encode
    indexof indexof_n intersection
    is_array is_boolean is_null is_number is_object is_set is_string
    json.filter json.is_valid json.marshal json.patch json.remove json.unmarshal
    lower max min net.cidr_contains net.cidr_expand net.cidr_is_valid numbers.range numbers.range_step
    object.filter object.get object.keys object.remove object.subset object.union object.union_n
    product regex.find_all_string_submatch_n regex.find_n regex.is_valid regex.match regex.replace regex.split
    replace round semver.compare semver.is_valid sort split sprintf startswith
    strings.any_prefix_match strings.any_suffix_match strings.count strings.replace_n strings.reverse
    substring sum time.clock time.date time.diff time.parse_duration_ns time.parse_ns time.parse_rfc3339_ns time.weekday
    to_number trim trim_left trim_prefix trim_right trim_space trim_suffix type_name
    union units.parse units.parse_bytes upper urlquery.decode urlquery.encode walk
    """.split()  # noqa: SIM905  a table of words, not of quotes
)

FORBIDDEN = {
    "http.send": "a policy reaches no network: what it needs is evidence",
    "io.jwt.": "not in both engines",
    "crypto.": "not in both engines",
    "net.": "not in both engines",
    "opa.runtime": "a policy sees neither the environment nor the configuration of its engine",
    "print": "printing belongs into tests",
    "rand.": "the same evidence must give the same verdict",
    "rego.metadata.": "not in both engines",
    "rego.parse_module": "not in both engines",
    "time.add_date": "the engines differ at month ends: use `ages:`",
    "time.now_ns": "the date of the assessment is given: use `ages:`",
    "trace": "tracing belongs into tests",
    "uuid.": "the same evidence must give the same verdict",
    "yaml.": "the engines read YAML differently",
}
"""Why a builtin is not allowed, by its name or the start of it."""


def refusal(name: str) -> str:
    """Why a function that is not allowed is not, in words; "" where it is simply unknown."""
    return next((why for start, why in FORBIDDEN.items() if name == start or name.startswith(start)), "")
