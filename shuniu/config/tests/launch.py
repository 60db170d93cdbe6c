"""Run as a child by the tests: starts a server, says where, and waits to be killed."""

import sys
import time
from pathlib import Path

from shuniu.config.postgres import PostgresRefused, Server

if __name__ == "__main__":
    folder, home, watched = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "watched"
    server = Server(folder, password="known", home=home, watched=watched)
    try:
        print(server.start(), flush=True)
    except PostgresRefused as refusal:
        print(refusal, flush=True)
        raise SystemExit(1) from None
    time.sleep(600)
