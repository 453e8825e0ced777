"""Lines of a configuration, and what is none."""

from __future__ import annotations

import pytest

from plantproof.errors import InputError
from plantproof.evidence.dialects import lines
from plantproof.evidence.dialects.lines import split_lines


def test_a_span_is_the_bytes_in_the_file() -> None:
    data = "\ufeffhostname ü\r\nend".encode()
    first, second = split_lines(data, "a.cfg")
    assert (first.text, second.text, second.number) == ("hostname ü", "end", 2)
    begin, end = first.span(9, 10)
    assert data[begin:end].decode() == "ü"


@pytest.mark.parametrize(
    ("data", "told"),
    [(b" \n", "the file is empty"), (b"a\nb\0", "a.cfg:2: this is a binary file"), (b"x" * 101, "no configuration")],
)
def test_what_is_no_configuration_is_refused(data: bytes, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST", 100)
    with pytest.raises(InputError, match=told):
        split_lines(data, "a.cfg")
