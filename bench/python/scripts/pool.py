"""A pool of four threads maps 50,000 numbers to their squares: the time in nanoseconds."""

import time
from concurrent.futures import ThreadPoolExecutor

NUMBERS = 50_000


def square(number):
    return number * number


def main():
    start = time.perf_counter_ns()
    with ThreadPoolExecutor(max_workers=4) as pool:
        total = sum(pool.map(square, range(NUMBERS)))
    took = time.perf_counter_ns() - start
    assert total == sum(number * number for number in range(NUMBERS))
    print(took)


if __name__ == "__main__":
    main()
