"""A tree whose every level takes the same lock."""

import threading

# ANCHOR: rlock
lock = threading.RLock()
tree = {"size": 1, "inside": [{"size": 2, "inside": []}, {"size": 4, "inside": []}]}


def size(node):
    with lock:  # a plain Lock would wait for itself at the second level
        return node["size"] + sum(size(child) for child in node["inside"])
# ANCHOR_END: rlock


assert size(tree) == 7
assert lock.acquire(blocking=False)
