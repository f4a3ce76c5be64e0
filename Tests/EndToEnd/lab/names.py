"""The cluster's DNS: what a headless Service with publishNotReadyAddresses answers.

`SET-i.SERVICE.NAMESPACE.svc.cluster.local` for each published pod, and the Service's own name for all
of them. A record can be withdrawn, and moved when a pod comes back with another address. A name that
isn't published doesn't exist (NXDOMAIN), as in a cluster.
"""

import os
import socket
import struct
import subprocess

from .inside import inside
from .waiting import wait_until

_NUMBER = 2  # of the DNS host in the network
_TTL = "2"


class Names:
    def __init__(self, network, service, namespace, directory):
        self.network = network
        self.service = f"{service}.{namespace}.svc.cluster.local"
        self.search = f"{namespace}.svc.cluster.local svc.cluster.local cluster.local"
        self.address = network.address(_NUMBER)
        self.records = {}
        self._namespace = network.add("dns", _NUMBER)
        self._hosts = os.path.join(directory, "dns-hosts")
        self._write()
        self._log = open(os.path.join(directory, "dns.log"), "wb")
        self._server = subprocess.Popen(
            ["ip", "netns", "exec", self._namespace, "dnsmasq", "--keep-in-foreground",
             "--log-facility=-", "--no-resolv", "--no-hosts", f"--addn-hosts={self._hosts}",
             "--local=/cluster.local/", "--address=/#/", "--bind-interfaces", "--interface=eth0",
             "--except-interface=lo", f"--local-ttl={_TTL}", f"--neg-ttl={_TTL}", "--user=root",
             "--pid-file"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, start_new_session=True)
        wait_until("the DNS answers", lambda: self.ask(self.service) is not None, within=5)

    def full(self, pod):
        return f"{pod}.{self.service}"

    def publish(self, pod, address):
        """Publishes a pod's record, or moves it."""
        self.records[pod] = address
        self._reload(pod, [address])

    def withdraw(self, pod):
        """Takes a pod's record away: its name doesn't exist any more."""
        self.records.pop(pod, None)
        self._reload(pod, [])

    def ask(self, name):
        """Addresses of a name, asked over the wire; None when no answer came."""
        kind = 1 if self.network.family == 4 else 28
        labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
        query = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0"
        query += struct.pack(">2H", kind, 1)
        family = socket.AF_INET if self.network.family == 4 else socket.AF_INET6
        with inside(self._namespace):
            asking = socket.socket(family, socket.SOCK_DGRAM)
        with asking:
            asking.settimeout(0.5)
            try:
                asking.sendto(query, (self.address, 53))
                return _addresses(asking.recv(4096), len(query), family)
            except OSError:
                return None

    def close(self):
        self._server.kill()
        self._server.wait()
        self._log.close()

    def _reload(self, pod, expected):
        self._write()
        self._server.send_signal(1)  # SIGHUP: reads its hosts again
        wait_until(f"the DNS answers {expected} for {pod}",
                   lambda: self.ask(self.full(pod)) == expected, within=5)

    def _write(self):
        lines = [f"{address} {self.full(pod)}\n{address} {self.service}\n"
                 for pod, address in sorted(self.records.items())]
        with open(self._hosts, "w") as file:
            file.write("".join(lines))


def _addresses(answer, offset, family):
    """The addresses in an answer whose question ends at `offset`."""
    found = []
    for _ in range(struct.unpack(">H", answer[6:8])[0]):
        length = struct.unpack(">H", answer[offset + 10:offset + 12])[0]
        data = answer[offset + 12:offset + 12 + length]
        if length == (4 if family == socket.AF_INET else 16):
            found.append(socket.inet_ntop(family, data))
        offset += 12 + length
    return sorted(found)
