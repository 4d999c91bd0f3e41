"""One release too many, and who is told of it."""

import threading

# ANCHOR: late
slots = threading.BoundedSemaphore(2)

slots.acquire()  # one is inside
slots.release()  # somebody else releases what was never taken: accepted
try:
    slots.release()  # the one inside leaves, and is blamed
except ValueError as error:
    blamed = error
# ANCHOR_END: late
assert "too many" in str(blamed)
