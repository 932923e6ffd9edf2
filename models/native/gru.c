// Every number here is a result of single additions, multiplications, divisions and
// square roots in an order that the source fixes, none contracted into another, so
// any compiler and any width of vectors gives the same bits.
#if defined(__clang__)
#pragma clang fp contract(off)
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif
#include "gru.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// The best of these that the processor has is taken when the program starts.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

typedef float vec __attribute__((vector_size(64), may_alias));
typedef int bits __attribute__((vector_size(64), may_alias));
enum { HALF = LANES / 2 };

// Two vectors are a block.
typedef struct { vec a, b; } block;

static inline __attribute__((always_inline)) block get(const float *p) {
	const vec *v = (const vec *)p;
	return (block){v[0], v[1]};
}
static inline __attribute__((always_inline)) void set(float *p, block x) {
	vec *v = (vec *)p;
	v[0] = x.a;
	v[1] = x.b;
}
static inline __attribute__((always_inline)) block all(float x) {
	vec v = x - (vec){0};
	return (block){v, v};
}
static inline __attribute__((always_inline)) block plus(block x, block y) { return (block){x.a + y.a, x.b + y.b}; }
static inline __attribute__((always_inline)) block minus(block x, block y) { return (block){x.a - y.a, x.b - y.b}; }
static inline __attribute__((always_inline)) block times(block x, block y) { return (block){x.a * y.a, x.b * y.b}; }
static inline __attribute__((always_inline)) block scaled(float w, block x) { return (block){w * x.a, w * x.b}; }

// sum adds the lanes up, halves to halves.
static inline __attribute__((always_inline)) float sum(block x) {
	vec v = x.a + x.b;
	float s[HALF];
	memcpy(s, &v, sizeof s);
	for (int n = HALF / 2; n > 0; n /= 2)
		for (int i = 0; i < n; i++)
			s[i] += s[i + n];
	return s[0];
}

// select is x where m is set, else y.
static inline __attribute__((always_inline)) vec choose(bits m, vec x, vec y) {
	return (vec)(((bits)x & m) | ((bits)y & ~m));
}

// exponential: e to the x, by a polynomial on half a power of two either way
// (the Cephes library's, Moshier 1989).
static inline __attribute__((always_inline)) vec exponential(vec x) {
	const vec zero = {0};
	x = choose(x > 88.0f + zero, 88.0f + zero, x);
	x = choose(x < -87.0f + zero, -87.0f + zero, x);
	const float magic = 12582912.0f; // 1.5 * 2^23: what is added to it is rounded to a whole number
	vec n = (x * 1.44269504088896341f + magic) - magic;
	vec r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
	vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	p = p * (r * r) + r + 1.0f;
	bits power = (__builtin_convertvector(n, bits) + 127) << 23;
	return p * (vec)power;
}

