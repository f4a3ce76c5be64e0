"""A member whose clock is an hour ahead poisons nobody: not the clocks, not the writes, not the leader."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from lab.case import Skip
from lab.counts import counted
from lab.waiting import NotYet, keeps, wait_until

AHEAD = 3_600  # seconds
CLOCK = Path(__file__).resolve().parent.parent / "lab/clock.c"


def main(case):
    compiler = shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        raise Skip("there is no C compiler; Swift's toolchain has one")
    library = os.path.join(case.directory, "clock.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, CLOCK], check=True)
    early = ("env", f"LD_PRELOAD={library}", f"CLOCK_AHEAD={AHEAD}")
    pods = case.stateful_set()
    for pod in pods:
        pod.start(through=early if pod is pods[2] else ())
    pods.wait_green()
    is_noticed(case, pods)
    writes_stand(case, pods)
    conflicts_end(case, pods)
    nothing_expires(case, pods)
    comes_back(case, pods)
    terms_grow(case, pods)


def is_noticed(case, pods):
    wait_until("both others see how far it is", lambda: all(
        abs(counted(pod, "cluster_store_clock_offset_seconds", peer="app-2") - AHEAD) < 10
        for pod in pods.pods[:2]), within=10)
    for pod in pods.pods[:2]:
        assert "app-2 has a clock ahead" in open(pod.log).read(), pod.last_words()
    case.say("an hour ahead: measured, and logged by both others")


def writes_stand(case, pods):
    """What was seen is overwritten, whatever the clocks say; nobody's clock follows the early one."""
    for number in range(20):
        key = f"key {number}"
        pods[2].rest.put(key, "early")
        wait_until("it is seen", lambda: pods[0].rest.get(key) == "early", within=5)
        pods[0].rest.put(key, "later")
    wait_until("the later write wins everywhere", lambda: pods.all_hold(
        {f"key {number}": "later" for number in range(20)}), within=5)
    refused = sum(counted(pod, "cluster_store_future_rejected_total") for pod in pods.pods[:2])
    assert refused >= 20, f"only {refused} stamps were not followed"
    pods[0].rest.put("fresh", "1")
    age = time.time() - stamp(pods[0], "fresh")
    assert abs(age) < 30, f"app-0 stamps its writes {-age:.0f} s ahead"
    case.say(f"20 of its writes were overwritten; {refused:.0f} stamps not followed; app-0's own are right")


def conflicts_end(case, pods):
    """Of writes that had not seen each other the early one is read; the next write ends that."""
    pods.cut([0, 1], [2])
    wait_until("both sides go on", lambda: pods.sees([0, 1], nodes=[0, 1])
               and pods.sees([2], nodes=[2]), within=20)
    pods[2].rest.put("both", "early")
    pods[0].rest.put("both", "right")
    pods.heal()
    pods.wait_green(within=20)
    wait_until("all read the same", lambda: len({pod.rest.get("both") for pod in pods}) == 1, within=5)
    pods[1].rest.put("both", "last")
    wait_until("the next write wins", lambda: all(pod.rest.get("both") == "last" for pod in pods), within=5)
    keeps("and stays", lambda: all(pod.rest.get("both") == "last" for pod in pods), seconds=2)
    case.say("split and healed: one value, and the next write of anybody stands")


def nothing_expires(case, pods):
    """Ten minutes are over for the early one only: it hides the value, and takes it from nobody."""
    reply = pods[0].rest.request("PUT", "/keys/brief?ttl=600", b"ten minutes")
    assert reply.status == 200, reply
    wait_until("the other has it", lambda: pods[1].rest.get("brief") == "ten minutes", within=5)
    keeps("nobody loses it", lambda: [pod.rest.get("brief") for pod in pods]
          == ["ten minutes", "ten minutes", None], seconds=3)
    case.say("what is over by its clock is over for nobody else")


def comes_back(case, pods):
    """With its clock set right it starts under a number above its last one, and is filled."""
    pods[2].kill()
    pods[2].start()
    seconds = wait_until("green, and filled", lambda: pods.sees(range(3), nodes=range(3), state="green")
                         and pods[2].rest.request("GET", "/readyz").status == 200, within=20)
    pods[2].rest.put("home", "again")
    wait_until("its writes count", lambda: all(pod.rest.get("home") == "again" for pod in pods), within=5)
    wait_until("its clock is right", lambda: abs(counted(
        pods[0], "cluster_store_clock_offset_seconds", peer="app-2")) < 10, within=10)
    case.say(f"its clock set right and started anew: green after {seconds:.2f} s, its writes count")


def terms_grow(case, pods):
    """It led its side of the split, in a term of its clock: later terms are above that, and no further."""
    before = term(pods[1])
    pods[0].kill()
    wait_until("app-1 leads", lambda: pods.sees([1, 2], leader="app-1"), within=15)
    wait_until("its term is higher", lambda: term(pods[1]) > before, within=5)
    ahead = (term(pods[1]) >> 16) / 1_000 - time.time()
    assert ahead < AHEAD + 60, f"terms are {ahead:.0f} s ahead"
    case.say("the next leader's term is higher than the early one's, and no further ahead")


def term(pod):
    reply = pod.rest.request("GET", "/leader").json()
    if reply.get("term") is None:
        raise NotYet(f"{pod.name}: {reply}")
    return int(reply["term"])


def stamp(pod, key):
    """When a key was written, by its writer's clock, in seconds since 1970."""
    newest = pod.rest.request("GET", f"/keys/{key}?explain").json()["candidates"][-1]
    return time.mktime(time.strptime(newest["time"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
