WORDS = frozenset({"ant", "bee"})
