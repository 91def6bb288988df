import pkg.deep.one.a
