"""Lines and indentation: places in bytes, banners and certificates that are no commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.errors import InputError
from plantproof.evidence.dialects.indented import parse_indented
from plantproof.evidence.dialects.lines import clean, is_number, number, split_lines


def shape(text: str) -> list[object]:
    def of(node: object) -> object:
        children = [of(child) for child in node.children]  # a Node
        return [node.text, *children] if children else node.text  # a Node

    return [of(node) for node in parse_indented(split_lines(text.encode(), "x"))[0]]


def test_what_is_indented_belongs_to_what_stands_above() -> None:
    text = "a\n b\n  c\n d\ne\n"
    assert shape(text) == [["a", ["b", "c"], "d"], "e"]


def test_comments_are_kept_apart() -> None:
    top, comments = parse_indented(split_lines(b"! one\na\n! two\n b\n!\n", "x"))
    assert [line.text for line in comments] == ["! one", "! two", "!"]
    assert [node.text for node in top[0].walk()] == ["a", "b"]


@pytest.mark.parametrize(
    "banner",
    [
        "banner motd ^C\nhostname evil\n^C",
        "banner login #\nhostname evil\n enable secret x\n#",
        "banner exec \x03\nhostname evil\n\x03",
        "banner motd ^CWelcome\nhostname evil^C",
        "banner motd #one line#",
    ],
)
def test_a_banner_is_no_command_whatever_it_says(banner: str) -> None:
    text = f"a\n{banner}\nend\n"
    assert [node if isinstance(node, str) else node[0] for node in shape(text)][::2] == ["a", "end"]


def test_a_banner_without_end_swallows_the_rest() -> None:
    assert "end" not in shape("banner motd #\nnever\nend\n")


def test_a_certificate_is_no_command() -> None:
    text = "crypto pki certificate chain T\n certificate 01\n  30820122 A0\n  hostname\n  quit\nend\n"
    assert shape(text) == [["crypto pki certificate chain T", "certificate 01"], "end"]


def test_a_certificate_in_a_file_on_the_device_swallows_no_command() -> None:
    text = "crypto pki certificate chain T\n certificate self-signed 01 nvram:IOS-Self-Sig#1.cer\n certificate ca 02\n"
    text += "  3082 0122 A0\n  \tquit\n certificate 03 nvram:x.cer\ninterface Vlan1\n shutdown\nend\n"
    assert shape(text) == [
        ["crypto pki certificate chain T", "certificate self-signed 01 nvram:IOS-Self-Sig#1.cer", "certificate ca 02",
         "certificate 03 nvram:x.cer"],
        ["interface Vlan1", "shutdown"], "end",
    ]  # fmt: skip


def test_a_certificate_that_is_cut_off_ends_with_its_block() -> None:
    text = "crypto pki certificate chain T\n certificate 01\n  30820122\n  hostname\nhostname x\nend\n"
    assert shape(text) == [["crypto pki certificate chain T", "certificate 01"], "hostname x", "end"]


@given(st.binary(max_size=200).filter(lambda data: b"\0" not in data and data.strip()))
def test_each_line_is_where_it_says(data: bytes) -> None:
    try:
        lines = split_lines(data, "x")
    except InputError:
        return
    for line in lines:
        start, end = line.span(0, len(line.text))
        assert data[start:end] == line.text.encode("utf-8", "surrogateescape")
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_a_byte_order_mark_and_windows_line_ends_are_no_text() -> None:
    assert [line.text for line in split_lines(b"\xef\xbb\xbfa\r\nb", "x")] == ["a", "b"]


@pytest.mark.parametrize(("data", "told"), [(b"", "empty"), (b" \n", "empty"), (b"a\n\x00", "binary")])
def test_what_is_no_text_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        split_lines(data, "x")


def test_utf_16_is_named() -> None:
    with pytest.raises(InputError, match="UTF-16"):
        split_lines("hostname x".encode("utf-16"), "x")


@given(st.text())
def test_clean_text_can_be_printed_and_encoded(text: str) -> None:
    assert all(sign.isprintable() for sign in clean(text))
    clean(text).encode()


def test_clean_keeps_what_is_no_utf_8_visible() -> None:
    assert clean("a\udcffb\x1b[31m") == "a?b\ufffd[31m"


@pytest.mark.parametrize("word", ["", "-1", "+1", "1.0", "²", "１", "9" * 5000, "0x1"])
def test_what_is_no_number(word: str) -> None:
    assert not is_number(word)
    assert number(word, 10) is None


def test_a_number_has_a_limit() -> None:
    assert (number("10", 10), number("11", 10), number("007", 10)) == (10, None, 7)
