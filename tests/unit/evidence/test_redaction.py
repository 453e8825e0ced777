"""Secrets never reach git: tokens, placeholders, the sweep, and what happens the second time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantproof.errors import InputError
from plantproof.evidence.collectors.protocol import Export, Secret
from plantproof.evidence.redaction import RedactionKey, check_key, keyed_hash, redact, sweep, token

KEY = RedactionKey("k1", b"0123456789abcdef0123456789abcdef")
OTHER = RedactionKey("k2", b"fedcba9876543210fedcba9876543210")


def span(data: bytes, word: bytes, how: str = "token") -> Secret:
    start = data.index(word)
    return Secret("x", start, start + len(word), "password", how)


def test_equal_secrets_give_equal_tokens_under_one_key_only() -> None:
    assert token(KEY, "winter") == token(KEY, "winter") != token(KEY, "summer")
    assert token(KEY, "winter")[13:] != token(OTHER, "winter")[13:]


def test_a_token_needs_a_key_and_a_salted_secret_gets_none() -> None:
    data = b"line 1\npassword winter\n"
    with_key, found = redact(Export("x", data), [span(data, b"winter")], KEY)
    assert with_key.data == b"line 1\npassword " + token(KEY, "winter").encode() + b"\n"
    assert [(one.line, one.what, one.how) for one in found] == [(2, "password", "token")]
    assert redact(Export("x", data), [span(data, b"winter")], None)[0].data == b"line 1\npassword <redacted>\n"
    assert redact(Export("x", data), [span(data, b"winter", "placeholder")], KEY)[0].data.endswith(b"<redacted>\n")


def test_what_is_redacted_stays_as_it_is() -> None:
    data = f"a {token(OTHER, 'x')}\nb <redacted>\n".encode()
    spans = [span(data, token(OTHER, "x").encode()), span(data, b"<redacted>")]
    same, found = redact(Export("x", data), spans, KEY)
    assert same.data == data
    assert [one.how for one in found] == ["token", "placeholder"]


def test_overlapping_spans_leave_nothing_of_either() -> None:
    data = b"abcdefgh"
    spans = [Secret("x", 1, 4, "one"), Secret("x", 3, 6, "two")]
    assert redact(Export("x", data), spans, KEY)[0].data == b"a<redacted>gh"


def test_utf_16_is_redacted_in_its_own_encoding() -> None:
    data = "\ufeffname;password=Wïnter2026\r\nnext\r\n".encode("utf-16-le")
    export = Export("x", data)
    stored, found = redact(export, sweep(export), None)
    assert stored.data.decode("utf-16") == "name;password=<redacted>\r\nnext\r\n"
    assert [one.line for one in found] == [1]


PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (PEM, "MIIEow"),
        ('{"key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----"}', "MIIEvQ"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz", "b3BlbnNz"),
        (
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n",
            "P2/56wAA",
        ),
        ("-----BEGIN OpenVPN Static key V1-----\n6acef03f\n-----END OpenVPN Static key V1-----\n", "6acef03f"),
        ('{"snmp_community": "plantRead"}', "plantRead"),
        ('{"custom_fields": {"admin password": "Sommer26"}}', "Sommer26"),
        ("Description,pw note: Password: Winter2026!", "Winter2026!"),
        ("db_password=hunter22", "hunter22"),
        ("İstanbul PASSWORD=Hunter22", "Hunter22"),
        ("backup via ftp://svc:geheim@192.0.2.1/cfg", "geheim"),
        ("Authorization: Bearer abcdefghijklmnop1234", "abcdefghijklmnop1234"),
        ("key AKIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
    ],
)
def test_the_sweep_finds_secrets_by_shape(text: str, secret: str) -> None:
    export = Export("x", text.encode())
    stored, found = redact(export, sweep(export), None)
    assert secret.encode() not in stored.data
    assert found
    again, _ = redact(stored, sweep(stored), KEY)
    assert again.data == stored.data


@pytest.mark.parametrize(
    "text",
    [
        '"Password LastSet","Password Not Required"',
        '"Minimum password length","0"',
        '{"password_never_expires": true, "secret": "true"}',
        "password: yes",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ],
)
def test_the_sweep_leaves_what_is_no_secret(text: str) -> None:
    assert sweep(Export("x", text.encode())) == []


def test_the_hash_of_an_original_is_keyed_or_absent() -> None:
    assert keyed_hash(None, b"x") == ""
    assert keyed_hash(KEY, b"x").startswith("hmac-sha256:k1:")
    assert keyed_hash(KEY, b"x") != keyed_hash(OTHER, b"x").replace("k2", "k1")


@pytest.mark.parametrize(
    "key", [RedactionKey("k 1", b"x" * 32), RedactionKey("", b"x" * 32), RedactionKey("k1", b"short")]
)
def test_a_key_that_keeps_nothing_is_refused(key: RedactionKey) -> None:
    with pytest.raises(InputError):
        check_key(key)


@settings(max_examples=150)
@given(text=st.text(alphabet='password=:"<redacted>abc1 \n,', max_size=120))
def test_sweeping_twice_changes_nothing_more(text: str) -> None:
    export = Export("x", text.encode())
    once, _ = redact(export, sweep(export), KEY)
    for _ in range(4):
        twice, _ = redact(once, sweep(once), KEY)
        if twice == once:
            break
        once = twice
    assert redact(once, sweep(once), KEY)[0] == once
