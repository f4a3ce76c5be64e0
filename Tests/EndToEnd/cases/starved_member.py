"""A member beside processes that take its CPU: it accuses nobody falsely, and the others go on."""

import os
import subprocess

from lab.case import Skip
from lab.waiting import keeps, wait_until

HEALTHY = [0, 2, 3, 4]
# So many loops share one CPU with the starved member, which is the least of them.
HOGS = 6


def main(case):
    if os.cpu_count() < 2:
        raise Skip("needs two CPUs: one to be starved on, one for the others")
    pods = case.stateful_set(size=5)
    for ordinal, pod in enumerate(pods):
        pod.start(through=["taskset", "-c", "0", "nice", "-n", "19"] if ordinal == 1 else
                  ["taskset", "-c", "1"])
    pods.wait_green()
    hogs = [subprocess.Popen(["taskset", "-c", "0", "sh", "-c", "while :; do :; done"])
            for _ in range(HOGS)]
    try:
        looks = keeps("the healthy ones see each other, led by app-0",
                      lambda: healthy_see_each_other(pods), seconds=15)
        case.say(f"app-1 got little of its CPU for 15 s: {looks} looks, nobody else was lost")
        pods[3].rest.put("meanwhile", "1")
        wait_until("the healthy ones hold it",
                   lambda: pods.all_hold({"meanwhile": "1"}, HEALTHY), within=5)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    case.say(f"green {pods.wait_green(within=10):.2f} s after it had its CPU again")
    for pod in pods:
        said = pod.last_words(lines=10_000)
        wrongly = [f"app-{number}" for number in HEALTHY if f"app-{number} is dead" in said]
        assert not wrongly, f"{pod.name} took {wrongly} for dead"
    wait_until("all hold all", lambda: pods.all_hold({"meanwhile": "1"}), within=5)


def healthy_see_each_other(pods):
    for ordinal in HEALTHY:
        state = pods[ordinal].rest.state()
        assert state["leader"] == "app-0", state
        assert {f"app-{number}" for number in HEALTHY} <= set(state["nodes"]), state
    return True
