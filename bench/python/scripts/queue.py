"""200,000 items pass through a queue with room for 1,024: the time in nanoseconds."""

import time
from queue import Queue
from threading import Thread

ITEMS = 200_000
CAPACITY = 1_024


def produce(queue):
    for item in range(ITEMS):
        queue.put(item)


def main():
    queue = Queue(CAPACITY)
    start = time.perf_counter_ns()
    producer = Thread(target=produce, args=(queue,))
    producer.start()
    total = sum(queue.get() for _ in range(ITEMS))
    producer.join()
    took = time.perf_counter_ns() - start
    assert total == ITEMS * (ITEMS - 1) // 2
    print(took)


if __name__ == "__main__":
    main()
