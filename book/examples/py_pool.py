"""A pool: in order, as they end, and with a failure in the middle."""

from concurrent.futures import ThreadPoolExecutor, as_completed

# ANCHOR: pool
with ThreadPoolExecutor(max_workers=4) as pool:
    in_order = list(pool.map(len, ["warp", "weft", "heddle"]))

    futures = {pool.submit(int, text): text for text in ["1", "two", "3"]}
    for future in as_completed(futures):  # whichever ends first
        if future.exception() is None:
            print(futures[future], "is", future.result())
        else:
            print(futures[future], "is no number")
# leaving the block waits for everything that was submitted
# ANCHOR_END: pool

assert in_order == [4, 4, 6]
