from _made import make

globals().update(make())
