"""With a key nobody gets in who has another one, or none."""

from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set()
    ours, theirs = (key(pods[0]) for _ in range(2))
    for pod in pods:
        pod.start(CLUSTER_KEY=ours)
    case.say(f"three with one key: green after {pods.wait_green():.2f} s")
    pods[0].rest.put("secret", "kept")
    wait_until("all hold it", lambda: pods.all_hold({"secret": "kept"}), within=5)

    for what, environment in (("another key", {"CLUSTER_KEY": theirs}), ("no key", {})):
        pods[2].kill()
        wait_until("the others miss app-2", lambda: pods.sees([0, 1], nodes=[0, 1]), within=10)
        pods[2].start(**environment)
        wait_until("it serves alone", lambda: pods.sees([2], nodes=[2], state="red"), within=10)
        looks = keeps("it stays out", lambda: pods.sees([2], nodes=[2], state="red")
                      and pods.sees([0, 1], nodes=[0, 1], state="yellow")
                      and pods[2].rest.get("secret") is None, seconds=4)
        case.say(f"app-2 with {what}: out for 4 s ({looks} looks)")

    pods[2].kill()
    pods[2].start(CLUSTER_KEY=ours)
    case.say(f"app-2 with the right key: green after {pods.wait_green():.2f} s")
    wait_until("all hold it", lambda: pods.all_hold({"secret": "kept"}), within=5)


def key(pod):
    made = pod.run("keygen")
    assert made.returncode == 0 and made.stdout.strip(), made
    return made.stdout.strip()
