"""The C heap of a process that meets a large body now and then."""

import ctypes
from contextlib import suppress

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc
_LARGE_BLOCK = 4_000_000
_KEPT = 2_000_000  # bytes at the end of the heap; else it would be 128 kB now, to be given back and asked for for ever


def give_back_large_blocks() -> None:
    """Lets blocks of large bodies go back to the system at once; does nothing where the C library is not glibc.

    By itself glibc keeps blocks of any size that was freed once, up to 32 MB ("dynamic mmap threshold", mallopt(3)): a
    crawl of pages of 9 MB held 85 MB more.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
