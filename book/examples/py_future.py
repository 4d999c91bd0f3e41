"""An outcome that others can wait for: a value, an error, or a cancel."""

from concurrent.futures import CancelledError, Future

# ANCHOR: future
def run(future, task, *arguments):
    """What a worker does with a future."""
    if not future.set_running_or_notify_cancel():
        return  # it was cancelled before it began
    try:
        future.set_result(task(*arguments))
    except BaseException as error:
        future.set_exception(error)
# ANCHOR_END: future


good, bad, late = Future(), Future(), Future()
assert late.cancel()
for future in (good, bad, late):
    run(future, int, "12" if future is good else "twelve")
assert good.result(timeout=5) == 12
assert isinstance(bad.exception(), ValueError)
try:
    late.result()
except CancelledError:
    assert late.cancelled()