// logarithm is the natural one of a normal number above 0 (Cephes again).
static inline __attribute__((always_inline)) float logarithm(float x) {
	int i;
	memcpy(&i, &x, sizeof i);
	int power = (i >> 23) - 126;
	i = (i & 0x7fffff) | 0x3f000000; // a fraction from 0.5 to 1
	float f;
	memcpy(&f, &i, sizeof f);
	if (f < 0.707106781186547524f) {
		power--;
		f += f;
	}
	f -= 1.0f;
	float z = f * f, p = 7.0376836292e-2f;
	const float c[] = {-1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
	for (int k = 0; k < 8; k++)
		p = p * f + c[k];
	float y = p * f * z + -2.12194440e-4f * power - 0.5f * z;
	return f + y + 0.693359375f * power;
}

static inline __attribute__((always_inline)) vec sigmoid1(vec x) { return 1.0f / (1.0f + exponential(-x)); }

// tangent is the hyperbolic one: a polynomial near 0, where the other way would
// lose digits.
static inline __attribute__((always_inline)) vec tangent1(vec x) {
	const vec zero = {0};
	const bits sign = (bits)x & (int)0x80000000;
	vec size = (vec)((bits)x & 0x7fffffff);
	vec e = exponential(-2.0f * size);
	vec far = (vec)((bits)((1.0f - e) / (1.0f + e)) | sign);
	vec z = x * x;
	vec p = z * -5.70498872745e-3f + 2.06390887954e-2f;
	p = p * z + -5.37397155531e-2f;
	p = p * z + 1.33314422036e-1f;
	p = p * z + -3.33332819422e-1f;
	return choose(size < 0.625f + zero, p * z * x + x, far);
}

static inline __attribute__((always_inline)) block sigmoid(block x) { return (block){sigmoid1(x.a), sigmoid1(x.b)}; }
static inline __attribute__((always_inline)) block tangent(block x) { return (block){tangent1(x.a), tangent1(x.b)}; }

static inline __attribute__((always_inline)) block activate(block z, int saturates) {
	const vec zero = {0};
	if (saturates)
		return tangent(z);
	return (block){choose(z.a > zero, z.a, zero), choose(z.b > zero, z.b, zero)};
}

// slope is that of the activation, by its value.
static inline __attribute__((always_inline)) block slope(block h, int saturates) {
	const vec zero = {0}, one = 1.0f - zero;
	if (saturates)
		return (block){one - h.a * h.a, one - h.b * h.b};
	return (block){choose(h.a > zero, one, zero), choose(h.b > zero, one, zero)};
}

// row is what a row of the gates gets from the state: a sum over its live weights.
static inline __attribute__((always_inline)) block row(const struct gru *n, int r) {
	block s = all(n->bh[r]);
	for (int k = n->row[r]; k < n->row[r + 1]; k++)
		s = plus(s, scaled(n->w[k], get(n->cur + (size_t)n->from[k] * LANES)));
	return s;
}

// shown is what a row of the gates gets from the input.
static inline __attribute__((always_inline)) block shown(const struct gru *n, int r, const float *u) {
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
static inline __attribute__((always_inline)) void forth(struct gru *n, int b, int saturates, float inhibition, float shift) {
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

// threefry is Threefry-2x32 of twenty rounds (Salmon et al. 2011), a counter a lane.
typedef unsigned words __attribute__((vector_size(64), may_alias));

static inline __attribute__((always_inline)) void threefry(const unsigned *key, words *x, words *y) {
	static const int rotation[8] = {13, 15, 26, 6, 17, 29, 16, 24};
	const unsigned k[3] = {key[0], key[1], 0x1BD11BDAu ^ key[0] ^ key[1]};
	words a = *x + k[0], c = *y + k[1];
	for (int round = 0; round < 20; round++) {
		a += c;
		c = c << rotation[round % 8] | c >> (32 - rotation[round % 8]);
		c ^= a;
		if (round % 4 == 3) {
			int i = round / 4 + 1;
			a += k[i % 3];
			c += k[(i + 1) % 3] + (unsigned)i;
		}
	}
	*x = a;
	*y = c;
}

// uniform maps words to the middles of 2^23 equal cells of (0, 1).
static inline __attribute__((always_inline)) vec uniform(words w) {
	return ((vec)(w >> 9 | 0x3f800000u) - 1.0f) + 1.0f / (1 << 24);
}

// logarithms is logarithm of a vector.
static inline __attribute__((always_inline)) vec logarithms(vec x) {
	const vec zero = {0};
	bits i = (bits)x;
	vec power = __builtin_convertvector((i >> 23) - 126, vec);
	vec f = (vec)((i & 0x7fffff) | 0x3f000000);
	bits small = f < 0.707106781186547524f + zero;
	power = choose(small, power - 1.0f, power);
	f = choose(small, f + f, f) - 1.0f;
	vec z = f * f;
	vec p = f * 7.0376836292e-2f + -1.1514610310e-1f;
	p = p * f + 1.1676998740e-1f;
	p = p * f + -1.2420140846e-1f;
	p = p * f + 1.4249322787e-1f;
	p = p * f + -1.6668057665e-1f;
	p = p * f + 2.0000714765e-1f;
	p = p * f + -2.4999993993e-1f;
	p = p * f + 3.3333331174e-1f;
	vec y = p * f * z + power * -2.12194440e-4f - z * 0.5f;
	return f + y + power * 0.693359375f;
}

// roots are square roots of normal numbers above 0: a guess from the bits and four
// steps of Newton's, since the compiler makes no vector of the library's function.
static inline __attribute__((always_inline)) vec roots(vec x) {
	vec y = (vec)(0x5f3759df - ((bits)x >> 1)); // of 1/sqrt(x)
	y = y * (1.5f - x * 0.5f * y * y);
	y = y * (1.5f - x * 0.5f * y * y);
	y = y * (1.5f - x * 0.5f * y * y);
	vec r = x * y;
	return r + (x - r * r) * (y * 0.5f);
}

// normals are those of a unit for a block of samples, by the method of Box and
// Muller (1958): the two halves of a pair go to the samples 2j and 2j+1, which are
// lane j of one half of the block and of the other.
static inline __attribute__((always_inline)) block normals(const unsigned *key, unsigned unit, unsigned first) {
	words x = (words){0} + unit, y;
	for (int i = 0; i < HALF; i++)
		y[i] = first / 2 + (unsigned)i;
	threefry(key, &x, &y);
	vec radius = roots(logarithms(uniform(x)) * -2.0f);
	// Two bits are a quadrant, the others an angle between -pi/4 and pi/4.
	vec a = (uniform(y << 2) - 0.5f) * 1.57079632679489662f, z = a * a;
	vec sine = a + (a * z) * (-1.6666654611e-1f + z * (8.3321608736e-3f + z * -1.9515295891e-4f));
	vec cosine = (1.0f - z * 0.5f) + (z * z) * (4.166664568298827e-2f + z * (-1.388731625493765e-3f + z * 2.443315711809948e-5f));
	bits swap = (bits)(y << 1) >> 31; // a turn by a quarter maps (cos, sin) to (-sin, cos)
	vec c = choose(swap, sine, cosine), s = choose(swap, cosine, sine);
	c = (vec)((bits)c ^ (bits)((y ^ y << 1) & 0x80000000u));
	s = (vec)((bits)s ^ (bits)(y & 0x80000000u));
	return (block){radius * c, radius * s};
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
static inline __attribute__((always_inline)) float readout(struct gru *n, int b) {
	const int H = n->units, O = n->outputs;
	const int *label = n->label + b * LANES;
	const float *weight = n->weight + b * LANES;
	float z[O][LANES] __attribute__((aligned(64))), loss = 0;
	for (int o = 0; o < O; o++) {
		for (int i = 0; i < LANES; i++)
			z[o][i] = n->bo[o];
		for (int j = 0; j < H; j++)
			for (int i = 0; i < LANES; i++)
				z[o][i] += n->wo[o * H + j] * n->cur[(size_t)j * LANES + i];
	}
	float most[LANES], total[LANES], own[LANES];
	for (int i = 0; i < LANES; i++) {
		most[i] = z[0][i];
		total[i] = own[i] = 0;
		for (int o = 1; o < O; o++)
			if (z[o][i] > most[i])
				most[i] = z[o][i];
	}
	for (int o = 0; o < O; o++) {
		for (int i = 0; i < LANES; i++) {
			z[o][i] -= most[i];
			if (o == label[i])
				own[i] = z[o][i];
		}
		block e = get(z[o]);
		set(z[o], (block){exponential(e.a), exponential(e.b)});
		for (int i = 0; i < LANES; i++)
			total[i] += z[o][i];
	}
	for (int i = 0; i < LANES; i++) {
		loss += (logarithm(total[i]) - own[i]) * weight[i];
		for (int o = 0; o < O; o++)
			z[o][i] = (z[o][i] / total[i] - (o == label[i] ? 1.0f : 0.0f)) * weight[i];
	}
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
static inline __attribute__((always_inline)) void back(struct gru *n, int b, int saturates, float inhibition) {
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
static inline __attribute__((always_inline)) void between(struct gru *n) {
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

WIDEST void adam(int n, float *param, float *mean, float *square, const float *gradient, const float *mask, float rate, float root) {
	const float fresh1 = (float)(1 - 0.9), beta2 = 0.999f, fresh2 = (float)(1 - 0.999), epsilon = 1e-8f;
	for (int i = 0; i < n; i++) {
		float d = gradient[i];
		float m = mean[i] + (d - mean[i]) * fresh1;
		float v = square[i] * beta2 + (d * fresh2) * d;
		float p = param[i] - rate * m / (sqrtf(v) / root + epsilon);
		mean[i] = m;
		square[i] = v;
		param[i] = mask ? p * mask[i] : p;
	}
}
