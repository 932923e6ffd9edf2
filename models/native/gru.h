// A training step of a gru over its live weights; doc.go says what and why.
#ifndef FRAGILITY_GRU_H
#define FRAGILITY_GRU_H

// The samples of a batch go side by side, in blocks of so many.
enum { LANES = 32 };

// A network, its training state and its working memory. Every array begins at a
// multiple of 64 bytes.
struct gru {
	int units, inputs, outputs, steps, blocks, live; // blocks of samples; live weights between states

	// The live weights between states, row by row: those of row r are
	// row[r] .. row[r+1]-1, each with the unit that it comes from. The same column
	// by column: their places in that list, and the rows that they go to.
	int *row, *from;
	int *column, *place, *to;
	float *w; // [live]

	float *wi, *bi, *bh, *wo, *bo;       // as tensors: [3 units, inputs], [3 units], [3 units], [outputs, units], [outputs]
	float *gw, *gwi, *gbi, *gbh, *gwo, *gbo; // gradients, like these

	float *u;      // inputs of the cell, [blocks, input steps, inputs, LANES]
	int inputSteps; // steps, or 1 where all have the same
	int *label;    // [blocks, LANES]
	float *weight; // of each sample in the mean, [blocks, LANES]; 0 for what pads a batch

	float *cur, *wide, *dh;                       // [units], [3 units], [units] of LANES
	float *reset, *update, *candidate, *extra;    // [steps, units, LANES]
	float *h, *sent;                              // [units, steps, LANES], [3 units, steps, LANES]
};

// gru_gradient takes the gradients of a batch and returns its mean loss. The
// activation is tanh where saturates is not 0, else ReLU.
float gru_gradient(struct gru *n, int saturates, float inhibition, float shift);

// adam moves n parameters by one step of Adam: rate and root are corrected for
// the step, and mask is 0 or 1 for each, or NULL for all 1.
void adam(int n, float *param, float *mean, float *square, const float *gradient, const float *mask, float rate, float root);

#endif
