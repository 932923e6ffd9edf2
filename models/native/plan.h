// What of a feed-forward network has to be computed, and the lists of its weights.
#ifndef FRAGILITY_PLAN_H
#define FRAGILITY_PLAN_H

#include "mlp.h"

// census finds the units of each layer that have a way to the output over live
// weights, and those that change with the sample.
static void census(struct mlp *n, int quiet, int whole) {
	const int last = n->layers - 1;
	for (int r = 0; r < n->layer[last].out; r++)
		n->layer[last].lives[r] = 1;
	for (int l = last; l > 0; l--) {
		struct layer *y = n->layer + l;
		for (int c = 0; c < y->in; c++)
			y[-1].lives[c] = whole;
		for (int k = 0; k < y->given; k++)
			if (y->lives[y->places[k] / y->in])
				y[-1].lives[y->places[k] % y->in] = 1;
	}
	for (int l = 0; l <= last; l++) {
		struct layer *y = n->layer + l;
		for (int r = 0; r < y->out; r++)
			y->varies[r] = !quiet || l == last; // the logits are wanted for every sample
		for (int k = 0; k < y->given; k++)
			if (l == 0 || y[-1].varies[y->places[k] % y->in])
				y->varies[y->places[k] / y->in] = 1;
	}
}

// plan makes the lists of a network of which every layer's places are given, and
// room for the lists of as many. A quiet one will never see internal noise; a whole
// one has the units without a way to the output, too.
static void plan(struct mlp *n, int quiet, int whole) {
	census(n, quiet, whole);
	for (int l = 0; l < n->layers; l++) {
		struct layer *y = n->layer + l;
		y->live = y->units = y->constants = 0;
		for (int pass = 0; pass < 2; pass++) { // what changes, and what does not
			int *count = pass == 0 ? y->row : y->still;
			for (int r = 0, k = 0; r < y->out; r++) {
				count[r] = y->live;
				for (; k < y->given && y->places[k] / y->in == r; k++) {
					const int c = y->places[k] % y->in;
					if (!y->lives[r] || (l == 0 || y[-1].varies[c]) == pass)
						continue;
					y->order[y->live] = k;
					y->from[y->live++] = c;
				}
			}
			count[y->out] = y->live;
			if (pass == 0)
				y->varying = y->live;
		}
		for (int r = 0; r < y->out; r++) {
			if (y->lives[r] && y->varies[r])
				y->unit[y->units++] = r;
			else if (y->lives[r])
				y->constant[y->constants++] = r;
		}
	}
}

#endif
