"""DNS that is empty, or doesn't answer at all, when the members start: they find each other later."""

from lab.waiting import keeps

LATE = 5  # seconds


def main(case):
    pods = case.stateful_set(published=False).start()
    keeps("everyone runs without names", lambda: all(pod.running for pod in pods), LATE)
    for pod in pods:
        pods.names.publish(pod.name, pod.address)
    case.say(f"no record for {LATE} s, then all: green after {pods.wait_green(within=20):.2f} s")
    pods.close()

    pods = case.stateful_set()
    pods.network.cut(["dns"], [pod.name for pod in pods])
    pods.start()
    keeps("everyone runs without DNS", lambda: all(pod.running for pod in pods), LATE)
    pods.heal()
    case.say(f"no DNS for {LATE} s, then it answers: green after {pods.wait_green(20):.2f} s")
