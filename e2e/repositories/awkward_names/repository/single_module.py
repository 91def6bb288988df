import calendar_words


def first():
    return calendar_words.DAYS[0]
