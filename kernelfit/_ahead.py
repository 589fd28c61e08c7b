"""Load what the first cell of every lesson imports, and leave no name behind.

The browser edition runs this when Python starts: then it is done while the first lines are read.
"""

for _name in ("kernelfit.views", "matplotlib.pyplot", "sympy"):
    __import__(_name)
del _name
