"""Three kinds of work, each done in four ways: the time in nanoseconds of one of them.

`matrix.py WORK WAY SIZE [PORT]`, as the program of that name beside it.
"""

import asyncio
import multiprocessing
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 4
BLOCK = 100
TURN = 64


# Work that waits: requests to a server, one worker for each of them.


def ask(port, number):
    with socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(b"%d\n" % number)
        with server.makefile("rb") as answer:
            return int(answer.read())


async def ask_and_let_others(port, number):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"%d\n" % number)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer)


def io_sequential(requests, port):
    return sum(ask(port, number) for number in range(requests))


def io_threads(requests, port):
    with ThreadPoolExecutor(max_workers=requests) as pool:
        return sum(pool.map(ask, [port] * requests, range(requests)))


def io_processes(requests, port):
    with multiprocessing.Pool(requests) as pool:
        return sum(pool.starmap(ask, [(port, n) for n in range(requests)], chunksize=1))


def io_async(requests, port):
    async def everything():
        return sum(await asyncio.gather(*(ask_and_let_others(port, n) for n in range(requests))))

    return asyncio.run(everything())


def io_expected(requests, _port):
    return sum(number * number for number in range(requests))


# Work that computes: how many primes there are, found by trial division in a few shares.


def is_prime(number):
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True


def primes(share, limit):
    mine = (number for number in range(2, limit) if number // BLOCK % WORKERS == share)
    return sum(1 for number in mine if is_prime(number))


def cpu_sequential(limit):
    return sum(primes(share, limit) for share in range(WORKERS))


def cpu_threads(limit):
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        return sum(pool.map(primes, range(WORKERS), [limit] * WORKERS))


def cpu_processes(limit):
    with multiprocessing.Pool(WORKERS) as pool:
        return sum(pool.starmap(primes, [(share, limit) for share in range(WORKERS)], chunksize=1))


def cpu_async(limit):
    async def count(share):
        return primes(share, limit)

    async def everything():
        return sum(await asyncio.gather(*(count(share) for share in range(WORKERS))))

    return asyncio.run(everything())


def cpu_expected(limit):
    composite = bytearray(limit)
    count = 0
    for number in range(2, limit):
        if not composite[number]:
            count += 1
            for multiple in range(number * number, limit, number):
                composite[multiple] = 1
    return count


# Work on shared state: workers update one table, one key at a time.


def keys(share, updates):
    for number in range(share * updates // WORKERS, (share + 1) * updates // WORKERS):
        yield number * 7 % 251


def shared_sequential(updates):
    table = {}
    for share in range(WORKERS):
        for key in keys(share, updates):
            table[key] = table.get(key, 0) + 1
    return table


def shared_threads(updates):
    table = {}
    lock = threading.Lock()

    def work(share):
        for key in keys(share, updates):
            with lock:
                table[key] = table.get(key, 0) + 1

    threads = [threading.Thread(target=work, args=(share,)) for share in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return table


def send(queue, share, updates):
    for key in keys(share, updates):
        queue.put(key)
    queue.put(None)


def shared_processes(updates):
    """Processes share nothing: this one owns the table, the others send it every update."""
    queue = multiprocessing.Queue()
    children = [
        multiprocessing.Process(target=send, args=(queue, share, updates))
        for share in range(WORKERS)
    ]
    for child in children:
        child.start()
    table = {}
    at_work = WORKERS
    while at_work:
        key = queue.get()
        if key is None:
            at_work -= 1
        else:
            table[key] = table.get(key, 0) + 1
    for child in children:
        child.join()
        assert child.exitcode == 0
    return table


def shared_async(updates):
    """Tasks on one thread need no lock: nothing comes between two awaits."""
    table = {}

    async def work(share):
        for done, key in enumerate(keys(share, updates), 1):
            table[key] = table.get(key, 0) + 1
            if done % TURN == 0:
                await asyncio.sleep(0)

    async def everything():
        await asyncio.gather(*(work(share) for share in range(WORKERS)))

    asyncio.run(everything())
    return table


shared_expected = shared_sequential


def main():
    work, way, *numbers = sys.argv[1:]
    numbers = [int(number) for number in numbers]
    run, expected = globals()[f"{work}_{way}"], globals()[f"{work}_expected"]
    start = time.perf_counter_ns()
    found = run(*numbers)
    took = time.perf_counter_ns() - start
    assert found == expected(*numbers), "the work was not done"
    print(took)


if __name__ == "__main__":
    main()
