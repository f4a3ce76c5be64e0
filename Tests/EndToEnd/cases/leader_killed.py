"""kill -9 of the leader: the next one leads; it returns elsewhere, empty, and gets all back."""

from lab.waiting import wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    held = {f"key-{number}": f"value {number}" for number in range(50)}
    for key, value in held.items():
        pods[0].rest.put(key, value)
    wait_until("all hold what app-0 was told", lambda: pods.all_hold(held), within=5)

    pods[0].kill()
    seconds = wait_until("app-1 leads", lambda: pods.sees(
        [1, 2], nodes=[1, 2], state="yellow", leader="app-1"), within=10)
    case.say(f"app-1 led in both survivors' eyes {seconds * 1000:.0f} ms after kill -9")
    wait_until("app-1 is /readiness-ready",
               lambda: pods[1].rest.request("GET", "/readiness").status == 200, within=5)
    held["written meanwhile"] = "kept"
    pods[2].rest.put("written meanwhile", "kept")

    before = pods[0].address
    pods[0].reschedule(77)
    pods[0].start()
    seconds = pods.wait_green(within=20)
    case.say(f"app-0 moved from {before} to {pods[0].address}: green again after {seconds:.2f} s")
    seconds = wait_until("all hold all", lambda: pods.all_hold(held), within=5)
    case.say(f"its {len(held)} keys were back {seconds * 1000:.0f} ms later; app-0 leads")
    wait_until("app-0 alone is /readiness-ready", lambda: [
        pod.rest.request("GET", "/readiness").status for pod in pods] == [200, 503, 503], within=5)
