package protocols

import "math"

var nan = math.NaN()
