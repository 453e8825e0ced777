"""Parts of FortiOS configurations of a plant that does not exist."""

from __future__ import annotations

ANY = ["0.0.0.0/0"]
HEAD = """#config-version=FGR60F-7.4.5-FW-build2702-240905:opmode=0:vdom=0:user=admin
# Serial-Number: FGR60FTK00000000
# Model name: FortiGate-60F
"""
GLOBAL = """config system global
    set hostname "fw-01"
end
"""
INTERFACES = """config system interface
    edit "port1"
        set ip 192.0.2.1 255.255.255.0
        set allowaccess ping https ssh
        set alias "Line 1"
        config secondaryip
            edit 1
                set ip 192.0.3.1 255.255.255.0
            next
        end
    next
    edit "office vlan"
        set ip 203.0.113.1/24
        set vlanid 30
        set status down
    next
    edit "port9"
        set ip 0.0.0.0 0.0.0.0
    next
end
config router static
    edit 1
        set gateway 203.0.113.254
        set device "office vlan"
    next
    edit 2
        set dst 10.0.0.0 255.0.0.0
        set device "port1"
    next
    edit 3
        set status disable
        set dst 11.0.0.0 255.0.0.0
        set device "port1"
    next
end
config system zone
    edit "cell"
        set interface "port1" "port2"
    next
end
"""
OBJECTS = """config firewall address
    edit "plc-1"
        set subnet 192.0.2.10 255.255.255.255
    next
    edit "some"
        set type iprange
        set start-ip 192.0.2.20
        set end-ip 192.0.2.23
    next
    edit "backwards"
        set type iprange
        set start-ip 192.0.2.23
        set end-ip 192.0.2.20
    next
    edit "by name"
        set type fqdn
        set fqdn "historian.example"
    next
    edit "all"
    next
end
config firewall addrgrp
    edit "inner"
        set member "plc-1"
    next
    edit "outer"
        set member "inner" "some"
    next
    edit "loop"
        set member "loop" "plc-1"
    next
end
config firewall service custom
    edit "modbus"
        set tcp-portrange 502
    next
    edit "from 1024"
        set tcp-portrange 8080:1024-65535
        set udp-portrange 53-54
    next
    edit "wrong"
        set tcp-portrange http
    next
    edit "lite"
        set tcp-portrange 80
        set udplite-portrange 80
    next
    edit "ping"
        set protocol ICMP
    next
    edit "number"
        set protocol IP
        set protocol-number 47
    next
    edit "everything"
        set protocol IP
    next
    edit "SSH"
        set tcp-portrange 2222
    next
end
config firewall service group
    edit "both"
        set member "modbus" "SSH" "both"
    next
end
config firewall vip
    edit "published"
        set extip 203.0.113.7
        set mappedip "192.0.2.10"
    next
end
"""


def policy(*lines: str, number: int = 1) -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return f"config firewall policy\n    edit {number}\n{body}    next\nend\n"
