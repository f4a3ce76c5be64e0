"""The image itself, as nobody on a read-only root: start, update, scaling, a kill, a split, key rotation."""

import itertools
import os
import shutil
import subprocess

from lab.case import Skip
from lab.image import BUILD, Image, Secret
from lab.shell import CommandFailed
from lab.waiting import keeps, wait_until

LIMIT = 240


def main(case):
    image = built(case)
    pods = case.stateful_set(image=image)
    numbers = itertools.count(40)
    pods.start()
    case.say(f"three of the image: green after {pods.wait_green():.2f} s")
    is_contained(pods[0])
    held = {f"key-{number}": f"value {number}" for number in range(60)}
    for key, value in held.items():
        pods[1].rest.put(key, value)
    wait_until("all hold it", lambda: pods.all_hold(held), within=5)

    pods.roll_out(numbers)
    case.say(f"rolling update, each pod with a new address: green {pods.wait_green():.2f} s later")
    pods.roll_out(numbers, size=5)
    case.say(f"replicas 5 applied: green {pods.wait_green():.2f} s after the last pod was ready")
    wait_until("all five hold it", lambda: pods.all_hold(held), within=5)
    kill_the_leader(case, pods, held, numbers)
    split(case, pods, held)
    pods.roll_out(numbers, size=3)
    case.say(f"replicas 3 applied: green {pods.wait_green():.2f} s later")
    wait_until("the three hold it", lambda: pods.all_hold(held), within=5)
    rotate(case, image, held)


def built(case):
    if shutil.which("buildah") is None or not os.path.isdir(
            BUILD.parents[1] / ".build-tools/base-packages"):
        raise Skip("there is no buildah, or no base: 'Tests/tools image' brings them")
    keys = Secret(os.path.join(case.directory, "keys"), keys="")
    try:
        image = Image(os.path.join(case.directory, "image"), secrets={"keys": keys.directory})
    except CommandFailed as failure:
        if "no release build" in str(failure):
            raise Skip("there is no release build to take objects from") from failure
        raise
    image.keys = keys
    case.say(image.said)
    return image


def is_contained(pod):
    with open(f"/proc/{pod.pid}/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    assert status["Uid"].split() == ["65532"] * 4, status["Uid"]
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0, status
    assert status["NoNewPrivs"] == "1" and status["NSpid"].split()[-1] == "1", status
    with open(f"/proc/{pod.pid}/mountinfo") as file:
        root = [line.split()[5].split(",") for line in file if line.split()[4] == "/"]
    assert root and "ro" in root[-1], f"its root can be written: {root}"
    done = pod.run("status", "--check")
    assert done.returncode == 0, f"kubectl exec app-0 -- cluster status --check: {done}"


def kill_the_leader(case, pods, held, numbers):
    pods[0].kill()
    rest = range(1, len(pods.pods))
    seconds = wait_until("app-1 leads", lambda: pods.sees(rest, nodes=rest, leader="app-1"), within=10)
    case.say(f"leader killed: app-1 leads after {seconds:.2f} s")
    pods[0].reschedule(next(numbers))
    pods[0].start()
    pods.wait_green(within=20)
    wait_until("all hold it", lambda: pods.all_hold(held), within=5)


def split(case, pods, held):
    pods.cut([0, 1], [2, 3, 4])
    wait_until("both sides go on", lambda: pods.sees([0, 1], nodes=[0, 1], leader="app-0")
               and pods.sees([2, 3, 4], nodes=[2, 3, 4], leader="app-2"), within=20)
    pods[0].rest.put("of the two", "a")
    pods[4].rest.put("of the three", "b")
    held |= {"of the two": "a", "of the three": "b"}
    pods.heal()
    seconds = pods.wait_green(within=20)
    wait_until("all hold both sides' writes", lambda: pods.all_hold(held), within=10)
    case.say(f"split 2|3 and healed: green after {seconds:.2f} s, one map")


def rotate(case, image, held):
    """Install, use, remove: three changes of the Secret, none of which costs a suspicion."""
    old, new = (subprocess.run([case.binary, "keygen"], capture_output=True, text=True).stdout
                for _ in range(2))
    image.keys.change(keys=old)
    pods = case.stateful_set(image=image, environment={"CLUSTER_KEY_FILE": "/keys/keys"})
    pods[0].start()
    try:
        status = pods[0].exit_status(within=1)
    except AssertionError:
        status = None
    if status is not None:
        assert status == 64 and "CLUSTER_KEY" in pods[0].last_words(), pods[0].last_words()
        case.say("SKIP key rotation: this build can't protect packets, and refuses a key")
        return
    for pod in pods.pods[1:]:
        pod.start()
    pods.wait_green()
    for key, value in held.items():
        pods[2].rest.put(key, value)
    before = suspicions(pods)
    for step, keys in (("install", old + new), ("use", new + old), ("remove", new)):
        image.keys.change(keys=keys)
        wait_until(f"{step}: all hold it, all seal with the first", lambda: all(
            is_settled(pod, len(keys.split())) for pod in pods), within=15)
        keeps(f"{step}: nobody is missed", lambda: pods.sees(range(3), state="green"), seconds=2)
        case.say(f"key rotation, {step}: green throughout")
    assert suspicions(pods) == before, f"suspicions: {before}, then {suspicions(pods)}"
    wait_until("all hold it", lambda: pods.all_hold(held), within=5)
    told = pods[1].run("keyring", "list")
    assert told.returncode == 0 and "3 of 3" in told.stdout, told
    case.say("key rotation cost no suspicion")


def is_settled(pod, count):
    """What an operator waits for between two steps: N of N hold each key, and seal with the first."""
    keys = pod.rest.request("GET", "/keyring").json()["keys"]
    return (len(keys) == count and all(key["held"] == 3 for key in keys)
            and [key["sealing"] for key in keys if key["primary"]] == [3])


def suspicions(pods):
    text = [pod.rest.request("GET", "/metrics").body.decode() for pod in pods]
    return sum(float(line.split()[1]) for one in text for line in one.splitlines()
               if line.startswith("cluster_suspicions_raised_total "))
