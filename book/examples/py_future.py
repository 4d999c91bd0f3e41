"""Results of threads: by hand through a queue, and as futures."""

import queue
import threading
from concurrent.futures import Future, ThreadPoolExecutor

# ANCHOR: by_hand
answers = queue.Queue()


def ask(text):
    try:
        answers.put((text, int(text)))
    except ValueError as error:
        answers.put((text, error))  # forget this line, and somebody waits for ever


for text in ("12", "twelve"):
    threading.Thread(target=ask, args=(text,)).start()
by_hand = dict(answers.get() for _ in range(2))  # in whichever order they come
# ANCHOR_END: by_hand

# ANCHOR: future
with ThreadPoolExecutor() as pool:
    good = pool.submit(int, "12")
    bad = pool.submit(int, "twelve")
    assert good.result(timeout=60) == 12
    assert isinstance(bad.exception(), ValueError)  # `result` would raise it
# ANCHOR_END: future

assert by_hand["12"] == 12 and isinstance(by_hand["twelve"], ValueError)
pending = Future()
assert pending.cancel() and pending.cancelled()
