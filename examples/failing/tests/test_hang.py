"""To show: a test that hangs. Its cell is stopped after the 3 seconds of timeout_seconds, and the test is named.

It waits for an answer that nobody will send, as a client of a dead server does. The test before it has passed by then,
and is reported so.
"""

import socket


def test_before():
    assert socket.AF_UNIX


def test_waiting_for_an_answer():
    ours, theirs = socket.socketpair()
    ours.sendall(b"GET /wells HTTP/1.0\r\n\r\n")
    assert ours.recv(1024)
    theirs.close()
