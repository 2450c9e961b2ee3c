"""The library under the server (tests/faults/shim): what it is told and what it tells."""
import mmap
import os
import struct

KINDS = ("none", "open", "write", "sync", "rename", "unlink", "make_folder", "cut")
PAGE = struct.Struct("=QIiqQ8Q240s")  # Control of shim/record.h


def built(name: str) -> str:
    path = os.path.join(os.environ["OTKLIK_BUILD"], "tests", name)
    return path if os.path.exists(path) else ""


class Shim:
    """For one folder with data and keys in it, on a file system that gives no number of a file twice (tmpfs)."""

    def __init__(self, folder: str, writes_log: bool = True) -> None:
        self.folder, self.top = folder, f"{folder}/disk"
        os.mkdir(self.top)
        self.log = f"{folder}/records" if writes_log else ""
        for path, size in ((f"{folder}/control", PAGE.size), (f"{folder}/records", 0)):
            with open(path, "wb") as file:
                file.truncate(size)
        with open(f"{folder}/control", "r+b") as file:
            self.page = mmap.mmap(file.fileno(), PAGE.size)

    def close(self) -> None:
        self.page.close()

    def environment(self) -> dict[str, str]:
        told = {"LD_PRELOAD": built("libotklik-shim.so"), "OTKLIK_SHIM_FOLDER": self.top,
                "OTKLIK_SHIM_CONTROL": f"{self.folder}/control"}
        return {**os.environ, **told, **({"OTKLIK_SHIM_LOG": self.log} if self.log else {})}

    @property
    def records(self) -> int:
        return PAGE.unpack(self.page[:])[0]

    def order(self, kind: str, error: int, nth: int) -> None:
        """The n-th call of the kind from now on fails; counting begins anew."""
        self.page[:] = PAGE.pack(self.records, KINDS.index(kind), error, nth, 0, *[0] * len(KINDS), b"")

    def account(self) -> tuple[int, str]:
        """How many calls failed, and which one it was."""
        told = PAGE.unpack(self.page[:])
        return told[4], told[-1].rstrip(b"\0").decode(errors="replace")

    def seen(self) -> dict[str, int]:
        """Calls by kind since the last order."""
        return dict(zip(KINDS, PAGE.unpack(self.page[:])[5:5 + len(KINDS)]))
