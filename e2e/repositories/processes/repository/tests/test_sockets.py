import asyncio
import functools
import http.server
import os
import socket
import threading
import urllib.request

import pumps

DATA = os.path.join(os.path.dirname(__file__), "data")


def test_loopback():
    with pumps.Server() as address:
        assert pumps.ask(address, "level") == "LEVEL"


def test_localhost_by_name():
    with socket.create_server(("localhost", 0)) as server:
        assert server.getsockname()[0] == "127.0.0.1"


def test_http():
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=DATA)
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/flow.txt") as answer:
            assert answer.read().splitlines()[1] == b"flow 2"
    finally:
        server.shutdown()
        server.server_close()


def test_unix_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("pump")
        assert (tmp_path / "pump").exists()


def test_asyncio_streams():
    async def talk():
        async def echo(reader, writer):
            writer.write(await reader.readline())
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"on\n")
        line = await reader.readline()
        writer.close()
        server.close()
        return line

    assert asyncio.run(talk()) == b"on\n"
