#!/usr/bin/env python3
"""A service in Python that Cardea routes to. Standard library only: registering takes three HTTP calls."""

import argparse
import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICE = "orders"
LEASE_SECONDS = 2
HEARTBEAT_SECONDS = 0.5

ORDERS = {
    "1": {"id": "1", "item": "hinge", "quantity": 4},
    "2": {"id": "2", "item": "door", "quantity": 2},
}


def call(method, url, body=None, timeout=2):
    """One HTTP call. Answers the status and the decoded JSON, if there is any."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Accept", "application/json")
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, None


class Registration:
    """Keeps one lease alive. A registry that is down, or that forgot us, is tried again until it knows us."""

    def __init__(self, registry, port):
        self.instance = f"{SERVICE}-python-{port}"
        self.collection = f"{registry}/api/v1/services/{SERVICE}/instances"
        self.port = port
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, name="registration", daemon=True)

    def register(self):
        body = {
            "id": self.instance,
            "host": "127.0.0.1",
            "port": self.port,
            "ttl": f"{LEASE_SECONDS}s",
            "metadata": {"language": "python"},
        }
        status, _ = call("POST", self.collection, body)
        return status == 201

    def run(self):
        registered = False
        told = None
        while not self.stopping.is_set():
            try:
                if registered:
                    status, _ = call("PUT", f"{self.collection}/{self.instance}/renew")
                    registered = status == 200
                if not registered:
                    registered = self.register()
                state = "registered" if registered else "refused by the registry"
            except OSError as error:
                state = f"registry not reachable, trying again: {error}"
            if state != told:
                say(state)
                told = state
            self.stopping.wait(HEARTBEAT_SECONDS)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        try:
            call("DELETE", f"{self.collection}/{self.instance}")
            say("deregistered")
        except OSError:
            say("registry not reachable; the lease will run out")


def read_property(config, name, default):
    """A property from the config server. Property sources come strongest first."""
    try:
        _, environment = call("GET", f"{config}/{SERVICE}/default")
    except OSError:
        return default
    for source in (environment or {}).get("propertySources", []):
        if name in source["source"]:
            return source["source"][name]
    return default


def handler(currency):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = self.path.split("?")[0].rstrip("/")
            if path == "/health":
                self.answer(200, {"status": "UP"})
            elif path in ("", "/orders"):
                self.answer(200, {"currency": currency, "orders": list(ORDERS.values())})
            elif path.split("/")[-1] in ORDERS:
                self.answer(200, ORDERS[path.split("/")[-1]])
            else:
                self.answer(404, {"error": "no such order"})

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            try:
                order = json.loads(self.rfile.read(length))
            except ValueError:
                self.answer(400, {"error": "the body must be JSON"})
                return
            identity = str(len(ORDERS) + 1)
            ORDERS[identity] = {**order, "id": identity}
            self.answer(201, ORDERS[identity])

        def answer(self, status, body):
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    return Handler


def say(text):
    print(f"{SERVICE}: {text}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=int(os.environ.get("PORT", "0")), help="0 picks a free one")
    options.add_argument("--registry", default=os.environ.get("REGISTRY_URL", "http://127.0.0.1:8761"))
    options.add_argument("--config", default=os.environ.get("CONFIG_URL", "http://127.0.0.1:8888"))
    given = options.parse_args()

    currency = read_property(given.config, "orders.currency", "EUR")
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler(currency))
    port = server.server_address[1]
    registration = Registration(given.registry, port)

    def stop(*_):
        # Leave the registry first, so that nobody is sent here any more when the socket closes.
        threading.Thread(target=lambda: (registration.stop(), server.shutdown())).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    say(f"listening on http://127.0.0.1:{port}, orders.currency is {currency}")
    registration.thread.start()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
