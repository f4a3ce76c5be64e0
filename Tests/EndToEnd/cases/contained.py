"""As in its image: PID 1, nobody's user, no capability, a root that can't be written."""

import signal
import subprocess

from lab.case import Skip
from lab.pod import CONTAINED
from lab.waiting import wait_until


def main(case):
    trial = subprocess.run([*CONTAINED, case.binary, "--help"], capture_output=True, text=True)
    if trial.returncode != 0:
        raise Skip(f"nobody's user can't run {case.binary}: {trial.stderr.strip()[:200]}")
    pods = case.stateful_set()
    for pod in pods:
        pod.start(first_process=True, contained=True)
    seconds = pods.wait_green()
    with open(f"/proc/{pods[0].pid}/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    assert status["Uid"].split() == ["65532"] * 4, status["Uid"]
    assert int(status["CapEff"], 16) == 0 and status["NSpid"].split()[-1] == "1", status
    case.say(f"user 65532, no capability, PID 1: green after {seconds:.2f} s")
    pods[0].rest.put("contained", "yes")
    wait_until("all hold it", lambda: pods.all_hold({"contained": "yes"}), within=5)
    pods[2].signal(signal.SIGTERM)
    assert pods[2].exit_status(within=10) == 0
    case.say("SIGTERM: exit 0")
