# coding: klingon
import latin
