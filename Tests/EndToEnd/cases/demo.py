"""`cluster demo` brings up a whole cluster in one command, and Ctrl-C ends all of it."""

import os
import signal
import subprocess

from lab.remains import processes_in
from lab.rest import Rest
from lab.waiting import wait_until


def main(case):
    for arguments in ([], ["--processes"]):
        demo(case, ["demo", "--nodes", "5", *arguments])


def demo(case, arguments):
    namespace = case.lone_host()
    path = os.path.join(case.directory, "-".join(arguments).replace("--", "") + ".log")
    with open(path, "wb") as log:
        process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, case.binary, *arguments], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True)
    try:
        rest = Rest(namespace)
        seconds = wait_until("five members are green", lambda: five_green(process, rest), within=60)
        case.say(f"cluster {' '.join(arguments)}: green after {seconds:.2f} s")
        page = rest.request("GET", "/", headers={"Accept": "text/html"})
        assert page.status == 200 and b"<html" in page.body.lower(), page.body[:200]
        rest.close()
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        seconds = wait_until("Ctrl-C ends it", lambda: process.poll() is not None, within=10)
        assert process.returncode == 0, f"exit status {process.returncode}"
        wait_until("no process of it is left", lambda: not processes_in(namespace), within=5)
        case.say(f"Ctrl-C: exit 0 after {seconds:.2f} s, nothing left behind")
    except Exception:
        with open(path, errors="replace") as log:
            print(log.read()[-4_000:])
        raise
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def five_green(process, rest):
    if process.poll() is not None:
        raise AssertionError(f"it ended with {process.returncode}")
    state = rest.state()
    return state["state"] == "green" and state["size"] == 5 and len(state["nodes"]) == 5
