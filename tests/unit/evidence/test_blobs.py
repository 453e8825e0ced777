"""What is known of a file by its id: it is read and looked at once."""

from __future__ import annotations

import msgspec

from plantproof.evidence.blobs import Blobs, FoundOut

PLAIN = b'{"id":"a-1","method":"config"}\n'
BY_HAND = b'{"id": "a-1","method":"config"}\n'
IDENTITIES = (
    b'{"id":"a-1","key":"name","value":"plc"}\n{"id":"a-2","key":"name","value":"hmi"}\n{"same":["a-1","a-2"]}\n'
)


def kept(blobs: Blobs) -> Blobs:
    """The same in another run, which has read nothing yet."""
    return Blobs(msgspec.json.decode(msgspec.json.encode(blobs.found), type=FoundOut))


def unread() -> bytes:
    raise AssertionError("it is known without reading it")


def test_records_that_a_collection_wrote_are_looked_at_once() -> None:
    blobs = Blobs()
    blobs.data |= {"1": PLAIN, "2": BY_HAND}
    assert [blobs.is_plain("1"), blobs.is_plain("2"), blobs.more] == [True, False, True]
    again = kept(blobs)
    again.data["2"] = BY_HAND
    assert [again.is_plain("1"), again.is_plain("2"), again.more] == [True, False, False]


def test_who_was_merged_is_known_without_the_file() -> None:
    blobs = Blobs()
    assert blobs.identities("1", "x", lambda: IDENTITIES).mentioning == '{"same":["a-1","a-2"]}\n'
    again = kept(blobs).identities("1", "x", lambda: IDENTITIES)
    assert again.about(["a-1"]).canonical == {"a-1": "a-1", "a-2": "a-1"}
    assert kept(blobs).identities("1", "x", unread).mentioning == again.mentioning


def test_identities_that_somebody_wrote_by_hand_are_read_each_time() -> None:
    blobs = Blobs()
    by_hand = IDENTITIES.replace(b'"same":', b'"same" : ')
    assert blobs.identities("1", "x", lambda: by_hand).mentioning is None
    assert (blobs.found, blobs.more) == (FoundOut(), False)
    assert blobs.identities("1", "x", unread).about(["a-1"]).canonical["a-2"] == "a-1"


def test_files_that_are_gone_are_forgotten() -> None:
    blobs = Blobs()
    blobs.data |= {"1": PLAIN, "2": PLAIN}
    assert blobs.is_plain("1")
    assert blobs.is_plain("2")
    blobs.identities("3", "x", lambda: IDENTITIES)
    blobs.keep_only({"2"})
    assert blobs.found == FoundOut(plain={"2"})
    assert blobs.data.keys() == {"2"}
