"""A level and not a pulse: one set for any number of waits."""

import threading

# ANCHOR: event
start = threading.Event()
gone = []


def runner(name):
    start.wait()  # everybody waits at this line
    gone.append(name)


runners = [threading.Thread(target=runner, args=(name,)) for name in "abc"]
for thread in runners:
    thread.start()
start.set()  # all of them go, and so does whoever comes later
late = threading.Thread(target=runner, args=("late",))
late.start()
# ANCHOR_END: event

for thread in [*runners, late]:
    thread.join()
assert sorted(gone) == ["a", "b", "c", "late"]
start.clear()
assert not start.wait(timeout=0)
