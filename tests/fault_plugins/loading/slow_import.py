"""Takes its time, and swallows what would hurry it."""

import contextlib
import time

for _ in range(30):
    with contextlib.suppress(Exception):
        time.sleep(1)
