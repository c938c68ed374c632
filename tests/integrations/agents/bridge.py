"""Serves an MCP server on stdio at a port of the loopback interface, because the conformance tests speak HTTP only. Prints its port.
Usage: bridge.py PROGRAM FOLDER"""

import http.server
import json
import subprocess
import sys
import threading

program, folder = sys.argv[1:3]
server = subprocess.Popen([program, "mcp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
lock = threading.Lock()


# The stateless protocol gives these errors a status of HTTP.
STATUSES = {-32600: 400, -32602: 400, -32022: 400, -32601: 404}


def http_status(response):
    error = json.loads(response).get("error", {})
    return STATUSES.get(error.get("code"), 200)


class Bridge(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_POST(self):
        message = self.rfile.read(int(self.headers.get("Content-Length", 0))).replace(b"\n", b" ")
        try:
            is_request = "id" in json.loads(message)
        except (ValueError, TypeError):
            is_request = True
        with lock:
            server.stdin.write(message + b"\n")
            server.stdin.flush()
            response = server.stdout.readline() if is_request else b""
        self.send_response(http_status(response) if is_request else 202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(response)))
        self.end_headers()
        self.wfile.write(response)

    def do_GET(self):
        self.send_error(405)


http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bridge)
print(http_server.server_address[1], flush=True)
http_server.serve_forever()
