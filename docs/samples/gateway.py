"""A practice gateway for the five minutes: prints every message it is sent, and gives each a number.

    python docs/samples/gateway.py            # listens on 127.0.0.1:8095 until Ctrl-C

It takes JSON like {"to": "13800138000", "text": "…"} and answers {"code": 0, "id": "1"}; a number that ends in 0000 is
answered {"code": 7, "text": "unknown number"}, with HTTP 200 all the same, as many gateways do.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

numbers = count(1)


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = not str(message["to"]).endswith("0000")
        answer = {"code": 0, "id": str(next(numbers))} if known else {"code": 7, "text": "unknown number"}
        print(message["to"], message["text"], "→", answer, flush=True)
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8095
    with ThreadingHTTPServer(("127.0.0.1", port), Gateway) as server:
        print(f"listening on http://127.0.0.1:{port}/send", flush=True)
        server.serve_forever()
