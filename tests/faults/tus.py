"""A client of tus 1.0 over one connection: a file is named, then handed over in pieces."""
from base64 import b64encode

from server import Answer, Client, must


class TusUpload:
    def __init__(self, client: Client, recorder: str, name: str, starts_at: str, size: int) -> None:
        self.client = client
        told = {"recorder": recorder, "filename": name, "starts_at": starts_at, "sure": "1"}
        metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())
        self.begun = self.ask("POST", "/uploads", headers={"Upload-Length": str(size), "Upload-Metadata": metadata})
        self.path = self.begun.headers.get("location", "").removeprefix("/api/v1")

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        return self.client.call(method, path, body, {"Tus-Resumable": "1.0.0", **(headers or {})})

    def offset(self) -> int:
        answer = self.ask("HEAD", self.path)
        must(answer, 200)
        return int(answer.headers["upload-offset"])

    def piece(self, at: int, body: bytes) -> Answer:
        return self.ask("PATCH", self.path, body, {"Upload-Offset": str(at),
                                                   "Content-Type": "application/offset+octet-stream"})

    def state(self) -> str:
        """open, whole, asking, done…: what became of the file."""
        return must(self.client.call("GET", self.path), 200)["state"]
