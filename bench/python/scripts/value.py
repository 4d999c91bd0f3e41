"""Four processes add to one shared value, 100,000 times in all: the time in nanoseconds."""

import time
from multiprocessing import Process, Value

PROCESSES = 4
ADDITIONS = 25_000


def add(value):
    for _ in range(ADDITIONS):
        with value.get_lock():
            value.value += 1


def main():
    value = Value("q", 0)
    start = time.perf_counter_ns()
    children = [Process(target=add, args=(value,)) for _ in range(PROCESSES)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    took = time.perf_counter_ns() - start
    assert value.value == PROCESSES * ADDITIONS
    print(took)


if __name__ == "__main__":
    main()
