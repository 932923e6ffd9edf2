// The way forth of package models/native for the page: the same source, compiled to
// WebAssembly with vectors of 16 bytes. make live-kernel builds kernel.wasm of it.
//
// Memory is handed out once and never taken back: a page makes its networks when it
// is opened, and no others.
#include "forth.h"
#include "plan.h"

#define EXPORT(name) __attribute__((export_name(#name)))

extern unsigned char __heap_base;

// take returns memory that begins where a vector may, all 0.
EXPORT(take) void *take(unsigned bytes) {
	enum { LINE = 64, PAGE = 65536 };
	static unsigned top;
	if (top == 0)
		top = ((unsigned)&__heap_base + LINE - 1) / LINE * LINE;
	const unsigned at = top;
	top += (bytes + LINE - 1) / LINE * LINE;
	const unsigned have = (unsigned)__builtin_wasm_memory_size(0) * PAGE;
	if (top > have && __builtin_wasm_memory_grow(0, (top - have + PAGE - 1) / PAGE) == (unsigned long)-1)
		__builtin_trap();
	return (void *)at; // what a memory grows by is 0
}

static int *ints(int n) { return take(4 * (unsigned)n); }
static float *floats(int n) { return take(4 * (unsigned)n); }

// network makes a network of layers of these widths, inputs and outputs included:
// counts live weights in each layer; their places in its matrix [out, in], ascending,
// layer after layer, and their values; and all biases. A quiet one is for passes
// without internal noise.
EXPORT(network) struct mlp *network(int layers, const int *widths, const int *counts, const int *places, const float *weights, const float *biases, int quiet) {
	struct mlp *n = take(sizeof *n);
	n->layers = layers;
	n->inputs = widths[0];
	n->slabs = 1;
	n->layer = take((unsigned)layers * sizeof *n->layer);
	for (int l = 0; l < layers; l++) {
		struct layer *y = n->layer + l;
		y->in = widths[l];
		y->out = widths[l + 1];
		y->given = counts[l];
		y->places = (int *)places;
		places += y->given;
		y->lives = ints(y->out);
		y->varies = ints(y->out);
		y->order = ints(y->given);
		y->from = ints(y->given);
		y->row = ints(y->out + 1);
		y->still = ints(y->out + 1);
		y->unit = ints(y->out);
		y->constant = ints(y->out);
		y->b = (float *)biases;
		biases += y->out;
		y->a = y->h = floats(y->out * SLAB);
		y->sum = floats(y->out);
		y->ch = floats(y->out);
		y->ca = floats(y->out);
	}
	plan(n, quiet, 0);
	for (int l = 0; l < layers; l++) {
		struct layer *y = n->layer + l;
		y->w = floats(y->live);
		for (int k = 0; k < y->live; k++)
			y->w[k] = weights[y->order[k]];
		weights += y->given;
	}
	n->x = floats(n->inputs * SLAB);
	n->shown = floats(n->inputs * SLAB);
	n->inhibition = floats(layers - 1);
	return n;
}

// draw draws the noise of the first so many samples: no dial moves it, and it takes
// longer than a sparse network. key has two words for the inputs and for each hidden
// layer.
EXPORT(draw) float **draw(int layers, const int *widths, const unsigned *key, int samples) {
	float **drawn = take((unsigned)layers * sizeof *drawn);
	const int slabs = (samples + SLAB - 1) / SLAB;
	for (int l = 0; l < layers; l++) {
		drawn[l] = floats(slabs * widths[l] * SLAB);
		for (int s = 0; s < slabs; s++)
			for (int u = 0; u < widths[l]; u++)
				set2(drawn[l] + ((size_t)s * widths[l] + u) * SLAB, normals2(key + 2 * l, (unsigned)u, (unsigned)s * SLAB));
	}
	return drawn;
}

// under sets the modulation; inhibition has a number a hidden layer, drawn is the noise.
EXPORT(under) void under(struct mlp *n, int saturates, int internal, float gain, float sigma, float bias, float shift, float inputSigma, const float *inhibition, float **drawn) {
	n->saturates = saturates;
	n->internal = internal;
	n->gain = gain;
	n->sigma = sigma;
	n->bias = bias;
	n->shift = shift;
	n->inputSigma = inputSigma;
	for (int l = 0; l < n->layers - 1; l++)
		n->inhibition[l] = inhibition[l];
	n->drawn = drawn;
}

// lane is where a sample is among the values of a slab's row.
static int lane(int i) { return i / LANES * LANES + i % LANES / 2 + i % 2 * HALF; }

// logits evaluates the slab of which the first sample is number first of the points
// [count, inputs], and returns [outputs, SLAB]; first is a multiple of SLAB.
EXPORT(logits) const float *logits(struct mlp *n, const float *points, int count, int first) {
	for (int i = 0; i < SLAB; i++)
		for (int u = 0; u < n->inputs; u++)
			n->x[u * SLAB + lane(i)] = first + i < count ? points[(first + i) * n->inputs + u] : 0;
	forth(n, 0, (unsigned)first);
	return n->layer[n->layers - 1].a;
}

// right counts the points from one number up to another that the network puts into
// their class, the first of the largest logits.
EXPORT(right) int right(struct mlp *n, const float *points, const unsigned char *labels, int from, int to) {
	const int outputs = n->layer[n->layers - 1].out;
	int count = 0;
	constants(n);
	for (int first = from; first < to; first += SLAB) {
		const float *z = logits(n, points, to, first);
		for (int i = 0; i < SLAB && first + i < to; i++) {
			int best = 0;
			for (int o = 1; o < outputs; o++)
				if (z[o * SLAB + lane(i)] > z[best * SLAB + lane(i)])
					best = o;
			count += best == labels[first + i];
		}
	}
	return count;
}
