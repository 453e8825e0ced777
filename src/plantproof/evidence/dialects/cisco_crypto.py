"""What comes out of the tunnels of a Cisco IOS device: an interface with a crypto map lets it in past its access list.

Source: Cisco IOS Security Configuration Guide, "Crypto Access Check on Clear-Text Packets": what was decrypted is not
held against the list of the interface again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plantproof.evidence.dialects.acl import Entry
from plantproof.evidence.dialects.acl_words import ANY
from plantproof.evidence.dialects.cisco_interfaces import Interface
from plantproof.evidence.dialects.indented import Node

MATCH = ("match", "address")


class Decrypted(NamedTuple):
    """What an interface lets in that a crypto map decrypted: an entry of what it protects, seen from the other end."""

    interface: str
    map: str
    node: Node
    entry: Entry


def decrypted(top: list[Node], found: list[Interface], lists: Mapping[str, Sequence[Entry]]) -> Iterator[Decrypted]:
    """What crypto maps decrypt on these interfaces, in the order of the file. What a map protects that names no list
    (a dynamic one, one of a group) is agreed with the other end: it may be anything."""
    for interface in found:
        for bound in interface.node.below("crypto", "map"):
            name = " ".join(bound.words[2:3])
            for node in top:
                # `crypto map NAME client ...` and such are settings of the whole map.
                if node.starts("crypto", "map", name) and "".join(node.words[3:4]).isdecimal():
                    for entry in _entries(node, name, lists):
                        yield Decrypted(interface.name, name, node, entry)


def _entries(node: Node, name: str, lists: Mapping[str, Sequence[Entry]]) -> Iterator[Entry]:
    """What one entry of a map lets in. Its list tells what goes out, and has the other end as destination."""
    condition = f"decrypted by crypto map {name}"
    named = [child.words[2] for child in node.below(*MATCH) if len(child.words) > 2]
    protected = lists.get(named[-1], ()) if named else ()
    if not protected:
        yield Entry("permit", [ANY], [ANY], ["ip"], False, [node.text], [condition])
    for entry in protected:
        if entry.action == "permit":
            # A port that the list names is that of the other end.
            services = sorted({service.partition("/")[0] for service in entry.services})
            yield Entry("permit", entry.destination, entry.source, services, False, entry.unresolved, [condition])
