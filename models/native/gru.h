// A training step of a gru over its live weights; doc.go says what and why.
#ifndef FRAGILITY_GRU_H
#define FRAGILITY_GRU_H

#include "lanes.h"

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

// What a state meets between two steps when it is evaluated (chapter 10): noise of
// a key for each step, or bias alone where sigma is 0.
struct noise {
	float sigma, bias;
	unsigned *key; // [steps, 2]
};

// gru_run evaluates a block of LANES samples, of which the first is number first of
// the data set, an even one: lane i has sample first + 2i, and lane LANES/2 + i the
// one after it. It leaves the logits in z, [outputs, LANES], and, where
// activity is not NULL, the mean of |h| over the units in it, [steps, LANES].
void gru_run(struct gru *n, int b, int saturates, float inhibition, float shift, const struct noise *noise, unsigned first, float *z, float *activity);

#endif
