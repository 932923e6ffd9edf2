#include "gru.h"
#include "vec.h"
#include <string.h>

// row is what a row of the gates gets from the state: a sum over its live weights.
INLINE block row(const struct gru *n, int r) {
	block s = all(n->bh[r]);
	for (int k = n->row[r]; k < n->row[r + 1]; k++)
		s = plus(s, scaled(n->w[k], get(n->cur + (size_t)n->from[k] * LANES)));
	return s;
}

// shown is what a row of the gates gets from the input.
INLINE block shown(const struct gru *n, int r, const float *u) {
	block s = all(n->bi[r]);
	for (int i = 0; i < n->inputs; i++)
		s = plus(s, scaled(n->wi[r * n->inputs + i], get(u + i * LANES)));
	return s;
}

// input is what the cell is shown at a step.
static inline const float *input(const struct gru *n, int b, int t) {
	if (n->inputSteps == 1)
		t = 0;
	return n->u + ((size_t)b * n->inputSteps + t) * n->inputs * LANES;
}

// forth runs a block of samples through the steps.
INLINE void forth(struct gru *n, int b, int saturates, float inhibition, float shift) {
	const int H = n->units;
	memset(n->cur, 0, (size_t)H * LANES * sizeof(float));
	for (int t = 0; t < n->steps; t++) {
		const float *u = input(n, b, t);
		for (int j = 0; j < H; j++) {
			const size_t at = ((size_t)t * H + j) * LANES, own = (size_t)j * LANES;
			block reset = sigmoid(plus(shown(n, j, u), row(n, j)));
			block update = sigmoid(plus(shown(n, H + j, u), row(n, H + j)));
			block extra = row(n, 2 * H + j);
			block candidate = tangent(plus(shown(n, 2 * H + j, u), times(reset, extra)));
			block mixed = plus(candidate, times(update, minus(get(n->cur + own), candidate)));
			set(n->reset + at, reset);
			set(n->update + at, update);
			set(n->extra + at, extra);
			set(n->candidate + at, candidate);
			set(n->h + ((size_t)j * n->steps + t) * LANES, activate(minus(scaled(inhibition, mixed), all(shift)), saturates));
		}
		for (int j = 0; j < H; j++)
			set(n->cur + (size_t)j * LANES, get(n->h + ((size_t)j * n->steps + t) * LANES));
	}
}

WIDEST void gru_run(struct gru *n, int b, int saturates, float inhibition, float shift, const struct noise *noise, unsigned first, float *z, float *activity) {
	const int H = n->units;
	memset(n->cur, 0, (size_t)H * LANES * sizeof(float));
	for (int t = 0; t < n->steps; t++) {
		const float *u = input(n, b, t);
		block all_units = all(0);
		for (int j = 0; j < H; j++) {
			block reset = sigmoid(plus(shown(n, j, u), row(n, j)));
			block update = sigmoid(plus(shown(n, H + j, u), row(n, H + j)));
			block candidate = tangent(plus(shown(n, 2 * H + j, u), times(reset, row(n, 2 * H + j))));
			block h = plus(candidate, times(update, minus(get(n->cur + (size_t)j * LANES), candidate)));
			if (noise->key != NULL)
				h = plus(h, scaled(noise->sigma, normals(noise->key + 2 * t, (unsigned)j, first)));
			h = activate(minus(scaled(inhibition, plus(h, all(noise->bias))), all(shift)), saturates);
			set(n->wide + (size_t)j * LANES, h);
			if (activity != NULL)
				all_units = plus(all_units, (block){(vec)((bits)h.a & 0x7fffffff), (vec)((bits)h.b & 0x7fffffff)});
		}
		memcpy(n->cur, n->wide, (size_t)H * LANES * sizeof(float));
		if (activity != NULL)
			set(activity + t * LANES, scaled(1.0f / (float)H, all_units));
	}
	for (int o = 0; o < n->outputs; o++) {
		block s = all(n->bo[o]);
		for (int j = 0; j < H; j++)
			s = plus(s, scaled(n->wo[o * H + j], get(n->cur + (size_t)j * LANES)));
		set(z + o * LANES, s);
	}
}

