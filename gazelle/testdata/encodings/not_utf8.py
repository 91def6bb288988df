import latin

NAME = 'ä'
