from calendar import day_name

from words.string import normal

DAYS = [normal(d) for d in day_name]
