"""Addresses that must not be reached, in every way somebody may write them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

#: What an attacker is after.
TARGETS = ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16")  # fmt: skip

V6 = (
    "::", "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "fe80::1", "fe80::1%25lo", "fe80::1%lo", "fe80::1%2525eth0",
    "febf::1", "fec0::1", "fc00::1", "fd00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1", "2001::1", "2001:0:7f00:1::",
    "2001:10::1", "2001:20::1", "3fff::1", "3ffe::1", "100::1", "5f00::1", "64:ff9b:1::7f00:1", "2620:4f:8000::1",
    "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1", "::ffff:0:127.0.0.1",
)  # fmt: skip

#: Written as they are, whole.
AS_IS = (
    "", " ", "http://", "http:///", "http:", "http:127.0.0.1", "http:/127.0.0.1", "///127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "localhost",
    "file:///etc/passwd", "file://localhost/etc/passwd", "ftp://exemple.org/", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stats",
    "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "data:text/plain,x", "javascript:alert(1)", "ws://exemple.org/", "unix:///var/run/docker.sock",
    "netdoc:///etc/passwd", "tftp://127.0.0.1/x", "HTTP+UNIX://%2Fvar%2Frun/x", "view-source:http://127.0.0.1",
    "http://localhost/", "http://LOCALHOST/", "http://LocalHost./", "http://localhost.localdomain/", "http://a.localhost/", "http://localhost%00/",
    "http://localhost%2f/", "http://localhost#@exemple.org/", "http://localhost?@exemple.org/", "http://ip6-localhost/", "http://kubernetes/",
    "http://metadata.google.internal/", "http://metadata/", "http://instance-data/", "http://imprimante.local/", "http://nas.lan/",
    "http://routeur.home.arpa/", "http://serveur.intranet/", "http://1.0.0.127.in-addr.arpa/", "http://db.corp/",
    "http://ｌｏｃａｌｈｏｓｔ/", "http://loc\u00adalhost/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://local\u200bhost/", "http://lo\u0441alhost/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127．0．0．1/", "http://127｡0｡0｡1/", "http://٠١٢.1.1.1/",
    "http://exemple.org@127.0.0.1/", "http://exemple.org:80@127.0.0.1/", "http://127.0.0.1@exemple.org/", "http://a:b@exemple.org/",
    "http://exemple.org%40127.0.0.1/", "http://exemple.org\\@127.0.0.1/", "http://127.0.0.1\\.exemple.org/", "http:\\\\127.0.0.1\\",
    "http://exemple.org\t@127.0.0.1/", "http://exemple.org\n127.0.0.1/", "http://exemple.org\r\nHost: 127.0.0.1/", "http://127.0.0.1\x00.exemple.org/",
    " http://exemple.org/", "http://exemple.org /", "http://exe mple.org/", "http://exemple.org/\r\nX: y", "http://exemple.org/\u2028", "http://exemple.org/\ud800",
    "http://exemple.org:22/", "http://exemple.org:25/", "http://exemple.org:6379/", "http://exemple.org:8080/", "http://exemple.org:0/",
    "http://exemple.org:65536/", "http://exemple.org:-1/", "http://exemple.org:80:80/", "http://exemple.org:٨٠/", "http://exemple.org:http/",
    "https://exemple.org:5432/", "https://exemple.org:2375/", "http://exemple.org./", "http://exemple..org/", "http://.exemple.org/",
    "http://-exemple.org/", "http://exemple/", "http://exemple.org%00.fr/", "http://[exemple.org]/", "http://[127.0.0.1]/", "http://[/", "http://[]/",
    "http://[::1/", "http://::1/", "http://[::1]:22/", "http://[::1].exemple.org/", "http://[::1]@exemple.org/", "http://[0:0:0:0:0:ffff:127.0.0.1]:6379/",
    "http://1.1.1.1.1/", "http://256.256.256.256/", "http://127.0.0.1.0x7f/", "http://exemple.0/", "http://exemple.0x1/", "http://exemple.09/",
    "http://${jndi:ldap://x}/", "http://{127.0.0.1}/", "http://<127.0.0.1>/", "http://127.0.0.1`id`/", "http://*/", "http://exemple.org" + "a" * 2_000,
    "http://" + "a" * 64 + ".org/", "http://" + "a." * 127 + "org/",
)  # fmt: skip

#: Names that somebody points inside: it is where they lead that refuses them.
NAMES_THAT_LEAD_INSIDE = ("127.0.0.1.nip.io", "10.0.0.1.sslip.io", "localtest.me", "lvh.me", "vcap.me", "spoofed.burpcollaborator.net", "customer1.app.localhost.my.company.127.0.0.1.nip.io", "exemple.org", "xn--fsq.example.com")  # fmt: skip


def writings(address: str) -> Iterator[str]:
    """One IPv4 address as resolvers of all sorts read it: decimal, octal, hexadecimal, short, mixed, inside IPv6."""
    a, b, c, d = map(int, address.split("."))
    whole = int(ipaddress.IPv4Address(address))
    yield address
    yield f"{address}."
    yield str(whole)
    yield hex(whole)
    yield f"0X{whole:08X}"
    yield f"0{whole:o}"
    yield f"0x{a:02x}.0x{b:02x}.0x{c:02x}.0x{d:02x}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"{a:04d}.{b:04d}.{c:04d}.{d:04d}"
    yield f"{a}.{b}.{c * 256 + d}"
    yield f"{a}.{(b * 256 + c) * 256 + d}"
    yield f"0x{a:x}.{b}.0{c:o}.{d}"
    yield f"{a + 256}.{b}.{c}.{d}"
    for inside in (f"::ffff:{address}", f"::ffff:{whole >> 16:x}:{whole & 0xFFFF:x}", f"::{address}", f"64:ff9b::{address}",
                   f"2002:{whole >> 16:x}:{whole & 0xFFFF:x}::1", f"2001:0:{whole >> 16:x}:{whole & 0xFFFF:x}::1"):  # fmt: skip
        yield f"[{inside}]"


def every_string() -> list[str]:
    """Each address once, as a text somebody may give us."""
    found = dict.fromkeys(AS_IS)
    for target in TARGETS:
        for host in writings(target):
            found[f"http://{host}/"] = None
    for host in V6:
        found[f"http://[{host}]/"] = None
    for name in NAMES_THAT_LEAD_INSIDE:
        found[f"https://{name}/chemin?x=1"] = None
    for port in (21, 22, 23, 3306, 5000, 8443, 9200, 11211):
        found[f"http://93.184.216.34:{port}/"] = None
    return list(found)
