"""A host on the members' wire that means harm: it listens, replays, spoofs and floods.

It sees everything that passes the bridge, and can send under any address. What it cannot do without a
key is what the cases are about.
"""

import select
import socket
import struct
import threading
import time

from . import wire
from .inside import inside

PORT = 7946
_ETH_IP = 0x0800


class Attacker:
    def __init__(self, network, number=66, name="attacker"):
        self.address = network.address(number)
        self.namespace = network.add(name, number)
        with inside(self.namespace):
            self._raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((self.address, PORT))
        self.udp.setblocking(False)

    def send(self, pod, payload):
        """From its own address, which it can be answered at."""
        self.udp.sendto(payload, (pod.address, PORT))

    def spoof(self, source, pod, payload):
        """As if it came from `source`, a pod."""
        length = 8 + len(payload)
        udp = struct.pack(">HHHH", PORT, PORT, length, 0) + payload  # no checksum: allowed in IPv4
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + length, 0, 0, 64, socket.IPPROTO_UDP, 0,
                           socket.inet_aton(source.address), socket.inet_aton(pod.address))
        self._raw.sendto(head + udp, (pod.address, 0))

    def received(self):
        """The datagrams that came to it since it last looked."""
        found = []
        while select.select([self.udp], [], [], 0)[0]:
            found.append(self.udp.recv(65_536))
        return found

    def connect(self, pod):
        with inside(self.namespace):
            return socket.create_connection((pod.address, PORT), 5)

    def close(self):
        self._raw.close()
        self.udp.close()


class Recorder:
    """Notes every datagram of the cluster's port that reaches a pod or leaves it."""

    def __init__(self, pod):
        with inside(pod.namespace):
            self._tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_IP))
            self._tap.bind(("eth0", _ETH_IP))
        self._tap.settimeout(0.05)
        self.datagrams = []  # (source address, destination address, payload)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        self._ended.set()
        self._thread.join()
        self._tap.close()
        return self.datagrams

    def _run(self):
        while not self._ended.is_set():
            try:
                packet = self._tap.recv(65_536)
            except TimeoutError:
                continue
            start = (packet[0] & 15) * 4
            if packet[9] != socket.IPPROTO_UDP or len(packet) < start + 8:
                continue
            _, port, length, _ = struct.unpack_from(">HHHH", packet, start)
            if port == PORT:
                self.datagrams.append((socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20]),
                                       packet[start + 8:start + length]))


class Forgeries:
    """Packets of every sort that a member with a key must drop, one kind after the other.

    Two kinds make it work for that: the one under our key's name costs a derived key and a
    decryption, the one that was recorded a look into its window.
    """

    REASONS = ("auth", "replay", "plaintext")  # under which they are counted

    def __init__(self, header, stranger, recorded):
        self._plain = wire.packet(header, wire.section(wire.LEAVE))
        self._other = stranger.seal(self._plain)
        self._forged = bytearray(recorded[0])
        self._recorded = recorded

    def __getitem__(self, number):
        match number % 5:
            case 0:
                return self._plain
            case 1:
                return self._other
            case 2:  # a session and a counter that never were
                struct.pack_into(">HHQQ", self._forged, 12, 1, 0, int(time.time()) << 32 | number,
                                 number)
                return bytes(self._forged) + bytes(1_200 - len(self._forged))
            case 3:
                return self._recorded[number % len(self._recorded)]
            case _:
                return wire.PLAIN.to_bytes(2, "big") + number.to_bytes(8, "big") * 20


class Flood(threading.Thread):
    """Calls `send(n)` at an even rate until it is stopped, beside whatever else is done."""

    def __init__(self, send, rate):
        super().__init__(daemon=True)
        self._send, self._rate, self._ended, self.sent = send, rate, threading.Event(), 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join()

    def run(self):
        while not self._ended.is_set():
            self.sent += flood(lambda number: self._send(self.sent + number), self._rate, 0.25)


def flood(send, rate, seconds):
    """Calls `send(n)` at an even rate; returns how often."""
    start, sent = time.monotonic(), 0
    while (passed := time.monotonic() - start) < seconds:
        while sent < passed * rate:
            send(sent)
            sent += 1
        select.select([], [], [], 0.002)
    return sent
