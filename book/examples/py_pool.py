"""A pool that waits for itself."""

from concurrent.futures import ThreadPoolExecutor, TimeoutError

# ANCHOR: pool
with ThreadPoolExecutor(max_workers=1) as pool:

    def outer():
        inner = pool.submit(len, "heddle")
        try:
            return inner.result(timeout=0.1)
        except TimeoutError:
            return "nobody was left to run it"

    answer = pool.submit(outer).result()
# ANCHOR_END: pool

assert answer == "nobody was left to run it"