// readout returns the weighted sum of a block's losses, adds the read-out's
// gradients and leaves that of the last state in dh.
INLINE float readout(struct gru *n, int b) {
	const int H = n->units, O = n->outputs;
	const int *label = n->label + b * LANES;
	const float *weight = n->weight + b * LANES;
	float z[O][LANES] __attribute__((aligned(64)));
	for (int o = 0; o < O; o++) {
		for (int i = 0; i < LANES; i++)
			z[o][i] = n->bo[o];
		for (int j = 0; j < H; j++)
			for (int i = 0; i < LANES; i++)
				z[o][i] += n->wo[o * H + j] * n->cur[(size_t)j * LANES + i];
	}
	const float loss = cross_entropy(z[0], z[0], O, LANES, label, get(weight));
	for (int o = 0; o < O; o++) {
		float s = 0;
		for (int i = 0; i < LANES; i++)
			s += z[o][i];
		n->gbo[o] += s;
	}
	for (int j = 0; j < H; j++) {
		const float *h = n->cur + (size_t)j * LANES;
		float *dh = n->dh + (size_t)j * LANES;
		for (int i = 0; i < LANES; i++)
			dh[i] = 0;
		for (int o = 0; o < O; o++) {
			float s = 0;
			for (int i = 0; i < LANES; i++) {
				dh[i] += n->wo[o * H + j] * z[o][i];
				s += z[o][i] * h[i];
			}
			n->gwo[o * H + j] += s;
		}
	}
	return loss;
}

// back runs a block back through the steps: the gradients by what each row gets
// from the state stay in sent, and those of biases and input weights are added.
INLINE void back(struct gru *n, int b, int saturates, float inhibition) {
	const int H = n->units;
	const block one = all(1.0f);
	for (int t = n->steps - 1; t >= 0; t--) {
		const float *u = input(n, b, t);
		for (int j = 0; j < H; j++) {
			const size_t at = ((size_t)t * H + j) * LANES, line = ((size_t)j * n->steps + t) * LANES;
			block reset = get(n->reset + at), update = get(n->update + at), candidate = get(n->candidate + at);
			block before = t > 0 ? get(n->h + line - LANES) : all(0);
			block mixed = scaled(inhibition, times(get(n->dh + (size_t)j * LANES), slope(get(n->h + line), saturates)));
			block toCandidate = times(times(mixed, minus(one, update)), minus(one, times(candidate, candidate)));
			block toUpdate = times(times(mixed, minus(before, candidate)), times(update, minus(one, update)));
			block toReset = times(times(toCandidate, get(n->extra + at)), times(reset, minus(one, reset)));
			block state[3] = {toReset, toUpdate, times(toCandidate, reset)};
			block in[3] = {toReset, toUpdate, toCandidate};
			for (int g = 0; g < 3; g++) {
				const int r = g * H + j;
				set(n->wide + (size_t)r * LANES, state[g]);
				set(n->sent + ((size_t)r * n->steps + t) * LANES, state[g]);
				n->gbh[r] += sum(state[g]);
				n->gbi[r] += sum(in[g]);
				for (int i = 0; i < n->inputs; i++)
					n->gwi[r * n->inputs + i] += sum(times(in[g], get(u + i * LANES)));
			}
			set(n->dh + (size_t)j * LANES, times(mixed, update));
		}
		if (t == 0)
			return;
		for (int j = 0; j < H; j++) {
			block s = get(n->dh + (size_t)j * LANES);
			for (int k = n->column[j]; k < n->column[j + 1]; k++)
				s = plus(s, scaled(n->w[n->place[k]], get(n->wide + (size_t)n->to[k] * LANES)));
			set(n->dh + (size_t)j * LANES, s);
		}
	}
}

// between adds a block's gradients of the live weights between states, over all
// steps at once.
INLINE void between(struct gru *n) {
	const int T = n->steps;
	for (int r = 0; r < 3 * n->units; r++) {
		const float *sent = n->sent + ((size_t)r * T + 1) * LANES;
		for (int k = n->row[r]; k < n->row[r + 1]; k++) {
			const float *h = n->h + (size_t)n->from[k] * T * LANES;
			block s = all(0);
			for (int t = 0; t < T - 1; t++)
				s = plus(s, times(get(sent + (size_t)t * LANES), get(h + (size_t)t * LANES)));
			n->gw[k] += sum(s);
		}
	}
}

WIDEST float gru_gradient(struct gru *n, int saturates, float inhibition, float shift) {
	const int H = n->units;
	memset(n->gw, 0, (size_t)n->live * sizeof(float));
	memset(n->gwi, 0, (size_t)3 * H * n->inputs * sizeof(float));
	memset(n->gbi, 0, (size_t)3 * H * sizeof(float));
	memset(n->gbh, 0, (size_t)3 * H * sizeof(float));
	memset(n->gwo, 0, (size_t)n->outputs * H * sizeof(float));
	memset(n->gbo, 0, (size_t)n->outputs * sizeof(float));
	float loss = 0;
	for (int b = 0; b < n->blocks; b++) {
		forth(n, b, saturates, inhibition, shift);
		loss += readout(n, b);
		back(n, b, saturates, inhibition);
		between(n);
	}
	return loss;
}
