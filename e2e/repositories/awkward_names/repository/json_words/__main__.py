from words.json import dumps

print(dumps({"b", "a"}))
