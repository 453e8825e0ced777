"""A wider pipe is a matter of speed: what cannot be widened stays as it is."""

from __future__ import annotations

import os
import sys

import pytest

from plantproof.bulk import widened


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a process say how much a pipe holds")
def test_a_large_file_fits_a_pipe_on_linux() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe, open(writing, "wb", buffering=0) as other:
        widened(pipe)
        data = bytes(200_000)
        assert other.write(data) == len(data)
        assert pipe.read(len(data)) == data


def test_what_is_no_pipe_is_left_alone() -> None:
    with open(os.devnull, "rb") as file:
        widened(file)
        assert file.read() == b""
