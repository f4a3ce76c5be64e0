"""SIGSTOP: a member that stands still is taken for dead, returns, and loses nothing."""

import signal

from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("before", "1")
    wait_until("all hold it", lambda: pods.all_hold({"before": "1"}), within=5)

    pods[0].signal(signal.SIGSTOP)
    seconds = wait_until("app-1 leads the others", lambda: pods.sees(
        [1, 2], nodes=[1, 2], state="yellow", leader="app-1"), within=15)
    case.say(f"stopped: the others went on under app-1 after {seconds:.2f} s")
    pods[2].rest.put("meanwhile", "2")
    pods[0].signal(signal.SIGCONT)
    seconds = pods.wait_green(within=15)
    wait_until("all hold all", lambda: pods.all_hold({"before": "1", "meanwhile": "2"}), within=5)
    case.say(f"continued: green and equal after {seconds:.2f} s")
    keeps("it stays green", lambda: pods.sees(range(3), state="green", leader="app-0"), seconds=3)
