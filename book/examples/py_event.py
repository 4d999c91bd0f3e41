"""Telling threads to stop, and ending their pause as well."""

import threading

# ANCHOR: event
stop = threading.Event()
beats = 0


def heart():
    global beats
    while not stop.wait(timeout=0.001):  # a sleep that a stop ends
        beats += 1
# ANCHOR_END: event


thread = threading.Thread(target=heart)
thread.start()
while beats < 3:
    pass
stop.set()
thread.join()
assert stop.wait(timeout=0), "an event that is set stays set"
