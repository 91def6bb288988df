"""Work that is done by processes, threads and sockets."""

import os
import socket
import socketserver
import threading


class _Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


class Server:
    def __enter__(self):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self.server.server_address

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def ask(address, text):
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(text.encode() + b"\n")
        return connection.makefile().readline().strip()


def square(n):
    return n * n


def parent(_):
    return os.getppid()
