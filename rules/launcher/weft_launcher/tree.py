"""The private tree: copies of the declared files, where nothing leads back into the checkout."""

from __future__ import annotations

import os


class MissingInput(Exception):
    """A declared file that is not there."""


class Scratch:
    """A fresh folder with the tree, a home and a folder for temporary files."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.tree = os.path.join(base, "tree")
        self.home = os.path.join(base, "home")
        self.tmp = os.path.join(base, "tmp")
        self.journal = os.path.join(base, "journal")

    @classmethod
    def make(cls, parent: str) -> Scratch:
        """Makes one below parent."""
        # realpath: what a test sees as its folder is the folder itself, not a link to it.
        self = cls(os.path.join(os.path.realpath(parent), f"weft-{os.getpid():x}{os.urandom(4).hex()}"))
        os.mkdir(self.base, 0o700)
        for folder in (self.tree, self.home, self.tmp):
            os.mkdir(folder)
        os.close(os.open(self.journal, os.O_CREAT | os.O_WRONLY, 0o600))
        return self

    def copy(self, files: list[tuple[str, str]]) -> None:
        """Copies (source, path in the tree) pairs; sources may be links and folders."""
        made = {""}
        for source, target in files:
            folder = os.path.dirname(target)
            if folder not in made:
                os.makedirs(os.path.join(self.tree, folder), exist_ok=True)
                made.add(folder)
            copy_any(source, os.path.join(self.tree, target))

    def remove(self) -> None:
        """Removes everything, also what a test has made unreadable."""
        remove_tree(self.base)


def copy_any(source: str, target: str) -> None:
    """Copies a file or a folder, following links; the copy is writable."""
    try:
        fd = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise MissingInput(f"the declared file {source} is not there") from None
    try:
        status = os.fstat(fd)
        if status.st_mode & 0o170000 == 0o040000:
            os.makedirs(target, exist_ok=True)
            for name in os.listdir(source):
                copy_any(os.path.join(source, name), os.path.join(target, name))
            return
        out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, status.st_mode & 0o755 | 0o600)
        try:
            while True:
                chunk = os.read(fd, 1 << 20)
                if not chunk:
                    return
                view = memoryview(chunk)
                while view:
                    view = view[os.write(out, view) :]
        finally:
            os.close(out)
    finally:
        os.close(fd)


def remove_tree(path: str) -> None:
    """rm -rf, which also opens folders that were closed with chmod; what cannot be removed is left.

    It does not call itself: a test may have made folders deeper than Python's calls can be.
    """
    found = [path]
    for folder in found:
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                found.append(entry.path)
            else:
                _unlink(folder, entry.path)
    for folder in reversed(found):
        try:
            os.rmdir(folder)
        except OSError:
            pass


def _entries(folder: str) -> list[os.DirEntry]:
    try:
        return list(os.scandir(folder))
    except PermissionError:
        try:
            os.chmod(folder, 0o700)
            return list(os.scandir(folder))
        except OSError:
            return []
    except OSError:
        return []


def _unlink(folder: str, path: str) -> None:
    try:
        os.unlink(path)
    except PermissionError:
        try:
            os.chmod(folder, 0o700)
            os.unlink(path)
        except OSError:
            pass
    except OSError:
        pass
