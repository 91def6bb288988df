class Apple:
    pass
