"""Step 1 over the network: a web server on a free port of this machine."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from s01_load_data import LogFormatError, fetch_well_log, load_from_folder

pytestmark = pytest.mark.integration


class Handler(SimpleHTTPRequestHandler):
    """The sample wells, and two addresses that misbehave."""

    def do_GET(self):
        if self.path == "/moved.csv":
            self.send_response(302)
            self.send_header("Location", "/A-1.csv")
            self.end_headers()
        elif self.path == "/page.csv":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>please log in</html>")
        else:
            super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def server(wells_folder, record_property):
    record_property("external_dependency", "http")
    # Port 0: the kernel gives a free one, so that cells can run at the same time.
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(wells_folder)))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()
    thread.join(timeout=5)


def test_fetched_log_is_the_file(server, wells_folder):
    fetched = fetch_well_log(f"{server}/A-2.csv")
    local = load_from_folder(wells_folder, "A-2")
    assert fetched.depth == local.depth
    assert fetched.curves["GR"] == local.curves["GR"]


def test_a_well_that_is_not_there(server):
    with pytest.raises(ConnectionError, match="404"):
        fetch_well_log(f"{server}/C-9.csv")


def test_redirects_are_not_followed(server):
    with pytest.raises(ConnectionError, match="302"):
        fetch_well_log(f"{server}/moved.csv")


def test_a_login_page_is_no_log(server):
    with pytest.raises(LogFormatError):
        fetch_well_log(f"{server}/page.csv")


def test_nobody_listens(server):
    port = int(server.rpartition(":")[2])
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as other:
        closed = other.server_address[1]
    assert closed != port
    with pytest.raises(ConnectionRefusedError):
        fetch_well_log(f"http://127.0.0.1:{closed}/A-1.csv", timeout=2)
