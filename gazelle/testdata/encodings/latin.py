# -*- coding: latin-1 -*-
import helper_latin

NAME = 'käfer'
