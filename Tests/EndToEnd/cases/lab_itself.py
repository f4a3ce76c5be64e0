"""The lab does what it claims: names, cuts, moves; a stranger's namespace is never touched."""

import os
import socket

from lab.inside import inside
from lab.remains import processes_in
from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set()
    full = pods.names.full("app-1")
    assert full == "app-1.app-peers.shop.svc.cluster.local", full
    assert pods.names.ask(full) == [pods[1].address]
    assert len(pods.names.ask("app-peers.shop.svc.cluster.local")) == 3
    assert pods.names.ask("example.com") == []
    pods.names.withdraw("app-1")
    assert pods.names.ask(full) == []
    case.say("names are published and withdrawn")

    ears = {pod.name: listen(pod) for pod in pods}
    assert hears(pods[0], pods[1], ears) and hears(pods[1], pods[0], ears)
    pods.network.cut_one_way("app-0", "app-1")
    assert not hears(pods[0], pods[1], ears) and hears(pods[1], pods[0], ears)
    pods.cut([0, 1], [2])
    assert not hears(pods[2], pods[0], ears) and not hears(pods[1], pods[2], ears)
    pods.heal()
    assert all(hears(one, other, ears) for one in pods for other in pods if one is not other)
    case.say("cuts are one-way and two-way, and end")

    pods[1].reschedule(77)
    assert pods.names.ask(full) == [pods[1].address] and pods[1].address.endswith("77")
    ears["app-1"] = listen(pods[1])
    assert hears(pods[0], pods[1], ears)
    case.say("a pod comes back with another address")

    namespaces = [pod.namespace for pod in pods]
    pods.close()
    assert not any(os.path.exists(f"/run/netns/{name}") for name in namespaces)
    assert not any(processes_in(name) for name in namespaces)
    keeps("nothing remains", lambda: not any(
        os.path.exists(f"/etc/netns/{name}") for name in namespaces), seconds=0.1)


def listen(pod):
    with inside(pod.namespace):
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("0.0.0.0", 7946))
    ear.settimeout(0.3)
    return ear


def hears(speaker, hearer, ears):
    """One datagram arrives, at the latest when addresses have been resolved."""
    said = os.urandom(8)
    with inside(speaker.namespace):
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        with mouth:
            wait_until("it can be sent", lambda: mouth.sendto(said, (hearer.address, 7946)), 1)
        return ears[hearer.name].recv(64) == said
    except TimeoutError:
        return False
