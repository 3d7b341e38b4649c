"""What a child process of ours does with its parent's death."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with(parent: int, number: int = signal.SIGTERM) -> None:
    """Called in a child: on Linux the kernel ends it when `parent` dies, even of SIGKILL. No orphan keeps a port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def end_with_us() -> Callable[[], None]:
    """The same as a `preexec_fn` for a child of this process."""
    return partial(end_with, os.getpid())
