"""Two workers at a queue, ended by a sentinel for each."""

import queue
import threading

# ANCHOR: queue
tasks = queue.Queue(maxsize=4)
done = []


def worker():
    while True:
        task = tasks.get()
        try:
            if task is None:  # the sentinel: go home
                return
            done.append(task * task)
        finally:
            tasks.task_done()


workers = [threading.Thread(target=worker) for _ in range(2)]
for thread in workers:
    thread.start()
for number in range(10):
    tasks.put(number)
tasks.join()  # everything that was put is done
for _ in workers:
    tasks.put(None)  # one for each
# ANCHOR_END: queue

for thread in workers:
    thread.join()
assert sorted(done) == [n * n for n in range(10)]
