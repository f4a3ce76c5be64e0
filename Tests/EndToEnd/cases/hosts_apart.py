"""DELETE /hosts sends a member off to live alone or ends it; POST /hosts brings it back."""

from lab.waiting import keeps, wait_until

ALONE = 4  # seconds


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("before", "held by all")
    wait_until("all hold it", lambda: pods.all_hold({"before": "held by all"}), within=5)

    for method in ("POST", "DELETE"):
        reply = pods[0].rest.request(method, "/hosts/nobody-7")
        assert reply.status == 404 and reply.json()["host"] == "nobody-7", f"{method}: {reply}"
        assert "application/problem+json" in reply.headers["content-type"], reply
    assert pods[0].rest.request("DELETE", "/hosts/app-2?mode=maybe").status == 400
    assert pods.sees(range(3), state="green")

    disconnect(case, pods, "disconnect", asked=0)
    disconnect(case, pods, "leave", asked=2)
    halt(case, pods)


def disconnect(case, pods, mode, asked):
    path = f"/hosts/app-2?mode={mode}"
    assert pods[asked].rest.request("DELETE", path).status == 200
    wait_until("app-2 is alone", lambda: alone(pods), within=10)
    assert pods[asked].rest.request("DELETE", path).status == 200, "it isn't idempotent"
    pods[2].rest.put(f"alone, {mode}", "2")
    pods[1].rest.put(f"others, {mode}", "1")
    looks = keeps("app-2 stays apart and serves its data", lambda: alone(pods)
                  and pods[2].rest.get("before") == "held by all"
                  and pods[2].rest.get(f"others, {mode}") is None
                  and pods[0].rest.get(f"alone, {mode}") is None, ALONE)
    case.say(f"mode={mode}: app-2 was red and served alone for {ALONE} s ({looks} looks)")
    assert pods[1].rest.request("POST", "/hosts/app-2").status == 200
    seconds = pods.wait_green(within=15)
    wait_until("all hold both sides' writes", lambda: all(
        pod.rest.get(f"alone, {mode}") == "2" and pod.rest.get(f"others, {mode}") == "1"
        for pod in pods), within=10)
    assert pods[1].rest.request("POST", "/hosts/app-2").status == 200, "it isn't idempotent"
    case.say(f"POST /hosts/app-2: green and merged after {seconds:.2f} s")


def halt(case, pods):
    assert pods[1].rest.request("DELETE", "/hosts/app-2?mode=halt").status == 200
    status = pods[2].exit_status(within=10)
    assert status == 0, f"a halted member ended with {status}"
    seconds = wait_until("the others are yellow", lambda: pods.sees(
        [0, 1], nodes=[0, 1], state="yellow", leader="app-0"), within=5)
    assert pods[1].rest.request("DELETE", "/hosts/app-2?mode=halt").status == 200
    case.say(f"mode=halt: exit 0; the others yellow {seconds:.2f} s later")


def alone(pods):
    return (pods.sees([2], nodes=[2], state="red", leader="app-2")
            and pods.sees([0, 1], nodes=[0, 1], state="yellow", leader="app-0"))
