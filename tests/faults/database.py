"""A PostgreSQL database of a campaign's own, in the cluster of the tests."""
import os
import subprocess
import uuid


class Database:
    """`with Database(dsn) as own:` gives the connection words of a new, empty database; it goes at the end."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.name = f"faults_{os.getpid()}_{uuid.uuid4().hex[:8]}"

    def command(self, statement: str) -> None:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.dsn], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)

    def __enter__(self) -> str:
        self.command(f"create database {self.name}")
        words = [word for word in self.dsn.split() if not word.startswith("dbname=")]
        return " ".join(words + [f"dbname={self.name}"])

    def __exit__(self, *_: object) -> None:
        self.command(f"drop database {self.name} with (force)")
