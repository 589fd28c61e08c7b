"""The colours of the course: Okabe and Ito (2008), told apart by colour-blind readers.

Their orange is darkened to 3 : 1 against the white card, which a line needs; their sky blue is for
areas alone.
"""

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PINK = "#CC79A7"
ORANGE = "#BD8200"
SKY = "#56B4E9"
BLACK = "#000000"
