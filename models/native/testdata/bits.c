// Trains a small network of each kind for some steps and prints a digest of what
// comes out: the same under every compiler and width of vectors.
#include "../adam.h"
#include "../gru.h"
#include "../mlp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned state = 12345;
static float some(void) {
	state = state * 1664525u + 1013904223u;
	return (float)(state >> 8) / (1 << 24) - 0.5f;
}
static void *room(size_t n) {
	void *p = aligned_alloc(64, (n * 4 + 63) / 64 * 64 + 64);
	memset(p, 0, (n * 4 + 63) / 64 * 64 + 64);
	return p;
}
static float *values(int n) {
	float *p = room((size_t)n);
	for (int i = 0; i < n; i++)
		p[i] = some();
	return p;
}

static unsigned digest = 2166136261u;
static void add(const float *p, int n) {
	for (const unsigned char *c = (const unsigned char *)p; c < (const unsigned char *)(p + n); c++)
		digest = (digest ^ *c) * 16777619u;
}

// every is the lists of a matrix of which one weight in three lives.
static int every(int out, int in, int *row, int *from, int *column, int *place, int *to) {
	int n = 0;
	for (int r = 0; r < out; r++) {
		row[r] = n;
		for (int c = 0; c < in; c++)
			if ((r + c) % 3 == 0)
				from[n++] = c;
	}
	row[out] = n;
	int m = 0;
	for (int c = 0; c < in; c++) {
		column[c] = m;
		for (int r = 0; r < out; r++)
			for (int k = row[r]; k < row[r + 1]; k++)
				if (from[k] == c) {
					place[m] = k;
					to[m++] = r;
				}
	}
	column[in] = m;
	return n;
}

static void step(float *p, const float *g, int n, float *mean, float *square) {
	adam(n, p, mean, square, g, NULL, 0.01f, 0.5f);
	add(p, n);
}

static void feedforward(int saturates) {
	enum { LAYERS = 3, BATCH = 2 * SLAB };
	const int widths[LAYERS + 1] = {2, 37, 23, 4};
	struct layer layers[LAYERS];
	struct mlp n = {.layers = LAYERS, .inputs = 2, .slabs = 2, .layer = layers, .saturates = saturates, .internal = 1,
		.gain = 1.25f, .sigma = 0.5f, .bias = 0.1f, .shift = 0.05f, .inputSigma = 0.3f};
	for (int l = 0; l < LAYERS; l++) {
		struct layer *y = layers + l;
		memset(y, 0, sizeof *y);
		y->in = widths[l];
		y->out = widths[l + 1];
		const size_t all = (size_t)y->in * y->out;
		y->row = room(all + 1), y->from = room(all), y->column = room(all + 1), y->place = room(all), y->to = room(all);
		y->live = y->varying = every(y->out, y->in, y->row, y->from, y->column, y->place, y->to);
		y->still = room(y->out + 1);
		for (int r = 0; r <= y->out; r++)
			y->still[r] = y->live;
		y->unit = room(y->out);
		for (int r = 0; r < y->out; r++)
			y->unit[y->units++] = r;
		y->w = values(y->live), y->gw = room(y->live + 4), y->b = values(y->out), y->gb = room(y->out);
		y->h = room((size_t)y->out * BATCH), y->a = room((size_t)y->out * BATCH), y->dz = room((size_t)y->out * BATCH);
		y->sum = room(y->out), y->ch = room(y->out), y->ca = room(y->out);
	}
	n.x = values(2 * BATCH), n.shown = room(2 * BATCH), n.label = room(BATCH), n.weight = room(BATCH);
	n.inhibition = values(LAYERS - 1), n.key = room(2 * LAYERS);
	for (int i = 0; i < 100; i++) {
		n.label[i] = i % 4;
		n.weight[i] = 0.01f;
	}
	float *mean[LAYERS], *square[LAYERS];
	for (int l = 0; l < LAYERS; l++)
		mean[l] = room(layers[l].live), square[l] = room(layers[l].live);
	for (int t = 0; t < 5; t++) {
		n.key[0] = (unsigned)t;
		float loss = mlp_learn(&n);
		add(&loss, 1);
		for (int l = 0; l < LAYERS; l++)
			step(layers[l].w, layers[l].gw, layers[l].live, mean[l], square[l]);
	}
	mlp_run(&n, 64);
	add(layers[LAYERS - 1].a, 4 * SLAB);
}

static void recurrent(int saturates) {
	const int H = 19, rows = 3 * H, all = rows * H;
	struct gru n = {.units = H, .inputs = 2, .outputs = 4, .steps = 4, .blocks = 2, .inputSteps = 1};
	n.row = room(rows + 1), n.from = room(all), n.column = room(H + 1), n.place = room(all), n.to = room(all);
	n.live = every(rows, H, n.row, n.from, n.column, n.place, n.to);
	n.w = values(n.live), n.gw = room(n.live), n.wi = values(rows * 2), n.gwi = room(rows * 2), n.bi = values(rows), n.gbi = room(rows);
	n.bh = values(rows), n.gbh = room(rows), n.wo = values(4 * H), n.gwo = room(4 * H), n.bo = values(4), n.gbo = room(4);
	n.u = values(2 * 2 * LANES), n.label = room(2 * LANES), n.weight = room(2 * LANES);
	n.cur = room(H * LANES), n.wide = room(rows * LANES), n.dh = room(H * LANES);
	n.reset = room(4 * H * LANES), n.update = room(4 * H * LANES), n.candidate = room(4 * H * LANES), n.extra = room(4 * H * LANES);
	n.h = room(4 * H * LANES), n.sent = room(4 * rows * LANES);
	for (int i = 0; i < 60; i++) {
		n.label[i] = i % 4;
		n.weight[i] = 1.0f / 60;
	}
	float *mean = room(n.live), *square = room(n.live);
	for (int t = 0; t < 5; t++) {
		float loss = gru_gradient(&n, saturates, 0.9f, 0.1f);
		add(&loss, 1);
		step(n.w, n.gw, n.live, mean, square);
	}
	unsigned *key = room(8);
	struct noise noise = {.sigma = 0.5f, .bias = 0.2f, .key = key};
	float *z = room(4 * LANES), *activity = room(4 * LANES);
	gru_run(&n, 0, saturates, 0.9f, 0.1f, &noise, 64, z, activity);
	add(z, 4 * LANES);
	add(activity, 4 * LANES);
}

int main(void) {
	for (int saturates = 0; saturates < 2; saturates++) {
		feedforward(saturates);
		recurrent(saturates);
	}
	printf("%08x\n", digest);
}
