"""The tutorial's counter, without its lock, and what the interpreter makes of one line."""

import dis
import threading

ROUNDS = 100_000
counter = 0


# ANCHOR: add
def add():
    global counter
    for _ in range(ROUNDS):
        counter += 1
# ANCHOR_END: add


# ANCHOR: steps
def steps():
    """The steps of `counter += 1` that other threads can come between."""
    names = [step.opname for step in dis.get_instructions(add)]
    read = names.index("LOAD_GLOBAL", names.index("FOR_ITER"))
    write = names.index("STORE_GLOBAL")
    return names[read : write + 1]
# ANCHOR_END: steps


threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

# No more is promised than this.
assert 2 <= counter <= 2 * ROUNDS
assert steps()[0] == "LOAD_GLOBAL" and steps()[-1] == "STORE_GLOBAL" and len(steps()) > 2
