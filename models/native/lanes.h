#ifndef FRAGILITY_LANES_H
#define FRAGILITY_LANES_H

// The samples of a batch go side by side, in blocks of LANES or slabs of two blocks.
enum { LANES = 32, SLAB = 2 * LANES };

#endif
