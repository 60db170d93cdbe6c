"""A scanner on a local socket: finds a virus in whatever contains the word EVIL."""

from __future__ import annotations

import socket
import struct
import threading


class Clamd(threading.Thread):
    """Speaks INSTREAM; `asked` is set by the first file, `may_answer` holds the answers back while clear."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.start()

    def run(self) -> None:
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with link, link.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                data += stream.read(size)
            self.asked.set()
            self.may_answer.wait(30)
            link.sendall(b"stream: Eicar FOUND\0" if b"EVIL" in data else b"stream: OK\0")

    def stop(self) -> None:
        """No more files."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
