"""SIGTERM: a member tells the others that it leaves, and ends with 0; also as PID 1."""

import signal
import time

from lab.waiting import wait_until


def main(case):
    pods = case.stateful_set()
    pods[0].start()
    pods[1].start()
    pods[2].start(first_process=True)
    pods.wait_green()
    with open(f"/proc/{pods[2].pid}/status") as file:
        own = next(line for line in file if line.startswith("NSpid"))
    assert own.split()[-1] == "1", own

    stop(case, pods, 0, "leader", [1, 2], leader="app-1")
    pods[0].start()
    seconds = pods.wait_green()
    case.say(f"app-0 returned: green, led by it, after {seconds:.2f} s")
    stop(case, pods, 2, "PID 1", [0, 1], leader="app-0")


def stop(case, pods, leaving, what, others, leader):
    start = time.monotonic()
    pods[leaving].signal(signal.SIGTERM)
    seen = wait_until(f"the others see that app-{leaving} left", lambda: pods.sees(
        others, nodes=others, state="yellow", leader=leader), within=2)
    status = pods[leaving].exit_status(within=10)
    assert status == 0, f"app-{leaving} ended with {status}"
    case.say(f"SIGTERM to app-{leaving} ({what}): seen by all after {seen * 1000:.0f} ms, led by "
             f"{leader}; exit 0 after {time.monotonic() - start:.2f} s")
