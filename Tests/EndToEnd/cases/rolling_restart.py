"""Five restart in turn, highest first: exactly two leader changes, never red, no write lost."""

import signal
import threading

from lab.waiting import wait_until


def main(case):
    pods = case.stateful_set(size=5).start()
    pods.wait_green()
    held = {f"key-{number}": f"value {number}" for number in range(100)}
    for key, value in held.items():
        pods[1].rest.put(key, value)
    wait_until("all hold it", lambda: pods.all_hold(held), within=5)

    onlooker = Onlooker(pods)
    try:
        for ordinal in reversed(range(5)):
            pods[ordinal].signal(signal.SIGTERM)
            key = f"written while app-{ordinal} leaves"
            pods[(ordinal + 1) % 5].rest.put(key, "kept")
            held[key] = "kept"
            assert pods[ordinal].exit_status(within=10) == 0
            pods[ordinal].reschedule(50 + ordinal)
            pods[ordinal].start()
            wait_until(f"app-{ordinal} is back and has been filled", lambda: pods[ordinal].rest
                       .request("GET", "/readyz").status == 200 and pods.all_hold(held), within=20)
            case.say(f"app-{ordinal} restarted at {pods[ordinal].address}: green after "
                     f"{pods.wait_green():.2f} s more")
    finally:
        onlooker.close()
    assert onlooker.leaders == ["app-0", "app-1", "app-0"], onlooker.leaders
    assert not onlooker.red, onlooker.red
    case.say(f"leaders, in the eyes of whoever was up: {' '.join(onlooker.leaders)}; "
             f"{onlooker.looks} looks, none red")


class Onlooker:
    """Notes each change of the leader that a member tells which leads, and each ready member that
    takes the cluster for red."""

    def __init__(self, pods):
        self.pods, self.leaders, self.red, self.looks = pods, ["app-0"], [], 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on)
        self._thread.start()

    def close(self):
        self._done.set()
        self._thread.join()

    def _look_on(self):
        eyes = {pod.name: type(pod.rest)(pod.namespace) for pod in self.pods}
        while not self._done.wait(0.02):
            for pod in self.pods:
                eye = eyes[pod.name]
                if eye.namespace != pod.namespace:
                    eyes[pod.name] = eye = type(pod.rest)(pod.namespace)
                try:
                    self._look(pod.name, eye)
                except OSError:
                    eye.close()

    def _look(self, name, eye):
        self.looks += 1
        if eye.request("GET", "/readiness", timeout=0.5).status == 200:
            if self.leaders[-1] != name:
                self.leaders.append(name)
        is_ready = eye.request("GET", "/readyz", timeout=0.5).status == 200
        state = eye.request("GET", "/", timeout=0.5).json()
        if is_ready and state["state"] == "red":
            self.red.append((name, state))
