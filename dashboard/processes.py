"""How our processes live: what a child does with its parent's death, how often garbage is looked for."""

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_YOUNG = 50_000  # new objects before the collector looks; a body of 20,000 fixes makes that many, and they die at once


def end_with(parent: int, number: int = signal.SIGTERM) -> None:
    """Called in a child: on Linux the kernel ends it when `parent` dies, even of SIGKILL. No orphan keeps a port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def end_with_us() -> Callable[[], None]:
    """The same as a `preexec_fn` for a child of this process."""
    return partial(end_with, os.getpid())


def collect_rarely() -> None:
    """Called once a process has loaded what it keeps: a collection that walks it all would hold up positions."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
