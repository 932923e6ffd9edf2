// What the networks here are computed with: vectors of samples, and functions of them.
//
// Every number is a result of single additions, multiplications, divisions and
// square roots in an order that the source fixes, none contracted into another, so
// any compiler and any width of vectors gives the same bits.
#ifndef FRAGILITY_VEC_H
#define FRAGILITY_VEC_H

#if defined(__clang__)
#pragma clang fp contract(off)
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#include "lanes.h"

#include <stddef.h>

// The best of these that the processor has is taken when the program starts.
#ifndef WIDEST
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif
#endif
#define INLINE static inline __attribute__((always_inline))

enum { HALF = LANES / 2 };

#define WIDE (HALF * 4) // bytes
typedef float vec __attribute__((vector_size(WIDE), may_alias));
typedef int bits __attribute__((vector_size(WIDE), may_alias));

// Two vectors are a block.
typedef struct { vec a, b; } block;

INLINE block get(const float *p) {
	const vec *v = (const vec *)p;
	return (block){v[0], v[1]};
}
INLINE void set(float *p, block x) {
	vec *v = (vec *)p;
	v[0] = x.a;
	v[1] = x.b;
}
INLINE block all(float x) {
	vec v = x - (vec){0};
	return (block){v, v};
}
INLINE block plus(block x, block y) { return (block){x.a + y.a, x.b + y.b}; }
INLINE block minus(block x, block y) { return (block){x.a - y.a, x.b - y.b}; }
INLINE block times(block x, block y) { return (block){x.a * y.a, x.b * y.b}; }
INLINE block scaled(float w, block x) { return (block){w * x.a, w * x.b}; }

// sum adds the lanes up, halves to halves.
INLINE float sum(block x) {
	vec v = x.a + x.b;
	float s[HALF];
	__builtin_memcpy(s, &v, sizeof s);
	for (int n = HALF / 2; n > 0; n /= 2)
		for (int i = 0; i < n; i++)
			s[i] += s[i + n];
	return s[0];
}

// choose is x where m is set, else y.
INLINE vec choose(bits m, vec x, vec y) {
	return (vec)(((bits)x & m) | ((bits)y & ~m));
}

// exponential: e to the x, by a polynomial on half a power of two either way
// (the Cephes library's, Moshier 1989).
INLINE vec exponential(vec x) {
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

INLINE vec sigmoid1(vec x) { return 1.0f / (1.0f + exponential(-x)); }

// tangent is the hyperbolic one: a polynomial near 0, where the other way would
// lose digits.
INLINE vec tangent1(vec x) {
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

INLINE block sigmoid(block x) { return (block){sigmoid1(x.a), sigmoid1(x.b)}; }
INLINE block tangent(block x) { return (block){tangent1(x.a), tangent1(x.b)}; }

INLINE block activate(block z, int saturates) {
	const vec zero = {0};
	if (saturates)
		return tangent(z);
	return (block){choose(z.a > zero, z.a, zero), choose(z.b > zero, z.b, zero)};
}

// slope is that of the activation, by its value.
INLINE block slope(block h, int saturates) {
	const vec zero = {0}, one = 1.0f - zero;
	if (saturates)
		return (block){one - h.a * h.a, one - h.b * h.b};
	return (block){choose(h.a > zero, one, zero), choose(h.b > zero, one, zero)};
}

// threefry is Threefry-2x32 of twenty rounds (Salmon et al. 2011), a counter a lane.
typedef unsigned words __attribute__((vector_size(WIDE), may_alias));

INLINE void threefry(const unsigned *key, words *x, words *y) {
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
INLINE vec uniform(words w) {
	return ((vec)(w >> 9 | 0x3f800000u) - 1.0f) + 1.0f / (1 << 24);
}

// logarithms are natural ones of normal numbers above 0 (Cephes again).
INLINE vec logarithms(vec x) {
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

// cross_entropy returns the weighted sum of a block's losses by its logits z of
// `outputs` classes, which are `step` floats apart, and leaves the gradients by them
// in dz, which may be z.
INLINE float cross_entropy(const float *z, float *dz, int outputs, size_t step, const int *label, block weight) {
	const vec zero = {0}, one = zero + 1.0f, floor = zero - 60.0f;
	const bits *is = (const bits *)label;
	block most = get(z), total = all(0), own = all(0);
	for (int o = 1; o < outputs; o++) {
		block x = get(z + o * step);
		most = (block){choose(x.a > most.a, x.a, most.a), choose(x.b > most.b, x.b, most.b)};
	}
	for (int o = 0; o < outputs; o++) {
		block x = minus(get(z + o * step), most);
		own = (block){choose(is[0] == o, x.a, own.a), choose(is[1] == o, x.b, own.b)};
		// A chance of e^-60 is none; what came of a smaller one would be no normal number.
		x = (block){choose(x.a > floor, x.a, floor), choose(x.b > floor, x.b, floor)};
		x = (block){exponential(x.a), exponential(x.b)};
		set(dz + o * step, x);
		total = plus(total, x);
	}
	for (int o = 0; o < outputs; o++) {
		block p = get(dz + o * step);
		p = (block){p.a / total.a - choose(is[0] == o, one, zero), p.b / total.b - choose(is[1] == o, one, zero)};
		set(dz + o * step, times(p, weight));
	}
	return sum(times(minus((block){logarithms(total.a), logarithms(total.b)}, own), weight));
}

// roots are square roots of 0 and of normal numbers above it: a guess from the bits and four
// steps of Newton's.
INLINE vec roots(vec x) {
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
INLINE block normals(const unsigned *key, unsigned unit, unsigned first) {
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

#endif
