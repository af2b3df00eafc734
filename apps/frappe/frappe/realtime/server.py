"""`python -m frappe.realtime.server`: the Socket.IO server, as `bench socketio` starts it in the bench's folder."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from frappe_engine.http.realtime import start


def main() -> None:
    """Serve until asked to stop by SIGTERM or SIGINT."""
    server, carrier = start(os.environ.get("SITES_PATH") or ("sites" if os.path.isdir("sites") else "."))

    def stop(*_signal: Any) -> None:
        carrier.ended.set()
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sys.stdout.write(f"Realtime on http://{server.host}:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()
    sys.exit(0)


if __name__ == "__main__":
    main()
