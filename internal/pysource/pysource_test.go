package pysource

import (
	"encoding/json"
	"testing"
)

func TestSmoke(t *testing.T) {
	f := Read([]byte(`"""Doc.

>>> 1
"""
import os, a.b as ab
from . import x
from ..p.q import (r, s as t,)
try:
    import numpy as np; import z
except ImportError:
    np = None
if TYPE_CHECKING:
    import typ
else:
    import notyp
import pytest as pt
from pytest import mark as m
slow = pt.mark.slow
pytestmark = [slow, m.db("x")]
pytestmark += [pt.mark.late]
__all__ = ["x", "y"] + list(("z",))

@pt.mark.parametrize("a", [pt.param(1, marks=[slow, m.gpu]), pt.param(2, marks=m.net(reason="x"))])
@slow
async def test_a(p: int = 3) -> None:
    """d"""
    import loc
    ab.c.d(os.path.join(HERE, "data", f"x{ab.e!r:>{t.w}}y.txt"), base / "u" / "v" / 'w')
    importlib.import_module(".sub", package="pk")
    importlib.import_module(f"plug.{a}")

class TestB[T](Base[T], x.C, metaclass=M):
    pytestmark = m.cls
    test_z = 3
    def test_m(self): import one; import two
    class Inner: pass
Path("q") / "r" / n
match x:
    case {"a": 1}: import mm
    case _:
        import nn
test_x, y = 1, 2
`))
	b, _ := json.MarshalIndent(f, "", " ")
	t.Log(string(b))
}
