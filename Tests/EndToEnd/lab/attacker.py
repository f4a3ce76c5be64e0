"""A host on the members' wire that means harm: it listens, replays, spoofs and floods.

It sees everything that passes the bridge, and can send under any address. What it cannot do without a
key is what the cases are about.
"""

import select
import socket
import struct
import threading
import time

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


def flood(send, rate, seconds):
    """Calls `send(n)` at an even rate; returns how often."""
    start, sent = time.monotonic(), 0
    while (passed := time.monotonic() - start) < seconds:
        while sent < passed * rate:
            send(sent)
            sent += 1
        select.select([], [], [], 0.002)
    return sent
