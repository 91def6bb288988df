from ..two import b
