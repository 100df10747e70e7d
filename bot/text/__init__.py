"""Vietnamese text without any model: normalise, split, fold, expand, mask, read numbers and money.

Standard library only, and Python 3.10: both environments import it.
"""
