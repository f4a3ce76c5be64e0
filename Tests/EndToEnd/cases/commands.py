"""The client commands, in a pod: what they print, and their exit statuses."""

import json

from lab.waiting import wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()

    said(pods[0], 0, "put", "greeting", "hello")
    wait_until("all hold it", lambda: pods.all_hold({"greeting": "hello"}), within=5)
    assert said(pods[2], 0, "get", "greeting").strip() == "hello"
    assert "greeting" in said(pods[1], 0, "list")
    said(pods[1], 0, "delete", "greeting")
    wait_until("it is deleted", lambda: pods.all_hold({"greeting": None}), within=5)
    said(pods[0], 1, "get", "greeting")

    assert "app-0" in said(pods[1], 0, "leader")
    members = said(pods[1], 0, "members")
    assert all(pod.name in members for pod in pods), members
    status = json.loads(said(pods[1], 0, "status", "--output", "json"))
    assert status["state"] == "green" and status["leader"] == "app-0", status
    said(pods[1], 0, "status", "--check")
    case.say("put, get, list, delete, leader, members, status: as promised")

    pods[2].kill()
    wait_until("two are left", lambda: pods.sees([0, 1], state="yellow"), within=10)
    said(pods[0], 3, "status", "--check")
    said(pods[0], 2, "status", "--url", "http://127.0.0.1:9")
    said(pods[0], 64, "brew", "coffee")
    case.say("exit status 3 when not green, 2 when unreachable, 64 for what makes no sense")


def said(pod, status, *arguments):
    """What `cluster ARGUMENTS` printed, which must end with this status."""
    done = pod.run(*arguments)
    assert done.returncode == status, f"{' '.join(arguments)}: not {status}: {done}"
    return done.stdout
