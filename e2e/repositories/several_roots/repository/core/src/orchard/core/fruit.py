class Apple:
    sugar = 10


class Pear(Apple):
    sugar = 9
