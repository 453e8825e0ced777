"""Whatever the format: no clear text of a secret is stored, what is stored can be read again, and nothing is redacted
twice. Every secret of the invented files is called `Zq<number>Xv`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from plantproof.evidence.collectors import adrecon, cisco_ios, fortios, generic_csv, netbox, nozomi
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.redaction import RedactionKey, redact, sweep
from plantproof.model.project_file import ColumnMapping, SourceSettings

KEY = RedactionKey("k1", b"0123456789abcdef0123456789abcdef")
OTHER = RedactionKey("k2", b"fedcba9876543210fedcba9876543210")
SUPPORT = Path(__file__).parents[2] / "support"
SECRET = re.compile(r"Zq\w*")


def stored(module: Any, data: str, name: str, key: RedactionKey | None = KEY) -> str:
    """The export as stored: what the collector and the sweep name is redacted, until nothing more is named."""
    settings = SourceSettings(mapping=ColumnMapping(kind="asset", fields={"names": "name"}))
    export, last = Export(name, data.encode()), None
    for _ in range(5):
        last, secrets = export, [*module.collect([export], settings).secrets, *sweep(export)]
        export, _ = redact(export, secrets, key)
        if export == last:
            break
    assert export == last
    again, _ = redact(export, [*module.collect([export], settings).secrets, *sweep(export)], OTHER)
    assert again == export
    return export.data.decode()


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize(
    ("module", "name"),
    [(cisco_ios, "secrets_cisco_ios.cfg"), (fortios, "secrets_fortios.conf")],
    ids=["ios", "fortios"],
)
def test_no_secret_of_a_whole_configuration_is_stored(module: Any, name: str, key: RedactionKey | None) -> None:
    text = (SUPPORT / name).read_text()
    assert len(SECRET.findall(text)) > 180
    result = stored(module, text, name, key)
    assert [line for line in result.splitlines() if SECRET.search(line)] == []
    assert ("<redacted:k1:" in result) == (key is not None)
    assert len(result.splitlines()) >= len(text.splitlines()) - 8  # private keys and scripts span several lines


DEVICE = {"id": 1, "name": "x", "device_type": {"id": 1, "model": "m"}, "custom_fields": {}}
NOTES = [
    "pw: Zq1Xv", "PW=Zq2Xv", "pw Zq3Xv", "Password is Zq4Xv", "password Zq5Xv", "Pass: Zq6Xv",
    "initial password -> Zq7Xv", "pwd - Zq8Xv", "Passwort: Zq9Xv", "Kennwort Zq10Xv", "mot de passe: Zq11Xv",
    "mdp: Zq12Xv", "contrasena: Zq13Xv", "contraseña: Zq14Xv", "login svc/Zq15Xv", "creds: svc:Zq16Xv",
    "user svc pass Zq17Xv", "PIN: Zq18Xv", "default pw='Zq19Xv'", "pw: Zq20Xv Zq21Xv", "The password was set to Zq22Xv",
    "passcode: Zq23Xv", "admin pw (Zq24Xv)", "PASSWORD := Zq25Xv", "P/W: Zq26Xv", "p@ss: Zq27Xv", "temp pass Zq28Xv",
    "senha: Zq29Xv", "wachtwoord: Zq30Xv", "hasło: Zq31Xv", "пароль: Zq32Xv", "密码: Zq33Xv", "パスワード：Zq34Xv",
    "Passphrase Zq35Xv", "secret Zq36Xv", "key: Zq37Xv", "token: Zq38Xv", "password: Zq39Xv;rest", "root:Zq40Xv",
    "net user x Zq41Xv /add", "admin / Zq42Xv", "https://x.example/?user=u&token=Zq43Xv", "ftp://u:p@Zq44Xv@h/",
    "ftp://u:Zq45/Zq46Xv@h/", "x-api-key: Zq47Xv", "Authorization: Token Zq48Xv", "$6$Zq49Xv$abcdefgh",
    "the password is correct horse Zq50Xv",
]  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_what_a_note_announces_is_stored_in_no_format(note: str) -> None:
    row = f'"kim","True","1/2/2026","13/2/2026","{note}","CN=kim,DC=plant,DC=example"'
    head = '"UserName","Enabled","Password LastSet","Last Logon Date","Description","DistinguishedName"'
    assert not SECRET.search(stored(adrecon, f"{head}\n{row}\n", "Users.csv"))
    assert not SECRET.search(stored(generic_csv, f'name,note\nplc,"{note}"\nhmi,{note.replace(",", "")}\n', "x.csv"))
    config = "hostname sw\ninterface Vlan1\n description {0}\nip access-list extended X\n remark {0}\n{1}end\n"
    assert not SECRET.search(stored(cisco_ios, config.format(note, f"banner motd ^C\n{note}\n^C\n"), "sw.cfg"))
    device = {**DEVICE, "comments": f"first\n{note}\nlast", "local_context_data": json.dumps({"n": note})}
    for indent in (None, 2):
        answer = json.dumps({"count": 1, "results": [device]}, indent=indent, ensure_ascii=False)
        text = stored(netbox, answer, "devices.json")
        assert not SECRET.search(text)
        assert json.loads(text)["results"][0]["name"] == "x"


@pytest.mark.parametrize(
    "note",
    [
        "password changed 2020", "never share the password", "password policy applies", "Hotpatching: on",
        "pass-through: enabled", "Password: required", "operator panel", "key switch in the cabinet", "user: kim",
        "service: 10.0.0.1", "see https://192.0.2.1:8443/a", "mail admin: kim@plant.example", "token ring",
        "Minimum password age: 1", "support contract until 2027", "login from HMI only", "passive sensor",
    ],
)  # fmt: skip
def test_a_note_that_announces_nothing_stays(note: str) -> None:
    assert sweep(Export("x", f"{note}\n".encode())) == []
    assert sweep(Export("x", json.dumps({"description": note}).encode())) == []


JSON_SECRETS = {
    "custom_fields": {
        "snmp_community": "Zq1Xv", "admin password": "Zq2Xv", "bmc": {"user": "a", "pass": "Zq3Xv"}, "pw": "Zq4Xv",
        "secret": ["Zq5Xv", "Zq6Xv"], "credentials": {"username": "kim", "value": "Zq7Xv"}, "api_token": "Zq8Xv",
        "psk": 90001234567, "Pin": "Zq9Xv", "tacacs": {"key": "Zq10Xv"}, "auth_pass": "Zq11Xv", "hash": "$6$Zq12Xv12",
        "secret_key": "Zq13Xv", "community_ro": "Zq14Xv", "aws_secret_access_key": "Zq15Xv", "token": "Zq16Xv",
        "nested": {"password": {"value": "Zq17Xv", "deeper": [{"x": "Zq18Xv"}]}}, "ciphertext": "Zq19Xv",
    }
}  # fmt: skip


def test_values_of_secret_keys_in_json_are_stored_nowhere_and_it_stays_json() -> None:
    device = {**DEVICE, **JSON_SECRETS, "local_context_data": json.dumps(JSON_SECRETS), "vlan_count": 12345}
    for module, value in ((netbox, {"results": [device]}), (nozomi, {"result": [{**device, "id": "a"}]})):
        text = stored(module, json.dumps(value), "x.json")
        assert not SECRET.search(text)
        assert '"psk": "<redacted:k1:' in text
        after = json.loads(text)
        row = (after.get("results") or after["result"])[0]
        assert (row["name"], row["vlan_count"]) == ("x", 12345)
        assert row["custom_fields"]["credentials"]["username"] == "kim"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_of_secrets_are_stored_empty_handed_and_the_others_whole(sign: str) -> None:
    columns = ("name", "Password", "ms-Mcs-AdmPwd", "snmp community", "Password LastSet", "Password Never Expires")
    rows = [
        ("plc", "Zq 1Xv", '"Zq2,""Zq3;Xv"', "Zq4Xv", "1/2/2026", "True"),
        ("hmi", "", "Zq5Xv", "none", "x", "False"),
    ]
    text = "\r\n".join(sign.join(cells) for cells in (columns, *rows)) + "\r\n"
    result, _ = redact(Export("x.csv", text.encode()), sweep(Export("x.csv", text.encode())), None)
    lines = result.data.decode().split("\r\n")
    assert lines[0] == sign.join(columns)
    assert lines[1] == sign.join(("plc", "<redacted>", '"<redacted>"', "<redacted>", "1/2/2026", "True"))
    assert lines[2] == sign.join(("hmi", "", "<redacted>", "none", "x", "False"))


def test_a_text_made_to_be_slow_is_swept_in_linear_time() -> None:
    for piece in (
        "pw: ",
        '"password": {',
        "password password ",
        "user user ",
        '"pw": "',
        "://a:",
        "secret: \\",
        "-- key:(",
    ):
        assert len(sweep(Export("x", (piece * 20_000).encode()))) <= 20_000
