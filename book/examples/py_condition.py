"""A mailbox for one letter at a time."""

import threading

# ANCHOR: condition
changed = threading.Condition()
letter = None


def post(text):
    global letter
    with changed:
        changed.wait_for(lambda: letter is None)
        letter = text
        changed.notify_all()


def take():
    global letter
    with changed:
        changed.wait_for(lambda: letter is not None)
        text, letter = letter, None
        changed.notify_all()
        return text
# ANCHOR_END: condition


writer = threading.Thread(target=lambda: [post(text) for text in "abc"])
writer.start()
assert [take() for _ in range(3)] == ["a", "b", "c"]
writer.join()
