"""A collector of traces: prints each request's path and body (OTLP in JSON) as one line. Its first line is its port."""

import http.server
import json
import threading

lock = threading.Lock()


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        # Two at the same moment must not share a line.
        with lock:
            print(f"{self.path} {json.dumps(body)}", flush=True)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    print("port", server.server_address[1], flush=True)
    server.serve_forever()


main()
