"""A tree whose every level takes the same lock."""

import threading

# ANCHOR: rlock
lock = threading.RLock()
tree = {"size": 1, "children": [{"size": 2, "children": []}, {"size": 4, "children": []}]}


def size(node):
    with lock:  # with a plain Lock the second level would wait for the first, for ever
        return node["size"] + sum(size(child) for child in node["children"])
# ANCHOR_END: rlock


assert size(tree) == 7
assert lock.acquire(blocking=False)
