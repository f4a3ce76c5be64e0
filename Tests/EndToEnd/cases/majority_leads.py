"""With CLUSTER_LEADER_POLICY=majority the smaller side of a cut has no leader, and still serves."""

from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set(environment={"CLUSTER_LEADER_POLICY": "majority"}).start()
    pods.wait_green()
    wait_until("app-0 is confirmed", lambda: ready(pods) == [200, 503, 503], within=5)

    pods.cut([0], [1, 2])
    seconds = wait_until("app-1 leads where the majority is", lambda: pods.sees(
        [1, 2], nodes=[1, 2], state="yellow", leader="app-1")
        and ready(pods) == [503, 200, 503], within=15)
    case.say(f"app-0 was cut off: app-1 led, and app-0 no longer, after {seconds:.2f} s")
    pods[0].rest.put("alone", "served")
    keeps("app-0 doesn't lead", lambda: ready(pods) == [503, 200, 503], seconds=2)
    pods.heal()
    case.say(f"healed: green, led by app-0, after {pods.wait_green(within=15):.2f} s")
    wait_until("all hold the write of the smaller side",
               lambda: pods.all_hold({"alone": "served"}), within=5)


def ready(pods):
    return [pod.rest.request("GET", "/readiness").status for pod in pods]
