"""Keys are changed under traffic: nobody is suspected, and what was taken out opens nothing."""

import json
import os
import time

from lab import wire
from lab.attacker import Attacker
from lab.counts import counted, rejected
from lab.waiting import wait_until

CLUSTER = wire.cluster_id("app", "shop", "app-peers")
PROBE_ROUND = 1.0  # seconds


def main(case):
    pods = case.stateful_set()
    old, new = (pods[0].run("keygen").stdout.strip() for _ in range(2))
    mounts = [Mount(os.path.join(case.directory, f"secret-{pod.name}")) for pod in pods]
    for pod, mount in zip(pods, mounts):
        mount.update([old])
        pod.start(CLUSTER_KEY_FILE=mount.path)
    pods.wait_green()
    attacker = Attacker(pods.network)
    try:
        rotate(case, pods, mounts, attacker, wire.Key(old), wire.Key(new))
    finally:
        attacker.close()


def rotate(case, pods, mounts, attacker, old, new):
    suspicions = [counted(pod, "cluster_suspicions_raised_total") for pod in pods]
    writes = 0

    def traffic():
        nonlocal writes
        pods[writes % 3].rest.put(f"key-{writes % 50}", str(writes))
        writes += 1
        return True

    steps = (("install", [old, new], lambda keys: new.name in keys and keys[new.name]["held"] == 3),
             ("use", [new, old], lambda keys: new.name in keys and keys[new.name]["sealing"] == 3),
             ("remove", [new], lambda keys: list(keys) == [new.name]))
    for name, keys, done in steps:
        start = time.monotonic()
        for mount in mounts:
            mount.update([key.secret.decode() for key in keys])
            for _ in range(20):
                traffic()
        wait_until(f"{name} is done on all",
                   lambda: traffic() and all(done(listed(pod)) for pod in pods), within=10)
        case.say(f"{name}: all three, as 'cluster keyring list' of each says, after "
                 f"{time.monotonic() - start:.2f} s")
    after = [counted(pod, "cluster_suspicions_raised_total") for pod in pods]
    dropped = [rejected(pod, "auth", "replay", "plaintext") for pod in pods]
    assert after == suspicions and dropped == [0, 0, 0], (suspicions, after, dropped)
    wait_until("all hold the same", lambda: pods.sees(range(3), nodes=range(3), state="green")
               and len({pod.rest.state()["store"]["size"] for pod in pods}) == 1, within=5)
    case.say(f"{writes} writes meanwhile: 0 suspicions, 0 packets refused")

    mounts[0].update([new.secret.decode(), old.secret.decode()])
    wait_until("app-0 takes it again", lambda: old.name in listed(pods[0]), within=5)
    sealer = wire.Sealer(old, CLUSTER, 1, int(time.time()) << 32 | 1)
    stolen = wire.packet(wire.Header(CLUSTER, 1, 0, 1), wire.ping(1))
    attacker.spoof(pods[1], pods[0], sealer.seal(stolen))
    wait_until("the old key opens", lambda: rejected(pods[0], "stale") >= 1, within=2)
    mounts[0].update([new.secret.decode()])
    start = time.monotonic()

    def refused():
        attacker.spoof(pods[1], pods[0], sealer.seal(stolen))
        return rejected(pods[0], "auth") >= 1

    took = wait_until("the key that was taken out is refused", refused, within=PROBE_ROUND)
    case.say(f"a stolen key that was taken out is refused {took:.2f} s later")
    assert time.monotonic() - start < PROBE_ROUND + 1
    assert counted(pods[0], "cluster_keyring_primary_info", fingerprint=new.name) == 1

    mounts[0].write("short")
    wait_until("the log says it", lambda: "of no use" in pods[0].last_words(), within=5)
    assert pods.sees(range(3), nodes=range(3), state="green") and list(listed(pods[0])) == [new.name]
    case.say("a damaged key file changes nothing, and is told")


def listed(pod):
    """{fingerprint: what `cluster keyring list` says of it}"""
    done = pod.run("keyring", "list", "--output", "json")
    assert done.returncode == 0, done
    return {key["fingerprint"]: key for key in json.loads(done.stdout)["keys"]}


class Mount:
    """A secret as a kubelet mounts it: an update turns a link to another folder."""

    def __init__(self, folder):
        self.folder, self.version = folder, 0
        os.makedirs(folder)
        self.path = os.path.join(folder, "keys")
        os.symlink("..data/keys", self.path)

    def update(self, keys):
        self.write("\n".join(keys) + "\n")

    def write(self, text):
        self.version += 1
        name = f"..{self.version}"
        os.makedirs(os.path.join(self.folder, name))
        with open(os.path.join(self.folder, name, "keys"), "w") as file:
            file.write(text)
        link = os.path.join(self.folder, "..data.tmp")
        os.symlink(name, link)
        os.rename(link, os.path.join(self.folder, "..data"))
