// Feed-forward networks over their live weights; doc.go says what and why.
#ifndef FRAGILITY_MLP_H
#define FRAGILITY_MLP_H

#include "lanes.h"

// In a block of a slab, lane i of the first half has sample 2i and lane LANES/2 + i
// the one after it, since noise comes in pairs. Every array begins at a multiple of
// 64 bytes.

// A layer of live weights. Of its units those are computed that reach the output;
// of these, the ones that change with the sample a slab at a time, and those that
// do not (no weight from anything that changes, and no noise) once.
struct layer {
	int in, out, varying, live; // units; live weights from units that change, and all, which stand behind them

	// The live weights as they are given: places in the matrix [out, in], ascending.
	int given;
	int *places;
	int *lives, *varies; // [out]: which units reach the output, and which change with the sample
	int *order;          // which of those given each weight below is

	// The weights by receiving unit: those of unit r are row[r] .. row[r+1]-1, and
	// still[r] .. still[r+1]-1 where they come from units that do not change.
	int *row, *still, *from;
	// The same by sending unit: places in that list, and the units that they go to.
	int *column, *place, *to;
	int units, constants; // how many change, how many do not
	int *unit, *constant; // which, ascending

	float *w, *b, *gw, *gb; // [live], [out], and their gradients
	float *h, *a, *dz;      // [slabs, out, SLAB]: activation, what the next layer sees, gradient by what the activation is of
	float *sum, *ch, *ca;   // [out]: bias and what does not change; h and a of units that do not change
};

struct mlp {
	int layers, inputs, slabs;
	struct layer *layer;
	float *x;      // [slabs, inputs, SLAB]
	float *shown;  // the same with noise
	int *label;    // [slabs, SLAB]
	float *weight; // of each sample in the mean, [slabs, SLAB]; 0 for what pads a batch

	// What a modulation says; noise is drawn where sigma is not 0, the bias added
	// where internal is not.
	int saturates, internal;
	float gain, sigma, bias, shift, inputSigma;
	float *inhibition; // [layers - 1]
	unsigned *key;     // [layers, 2]: of the noise of the inputs and of each hidden layer
	float **drawn;     // [layers], each [slabs of the data set, units, SLAB]: that noise, where it was drawn before; else NULL
};

// mlp_plan makes the lists of the weights by receiving unit, and of the units, from
// the places that are given.
void mlp_plan(struct mlp *n, int quiet, int whole);

// mlp_learn takes the gradients of a batch and returns its mean loss.
float mlp_learn(struct mlp *n);

// mlp_run evaluates the first slab, of which the first sample is number first of the
// data set, an even one. Its logits are the last layer's a.
void mlp_run(struct mlp *n, unsigned first);

#endif
