"""What app-0 sends to app-1 is lost, the other way is open: nobody is lost, writes go round."""

from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods.network.cut_one_way("app-0", "app-1")
    pods[0].rest.put("around", "the corner")
    seconds = wait_until("the write came through app-2",
                         lambda: pods.all_hold({"around": "the corner"}), within=10)
    case.say(f"a write on app-0 reached app-1 through app-2 after {seconds:.2f} s")
    looks = keeps("app-2 sees everyone, led by app-0", lambda: pods.sees(
        [2], nodes=[0, 1, 2], leader="app-0"), seconds=8)
    case.say(f"app-2 saw all three, led by app-0, for 8 s ({looks} looks)")
    wait_until("app-2 tells which way the link is cut", lambda: matrix(pods[2]), within=10)
    for pod in pods:
        said = pod.last_words(lines=10_000)
        assert " is dead" not in said and "partition" not in said, f"{pod.name} lost somebody"
    case.say("by app-2, app-1 doesn't hear app-0, which hears it and gets no answers")
    pods.heal()
    case.say(f"green after {pods.wait_green(within=15):.2f} s")


def matrix(pod):
    """Whether a member's rows of the reachability matrix say that app-0 doesn't reach app-1."""
    report = pod.rest.request("GET", "/members").json()
    cells = {row["member"]: row["cells"] for row in report["heard"]}
    return len(cells) == 3 and cells["app-1"][0] == "unheard" and cells["app-0"][1] == "oneWay"
