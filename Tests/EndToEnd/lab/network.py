"""The wire: one namespace a host, and a bridge, in a namespace of its own, between all of them.

Cuts are nftables rules in the bridge: frames from one port to another are dropped, two ways or one
way, while both hosts and their sockets stay as they are. That is what a partition is. Address
resolution passes: between racks a router answers it, and its retries (1 s) would blur a heal.
"""

import itertools
import os

from .remains import PREFIX, remove_namespace
from .shell import sh

_labs = itertools.count()

# Ranges that are nobody's: RFC 2544 benchmarks, and unique local addresses.
_V4 = "198.18.0."
_V6 = "fd00:18::"

_RULES = """
table bridge lab {
  set cut { type ifname . ifname; }
  chain between {
    type filter hook forward priority 0; policy accept;
    ether type arp accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    iifname . oifname @cut counter drop
    jump lossy
  }
  chain lossy { }
}
"""


class Network:
    """Hosts by name. `family` is 4, or 6 for a network that has no IPv4 but loopback's."""

    def __init__(self, family=4):
        self.family = family
        self.prefix = f"{PREFIX}{next(_labs)}-"
        self.hosts = {}
        self.switch = self.prefix + "switch"
        sh("ip", "netns", "add", self.switch)
        sh("ip", "-n", self.switch, "link", "add", "br0", "type", "bridge",
           "forward_delay", "0", "stp_state", "0", "mcast_snooping", "0")
        sh("ip", "-n", self.switch, "link", "set", "br0", "up")
        sh("ip", "netns", "exec", self.switch, "nft", "-f", "-", stdin=_RULES)

    def address(self, number):
        """The address of host number so and so in this network."""
        return f"{_V4}{number}" if self.family == 4 else f"{_V6}{number}"

    def add(self, name, number):
        """Plugs in a host, and returns its namespace."""
        namespace = self.prefix + name
        sh("ip", "netns", "add", namespace)
        self.hosts[name] = namespace
        sh("ip", "link", "add", "eth0", "netns", namespace,
           "type", "veth", "peer", "name", name, "netns", self.switch)
        sh("ip", "-n", self.switch, "link", "set", name, "master", "br0", "up")
        sh("ip", "-n", namespace, "link", "set", "lo", "up")
        if self.family == 4:
            sh("ip", "-n", namespace, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
        else:
            sh("ip", "-n", namespace, "addr", "add", f"{self.address(number)}/64", "dev", "eth0",
               "nodad")
        sh("ip", "-n", namespace, "link", "set", "eth0", "up")
        return namespace

    def remove(self, name):
        """Unplugs a host, and ends what runs on it."""
        sh("ip", "-n", self.switch, "link", "del", name)  # at once; a namespace may linger
        remove_namespace(self.hosts.pop(name))

    def cut(self, *groups):
        """Nothing passes between hosts of different groups any more."""
        for one, other in itertools.permutations(groups, 2):
            for source, target in itertools.product(one, other):
                self.cut_one_way(source, target)

    def cut_one_way(self, source, target):
        """What `source` sends to `target` is lost; the other way stays open."""
        self._nft("add", "element", "bridge", "lab", "cut", f'{{ "{source}" . "{target}" }}')

    def heal(self):
        """Ends every cut."""
        self._nft("flush", "set", "bridge", "lab", "cut")

    def lose(self, percent):
        """From now on so many of a hundred frames are lost on their way, at random."""
        self._nft("flush", "chain", "bridge", "lab", "lossy")
        if percent:
            self._nft("add", "rule", "bridge", "lab", "lossy", "numgen", "random", "mod", "100",
                      "<", str(percent), "counter", "drop")

    def cuts(self):
        """The cuts in force, as nftables lists them."""
        return self._nft("list", "set", "bridge", "lab", "cut")

    def close(self):
        for name in list(self.hosts):
            self.remove(name)
        if os.path.exists(f"/run/netns/{self.switch}"):
            remove_namespace(self.switch)

    def _nft(self, *words):
        return sh("ip", "netns", "exec", self.switch, "nft", *words)
