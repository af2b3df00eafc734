"""Logs how bench calls it and does the least each command promises: a site's folder, a ping, processes that stay."""

import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Pong(BaseHTTPRequestHandler):
    """Answers every request as a site answers a ping."""

    def do_GET(self) -> None:
        """Answer."""
        body = json.dumps({"message": "pong"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(words: list[str]) -> None:
    """Do one command; the working folder is the bench's sites folder."""
    with Path("calls.log").open("a") as log:
        log.write(json.dumps(words) + "\n")
    if Path("fail_at").exists() and Path("fail_at").read_text() in words:
        sys.exit(3)
    if "new-site" in words:
        folder = Path(words[words.index("new-site") + 1])
        folder.mkdir(exist_ok="--force" in words)
        (folder / "site_config.json").write_text("{}")
    elif "serve" in words:
        port = json.loads(Path("common_site_config.json").read_text())["webserver_port"]
        HTTPServer(("127.0.0.1", port), Pong).serve_forever()
    elif words[-1] in {"worker", "schedule"}:
        subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        time.sleep(600)


main(sys.argv[2:])
