"""What a stranger on the wire can do to members with a key, and what somebody with the key can't."""

import socket
import struct
import time

from lab import wire
from lab.attacker import Attacker, Forgeries, Recorder, flood
from lab.counts import counted, rejected, resident
from lab.waiting import keeps, wait_until

CLUSTER = wire.cluster_id("app", "shop", "app-peers")
RATE, SECONDS = 2_000, 5  # forged packets a second, and for how long
HEADROOM = 8 << 20  # bytes that a member may grow meanwhile, for what it does anyway


def main(case):
    pods = case.stateful_set()
    key = pods[0].run("keygen").stdout.strip()
    for pod in pods:
        pod.start(CLUSTER_KEY=key)
    pods.wait_green()
    pods[0].rest.put("kept", "1")
    wait_until("all hold it", lambda: pods.all_hold({"kept": "1"}), within=5)
    lab = Lab(case, pods, wire.Key(key))
    try:
        for attack in (spoofed, replayed, accused, fake_members, foreign, amplified, oversize,
                       flooded, replayed_after_restarts):
            attack(lab)
            wait_until(f"well after {attack.__name__}", lambda: well(pods), within=10)
        for pod in pods:
            assert key not in open(pod.log).read(), f"{pod.log} tells the key"
    finally:
        lab.attacker.close()


