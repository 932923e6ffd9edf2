#ifndef FRAGILITY_LANES_H
#define FRAGILITY_LANES_H

// The samples of a batch go side by side, in blocks of LANES or slabs of two blocks.
// A sample's numbers depend on neither.
#ifndef FRAGILITY_LANES
#define FRAGILITY_LANES 32
#endif
enum { LANES = FRAGILITY_LANES, SLAB = 2 * LANES };

#endif
