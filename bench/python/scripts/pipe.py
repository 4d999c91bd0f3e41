"""A child echoes 20,000 messages over a connection: the time in nanoseconds."""

import time
from multiprocessing import Pipe, Process

TRIPS = 20_000
MESSAGE = "Hello from parent"


def echo(connection, other):
    other.close()
    try:
        while True:
            connection.send(connection.recv())
    except EOFError:
        pass


def main():
    start = time.perf_counter_ns()
    ours, theirs = Pipe()
    child = Process(target=echo, args=(theirs, ours))
    child.start()
    theirs.close()
    for _ in range(TRIPS):
        ours.send(MESSAGE)
        assert ours.recv() == MESSAGE
    ours.close()
    child.join()
    assert child.exitcode == 0
    print(time.perf_counter_ns() - start)


if __name__ == "__main__":
    main()
