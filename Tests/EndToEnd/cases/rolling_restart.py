"""A rolling restart, highest ordinal first: the leader changes exactly twice and nothing is lost."""

import signal
import threading

from lab.waiting import wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    held = {f"key-{number}": f"value {number}" for number in range(100)}
    for key, value in held.items():
        pods[1].rest.put(key, value)
    wait_until("all hold it", lambda: pods.all_hold(held), within=5)

    leaders = ["app-0"]
    done = threading.Event()
    watch = threading.Thread(target=look_on, args=(pods, done, leaders))
    watch.start()
    try:
        for ordinal in (2, 1, 0):
            pods[ordinal].signal(signal.SIGTERM)
            assert pods[ordinal].exit_status(within=10) == 0
            pods[ordinal].reschedule(50 + ordinal)
            pods[ordinal].start()
            wait_until(f"app-{ordinal} is back and has been filled", lambda: pods[ordinal].rest
                       .request("GET", "/readyz").status == 200 and pods.all_hold(held), within=20)
            case.say(f"app-{ordinal} restarted at {pods[ordinal].address}: green after "
                     f"{pods.wait_green():.2f} s more")
    finally:
        done.set()
        watch.join()
    assert leaders == ["app-0", "app-1", "app-0"], leaders
    case.say(f"leaders, in the eyes of whoever was up: {' '.join(leaders)}")


def look_on(pods, done, leaders):
    """Notes each change of the leader that a member which has just been ready tells."""
    eyes = {pod.name: type(pod.rest)(pod.namespace) for pod in pods}
    while not done.wait(0.02):
        for pod in pods:
            eye = eyes[pod.name]
            if eye.namespace != pod.namespace:
                eyes[pod.name] = eye = type(pod.rest)(pod.namespace)
            try:
                if eye.request("GET", "/readiness", timeout=0.5).status == 200:
                    if leaders[-1] != pod.name:
                        leaders.append(pod.name)
            except OSError:
                eye.close()
