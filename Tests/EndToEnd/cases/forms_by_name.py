"""Three pods find each other by DNS names, agree on app-0, and serve what the contract says."""

from lab import metrics
from lab.waiting import wait_until


def main(case, family=4):
    pods = case.stateful_set(family=family).start()
    case.say(f"green after {pods.wait_green(within=15):.2f} s")

    for pod in pods:
        state = pod.rest.state()
        names = ["app-0", "app-1", "app-2"]
        assert state["recovery"] == "auto" and state["size"] == 3, state
        assert state["store"]["ram_copies"] == names, state
        assert state["store"]["replicas"]["all"] == names, state
    wait_until("every store is active in everyone's eyes", lambda: all(
        sorted(pod.rest.state()["store"]["replicas"]["active"]) == ["app-0", "app-1", "app-2"]
        for pod in pods), within=5)

    wait_until("only app-0 is /readiness-ready", lambda: readiness(pods) == [200, 503, 503],
               within=5)
    wait_until("everyone is /readyz-ready", lambda: all(
        pod.rest.request("GET", "/readyz").status == 200 for pod in pods), within=5)
    assert all(pod.rest.request("GET", "/livez").status == 200 for pod in pods)

    for path in ("/", "/readiness", "/keys/absent", "/metrics", "/no/such/path"):
        for pod in pods:
            host = pod.rest.request("GET", path).headers.get("host")
            assert host == pod.name, f"{path} at {pod.name} has the header host: {host}"
    case.say("each reply's host header is the member's name")

    pods[2].rest.put("greeting", "hello")
    seconds = wait_until("a write is everywhere", lambda: pods.all_hold({"greeting": "hello"}),
                         within=5)
    case.say(f"a write on app-2 was seen everywhere {seconds * 1000:.0f} ms later")
    for pod in pods:
        wait_until(f"{pod.name}'s metrics", lambda: check_metrics(pod), within=5)
    case.say("the original's eleven metrics are there; promtool has no complaint")


def readiness(pods):
    return [pod.rest.request("GET", "/readiness").status for pod in pods]


def check_metrics(pod):
    reply = pod.rest.request("GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4"), reply.headers
    text = reply.body.decode()
    values, types = metrics.samples(text), metrics.types(text)
    for name in metrics.GAUGES:
        assert name in values, f"{pod.name} has no {name}"
    for name in metrics.COUNTERS:
        assert types.get(f"{name}_total") == "counter", f"{name}_total: {types.get(name)}"
        assert types.get(name) == "untyped", f"{name}: {types.get(name)}"
        assert values[name] == values[f"{name}_total"], name
    expected = {"cluster_expected_size": 3, "cluster_size": 3, "cluster_green": 1,
                "cluster_store_ready": 1, "cluster_store_size": 1,
                "cluster_leader": 1 if pod.name == "app-0" else 0}
    complaints = metrics.promtool(text)
    assert not complaints, complaints
    return {name: values[name] for name in expected} == expected
