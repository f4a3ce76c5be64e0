"""The cluster's wire, written again from its description: what an attacker would have.

It seals, opens and forges with Python's `cryptography`, so that nothing of the members' own code
judges it. The layouts are described in Sources/ClusterCore/Wire/Header.swift and
Sources/Cluster/Protection/SealedHeader.swift.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass, field, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

DATAGRAMS, FRAMES = 0, 1
PLAIN, SEALED = 0xC175, 0xC15E
PING, ACK, PROBE_REQUEST, LEAVE, MEMBERS, DISMISS = 1, 2, 3, 6, 8, 16  # sections
ALIVE, ACCUSED = 1, 2  # claims about a member
TAG = 16
_MASK = (1 << 64) - 1
_HEADER = struct.Struct(">HBBQHHQQQQQQQIHIH")
_SEALED = struct.Struct(">HBBIIHHQQ")


def mix(value):
    """SplitMix64's finalizer."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


def cluster_id(base, namespace="", service=""):
    """FNV-1a over the parts, a zero byte after each, and mixed."""
    value = 0xCBF29CE484222325
    for part in (base, namespace, service):
        for byte in part.encode() + b"\0":
            value = (value ^ byte) * 0x100000001B3 & _MASK
    return mix(value)


@dataclass(frozen=True)
class Header:
    """What each packet begins with."""
    cluster: int
    source: int
    destination: int
    source_boot: int
    destination_boot: int = 0
    flags: int = 0
    incarnation: int = 0
    group: int = 0
    recovery: int = 0
    view: int = 0
    clock: int = 0
    term: int = 0
    resolver: int = 0
    wall: int = 0
    version: int = 1

    def encoded(self):
        short = min(self.incarnation, 0xFFFF)
        head = _HEADER.pack(
            PLAIN, self.version, self.flags, self.cluster, self.source, self.destination,
            self.source_boot, self.destination_boot, self.group, self.recovery, self.view, self.clock,
            self.term, self.resolver, self.wall >> 32, self.wall & 0xFFFFFFFF, short)
        return head + (struct.pack(">Q", self.incarnation) if short == 0xFFFF else b"")

    @classmethod
    def decoded(cls, packet):
        (_, version, flags, cluster, source, destination, source_boot, destination_boot, group,
         recovery, view, clock, term, resolver, high, low, incarnation) = _HEADER.unpack_from(packet)
        if incarnation == 0xFFFF:
            incarnation, = struct.unpack_from(">Q", packet, _HEADER.size)
        return cls(cluster, source, destination, source_boot, destination_boot, flags, incarnation,
                   group, recovery, view, clock, term, resolver, high << 32 | low, version)

    def but(self, **changes):
        return replace(self, **changes)


def packet(header, *sections):
    """A plain packet, its checksum right."""
    content = header.encoded() + b"".join(sections)
    return content + struct.pack(">Q", checksum(content))


def section(kind, body=b""):
    return bytes([kind]) + varint(len(body)) + body


def ping(nonce):
    return section(PING, struct.pack(">Q", nonce))


def members(*updates):
    """Claims about members: (ordinal, claim, boot, incarnation)."""
    body = varint(len(updates))
    for ordinal, claim, boot, incarnation in updates:
        body += struct.pack(">HBQ", ordinal, claim, boot) + varint(incarnation) + b"\0"
    return section(MEMBERS, body)


def varint(value):
    encoded = b""
    while value >= 0x80:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])


def checksum(content):
    """A multiply-and-fold hash, eight bytes at a time."""
    value, word = mix(len(content)), 0
    for index, byte in enumerate(content):
        word = (word << 8 | byte) & _MASK
        if index & 7 == 7:
            value, word = _fold(value, word), 0
    return mix(_fold(value, word))


def _fold(value, word):
    product = (value ^ word) * 0x9E3779B97F4A7C15
    return ((product >> 64 ^ product) + word) & _MASK


@dataclass
class Key:
    """One shared secret."""
    secret: bytes
    root: bytes = field(init=False)
    fingerprint: int = field(init=False)

    def __post_init__(self):
        self.secret = self.secret.encode() if isinstance(self.secret, str) else self.secret
        self.root = hmac.digest(b"cluster packet protection", self.secret, hashlib.sha256)
        self.fingerprint = int.from_bytes(self._expand(b"fingerprint")[:4], "big")

    @property
    def name(self):
        return f"{self.fingerprint:08x}"

    def derived(self, purpose, cluster, source, session):
        return self._expand(b"packets" + struct.pack(">BQHQ", purpose, cluster, source, session))

    def _expand(self, info):
        return HKDFExpand(algorithm=hashes.SHA256(), length=32, info=info).derive(self.root)


@dataclass
class Sealer:
    """A process that seals as a member does: as one ordinal, in one session."""
    key: Key
    cluster: int
    source: int
    session: int
    counter: int = 0
    signature: int = None
    version: int = 1

    def seal(self, packet, purpose=DATAGRAMS, destination=None, counter=None):
        self.counter += 1
        counter = self.counter if counter is None else counter
        destination = Header.decoded(packet).destination if destination is None else destination
        signature = self.key.fingerprint if self.signature is None else self.signature
        head = _SEALED.pack(SEALED, self.version, self.cluster & 0xFF, self.key.fingerprint,
                            signature, self.source, destination, self.session, counter)
        cipher = AESGCM(self.key.derived(purpose, self.cluster, self.source, self.session))
        return head + cipher.encrypt(bytes(4) + struct.pack(">Q", counter), packet, head)


def open_sealed(sealed, keys, cluster, purpose=DATAGRAMS):
    """The packet inside, or None for what isn't sealed with one of the keys in this cluster."""
    if len(sealed) < _SEALED.size + TAG:
        return None
    head = sealed[:_SEALED.size]
    magic, _, _, fingerprint, _, source, _, session, counter = _SEALED.unpack(head)
    for key in keys:
        if magic == SEALED and key.fingerprint == fingerprint:
            cipher = AESGCM(key.derived(purpose, cluster, source, session))
            try:
                return cipher.decrypt(bytes(4) + struct.pack(">Q", counter), sealed[len(head):], head)
            except InvalidTag:
                return None
    return None
