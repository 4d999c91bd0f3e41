"""Two processes that talk over a pipe, and an end that is seen."""

from multiprocessing import Pipe, Process


# ANCHOR: pipe
def shout(connection, parents):
    parents.close()  # a forked child has this end as well, and would wait for itself
    try:
        while True:
            connection.send(connection.recv().upper())
    except EOFError:  # the other side has closed
        connection.close()


def main():
    here, there = Pipe()
    child = Process(target=shout, args=(there, here))
    child.start()
    there.close()  # the child has its own copy
    here.send("heddle")
    answer = here.recv()
    here.close()
    child.join()
    return answer
# ANCHOR_END: pipe


if __name__ == "__main__":
    assert main() == "HEDDLE"
