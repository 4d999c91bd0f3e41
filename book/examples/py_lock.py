"""A lock beside what it protects."""

import threading

# ANCHOR: lock
lock = threading.Lock()
balance = 100


def withdraw(amount):
    global balance
    with lock:  # released at the end of the block, also by an exception
        if balance >= amount:
            balance -= amount
            return True
        return False
# ANCHOR_END: lock


results = []
threads = [threading.Thread(target=lambda: results.append(withdraw(60))) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(results) == [False, True] and balance == 40