class Lab:
    def __init__(self, case, pods, key):
        self.case, self.pods, self.key = case, pods, key
        self.attacker = Attacker(pods.network)
        self.stranger = wire.Key("a key that nobody here holds")

    def header(self, source, destination):
        """A right header: the boots are on the wire of every cluster without a key."""
        boots = {}
        for member in self.pods[0].rest.request("GET", "/members").json()["members"]:
            boots[member["ordinal"]] = int(member["boot"])
        return wire.Header(CLUSTER, source, destination, boots[source], boots[destination],
                           wall=time.time_ns() // 1_000_000)

    def sealer(self, source, key=None, cluster=CLUSTER):
        """A process of the attacker's that seals as that ordinal."""
        return wire.Sealer(key or self.key, cluster, source, int(time.time()) << 32 | source + 1)


def well(pods):
    """Green, led by app-0, nothing lost; no member was suspected for a moment, unless it ended."""
    return (pods.sees(range(3), nodes=range(3), state="green", leader="app-0")
            and pods.all_hold({"kept": "1"}))


def refuses(lab, reason, datagrams, source=1, target=0):
    """Sends spoofed datagrams: each is counted for that reason, and nothing else changes."""
    pods = lab.pods
    before = rejected(pods[target], reason)
    for datagram in datagrams:
        lab.attacker.spoof(pods[source], pods[target], datagram)
    wait_until(f"{len(datagrams)} counted as {reason}",
               lambda: rejected(pods[target], reason) >= before + len(datagrams), within=5)
    assert well(pods)


def spoofed(lab):
    """1: a death or a leave that the subject never told of."""
    header = lab.header(1, 0)
    leave = wire.packet(header, wire.section(wire.LEAVE))
    dead = wire.packet(header, wire.members((2, wire.ACCUSED, lab.header(2, 0).source_boot, 9)))
    refuses(lab, "plaintext", [leave, dead] * 10)
    sealer = lab.sealer(1, lab.stranger)
    refuses(lab, "auth", [sealer.seal(leave), sealer.seal(dead)] * 10)
    sealer.key.fingerprint = lab.key.fingerprint  # the name is no secret
    refuses(lab, "auth", [sealer.seal(leave), sealer.seal(dead)] * 10)
    lab.case.say("spoofed leaves and deaths, unsealed, sealed with another key, under our key's name")


def replayed(lab):
    """2: what was recorded comes again."""
    recorder = Recorder(lab.pods[0])
    keeps("it records", lambda: well(lab.pods), seconds=3)
    lab.recorded = recorder.stop()
    here = [payload for _, target, payload in lab.recorded if target == lab.pods[0].address]
    assert len(here) >= 5 and all(wire.open_sealed(each, [lab.key], CLUSTER) for each in here)
    refuses(lab, "replay", here)
    refuses(lab, "replay", here, source=2)
    lab.case.say(f"{len(here)} recorded datagrams, replayed twice from two addresses: all refused")


def accused(lab):
    """3: somebody who stole the key accuses with the largest incarnations that there are."""
    raised = counted(lab.pods[2], "cluster_suspicions_refuted_total")
    sealer = lab.sealer(1)
    for incarnation in (1 << 62, (1 << 64) - 2, (1 << 64) - 1):
        header = lab.header(1, 0)
        boot = lab.header(2, 0).source_boot
        claim = wire.packet(header, wire.members((2, wire.ACCUSED, boot, incarnation)))
        lab.attacker.spoof(lab.pods[1], lab.pods[0], sealer.seal(claim))
        wait_until("app-2 is alive again", lambda: well(lab.pods), within=10)
    keeps("it stays alive", lambda: lab.pods.sees([0, 1], nodes=range(3)), seconds=2)
    lab.case.say(f"accused under incarnations up to 2^64-1 ({raised:.0f} refuted before): alive")


def fake_members(lab):
    """7: ordinals that nobody expects."""
    header = lab.header(1, 0)
    for ordinal in (3, 7, 4_095, 65_535):
        false = wire.packet(header.but(source=ordinal), wire.ping(1))
        refuses(lab, "unknown_member", [lab.sealer(ordinal).seal(false)] * 5)
    claim = wire.packet(header, wire.members(*((n, wire.ALIVE, header.source_boot, 0)
                                               for n in (3, 9, 4_095, 65_535))))
    lab.attacker.spoof(lab.pods[1], lab.pods[0], lab.sealer(1).seal(claim))
    keeps("no more members", lambda: well(lab.pods), seconds=1)
    lab.case.say("members outside of 0..<3 were refused, and those told of ignored")


def foreign(lab):
    """8: another cluster on the same wire, with the same key even."""
    header = lab.header(1, 0).but(cluster=CLUSTER ^ 1)
    sealed = lab.sealer(1, cluster=CLUSTER ^ 1).seal(wire.packet(header, wire.ping(1)))
    refuses(lab, "cluster", [sealed])
    other = CLUSTER ^ 1 << 40  # the byte that stands in the open is the same
    sealed = lab.sealer(1, cluster=other).seal(wire.packet(header.but(cluster=other), wire.ping(1)))
    refuses(lab, "auth", [sealed])
    lab.case.say("another cluster with the same key: refused")


def amplified(lab):
    """4: nobody without the key is answered at all, from whatever address."""
    lab.attacker.received()
    header = lab.header(1, 0)
    for payload in (wire.packet(header, wire.ping(1)), wire.packet(header.but(destination_boot=1)),
                    lab.sealer(1, lab.stranger).seal(wire.packet(header, wire.ping(1))),
                    b"", b"\0" * 1_200, *(payload for _, _, payload in lab.recorded[:20])):
        lab.attacker.send(lab.pods[0], payload)
    keeps("it goes on", lambda: well(lab.pods), seconds=1)
    answers = lab.attacker.received()
    assert answers == [], f"{len(answers)} answers to a stranger"
    lab.case.say("a stranger got no answer to anything")


def oversize(lab):
    """5: too large, too many, never ending; with the key too."""
    before = rejected(lab.pods[0], "oversize")
    for size in (1_201, 1_472):
        lab.attacker.spoof(lab.pods[1], lab.pods[0], b"\xc1\x5e" * (size // 2) + b"x" * (size % 2))
    wait_until("too large", lambda: rejected(lab.pods[0], "oversize") >= before + 2, within=5)
    bomb = wire.section(wire.MEMBERS, wire.varint((1 << 63) - 1))
    sealer = lab.sealer(1)
    lab.attacker.spoof(lab.pods[1], lab.pods[0],
                       sealer.seal(wire.packet(lab.header(1, 0), bomb)))
    frame = wire.packet(lab.header(1, 0), wire.section(13, b"\xff" * 100))
    for head, body in ((0xFFFFFFFF, b"x" * 100), (100, b"x" * 100), (len(frame), frame),
                       (len(frame) + 48, sealer.seal(frame, wire.FRAMES)[:-1] + b"?")):
        with lab.attacker.connect(lab.pods[0]) as stream:
            stream.sendall(struct.pack(">I", head) + body)
            stream.settimeout(5)
            assert ended(stream), f"a frame of {head} bytes kept its stream"
    lab.case.say("oversize datagrams, counts and frames: dropped, their streams closed")


def ended(stream):
    try:
        return stream.recv(1) == b""
    except ConnectionError:
        return True
    except socket.timeout:
        return False


def flooded(lab):
    """A member under forged packets keeps its heartbeat, its memory and its answers."""
    target = lab.pods[0]
    recorded = [payload for _, address, payload in lab.recorded if address == target.address]
    forgeries = Forgeries(lab.header(1, 0), lab.sealer(1, lab.stranger), recorded)

    def one(number):
        lab.attacker.spoof(lab.pods[1], target, forgeries[number])

    flood(one, RATE, 1)
    names = Forgeries.REASONS
    before, memory = rejected(target, *names), resident(target)
    suspicions = [counted(pod, "cluster_suspicions_raised_total") for pod in lab.pods]
    slowest = [0.0]

    def send(number):
        one(number)
        if number % 200 == 0:
            start = time.monotonic()
            assert well(lab.pods)
            slowest[0] = max(slowest[0], time.monotonic() - start)

    sent = flood(send, RATE, SECONDS)
    wait_until("all were counted", lambda: rejected(target, *names) >= before + sent * 0.99, within=10)
    grown = resident(target) - memory
    assert grown < HEADROOM, f"{grown:,} bytes more than before"
    after = [counted(pod, "cluster_suspicions_raised_total") for pod in lab.pods]
    assert after == suspicions, f"suspicions: {suspicions} before, {after} after"
    told = open(target.log).read().count("packets were dropped")
    assert 0 < told < 60, f"{told} lines about dropped packets"
    lab.case.say(f"{sent:,} forged packets in {SECONDS} s: no suspicion, {grown >> 10} KiB more memory, "
                 f"three members asked in {slowest[0] * 1_000:.0f} ms at most, {told} log lines in all")


def replayed_after_restarts(lab):
    """2: the recording again, after its sender and then its receiver were started anew."""
    pods = lab.pods
    for restarted in (1, 0):
        pods[restarted].kill()
        pods[restarted].start(CLUSTER_KEY=lab.key.secret.decode())
        wait_until("green again", lambda: well(pods), within=15)
        here = [(source, payload) for source, target, payload in lab.recorded
                if target == pods[0].address]
        boots = pods[2].rest.request("GET", "/members").json()["members"]
        reasons = ("replay", "destination", "stale")
        before = rejected(pods[0], *reasons)
        for source, payload in here:
            sender = next(pod for pod in pods if pod.address == source)
            lab.attacker.spoof(sender, pods[0], payload)
        wait_until("each is refused",
                   lambda: rejected(pods[0], *reasons) >= before + len(here), within=5)
        keeps("nothing changes", lambda: well(pods), seconds=2)
        now = pods[2].rest.request("GET", "/members").json()["members"]
        assert [each["boot"] for each in now] == [each["boot"] for each in boots]
        lab.case.say(f"the recording after a restart of app-{restarted}: {len(here)} refused")
