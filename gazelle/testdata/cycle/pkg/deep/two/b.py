def late():
    from pkg.deep.one import a

    return a
