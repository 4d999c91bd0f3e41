"""A number in shared memory, and the lock round the whole addition."""

from multiprocessing import Process, Value


# ANCHOR: value
def add(total, rounds):
    for _ in range(rounds):
        with total.get_lock():  # else: a read and a write, with a gap
            total.value += 1


def main():
    total = Value("i", 0)
    children = [Process(target=add, args=(total, 1000)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return total.value
# ANCHOR_END: value


if __name__ == "__main__":
    assert main() == 4000
