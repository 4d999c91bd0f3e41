"""The tutorial's counter without its lock, and the schedule in which it loses an addition."""

import threading

ROUNDS = 100_000
counter = 0


# ANCHOR: add
def add():
    global counter
    for _ in range(ROUNDS):
        counter += 1
# ANCHOR_END: add


def run(target):
    """Runs it in two threads, and says what the counter was at the end."""
    global counter
    counter = 0
    threads = [threading.Thread(target=target) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counter


# ANCHOR: arranged
both_have_read = threading.Barrier(2)


def add_one():
    global counter
    seen = counter
    both_have_read.wait()  # nobody goes on before both are here
    counter = seen + 1
# ANCHOR_END: arranged


assert 2 <= run(add) <= 2 * ROUNDS  # no more is promised than this
assert run(add_one) == 1
