"""A member whose clock is one hour ahead: the others say so, and its writes can be overwritten."""

import glob
import time

from lab import metrics
from lab.waiting import wait_until

HOUR = 3600


def main(case):
    pods = case.stateful_set()
    for pod in pods[:2]:
        pod.start()
    pods[2].start(LD_PRELOAD=library(), FAKETIME=f"+{HOUR}s", DONT_FAKE_MONOTONIC="1")
    pods.wait_green()
    for turn in range(20):
        pods[2].rest.put("k", f"ahead {turn}")
        wait_until("all have it", lambda: pods.all_hold({"k": f"ahead {turn}"}), within=5)
        pods[turn % 2].rest.put("k", f"right {turn}")
        wait_until("a right clock's write took its place",
                   lambda: pods.all_hold({"k": f"right {turn}"}), within=5)
    case.say("20 writes of a clock one hour ahead were overwritten by right ones, one after the other")

    values = metrics.samples(pods[0].rest.request("GET", "/metrics").body.decode())
    assert values["cluster_store_future_rejected_total"] > 0, "no clamped stamp was counted"
    offset = values['cluster_store_clock_offset_seconds{peer="app-2"}']
    assert HOUR - 5 < offset < HOUR + 5, offset
    # No clock was dragged along: a new key's stamp is now, not in an hour.
    pods[0].rest.put("other", "x")
    reply = pods[0].rest.request("GET", "/keys/other?explain=true").json()
    stamp = (int(reply["candidates"][0]["stamp"]) >> 16) / 1000
    case.say(f"app-2's clock is seen {offset:.0f} s ahead; others' new stamps are of now")
    assert abs(stamp - time.time()) < 60, reply
    # Both sides of a cut write the key: of two concurrent writes the clock ahead wins, and the next
    # write covers both.
    pods.cut([0, 1], [2])
    wait_until("apart", lambda: pods.sees([2], state="red"), within=15)
    pods[0].rest.put("k", "right, apart")
    pods[2].rest.put("k", "ahead, apart")
    pods.heal()
    pods.wait_green(within=15)
    wait_until("all read the same", lambda: len({pod.rest.get("k") for pod in pods}) == 1, within=10)
    pods[1].rest.put("k", "last")
    wait_until("the last write stands", lambda: pods.all_hold({"k": "last", "other": "x"}), within=5)


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    assert found, "libfaketime is not installed: Tests/tools network"
    return found[0]
