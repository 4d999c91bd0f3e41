"""No more than two at once."""

import threading
import time

# ANCHOR: semaphore
slots = threading.BoundedSemaphore(2)


def fetch(name):
    with slots:  # the third waits here until somebody leaves
        return download(name)
# ANCHOR_END: semaphore


inside = most = 0
counting = threading.Lock()


def download(name):
    global inside, most
    with counting:
        inside += 1
        most = max(most, inside)
    time.sleep(0.001)
    with counting:
        inside -= 1
    return name


threads = [threading.Thread(target=fetch, args=(n,)) for n in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert most <= 2

# ANCHOR: late
slots.acquire()
slots.release()
try:
    slots.release()  # once too often
except ValueError as error:
    refused = error
# ANCHOR_END: late
assert refused
