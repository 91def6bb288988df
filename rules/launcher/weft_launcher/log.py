"""What a test process prints, kept short: its beginning and its end."""

from __future__ import annotations

KEEP = 32768


class Log:
    """Keeps the first and the last KEEP bytes of a stream of any length."""

    def __init__(self, keep: int = KEEP) -> None:
        self.keep = keep
        self.total = 0
        self._head = bytearray()
        self._tail = bytearray()

    def write(self, data: bytes) -> None:
        """Takes the next bytes."""
        self.total += len(data)
        room = self.keep - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if data:
            self._tail += data[-self.keep :]
            if len(self._tail) > 4 * self.keep:
                del self._tail[: -self.keep]

    @property
    def cut(self) -> int:
        """How many bytes are left out."""
        return max(0, self.total - len(self._head) - min(len(self._tail), self.keep))

    def text(self) -> str:
        """The log as text: invalid UTF-8 becomes U+FFFD, a gap is said where it is."""
        tail = bytes(self._tail[-self.keep :])
        if not self.cut:
            return (bytes(self._head) + tail).decode("utf-8", "replace")
        gap = f"\n[weft: {self.cut} bytes left out here]\n"
        return bytes(self._head).decode("utf-8", "replace") + gap + tail.decode("utf-8", "replace")


def shorten(text: str, keep: int = KEEP) -> str:
    """A text of at most 2 × keep characters and a word about the gap."""
    if len(text) <= 2 * keep:
        return text
    return f"{text[:keep]}\n[weft: {len(text) - 2 * keep} characters left out here]\n{text[-keep:]}"
