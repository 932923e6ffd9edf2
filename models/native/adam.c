#include "adam.h"
#include "vec.h"

#include <string.h>

// anywhere is a vector that begins at any float.
typedef float anywhere __attribute__((vector_size(64), aligned(4), may_alias));

// faint is what moves nothing any more: a moment below it is 0, since sums and
// products of yet smaller numbers take a hundred times as long.
static const float faint = 1e-30f;

INLINE void move(float *param, float *mean, float *square, const float *gradient, const float *mask, float rate, float root) {
	const float fresh1 = (float)(1 - 0.9), beta2 = 0.999f, fresh2 = (float)(1 - 0.999), epsilon = 1e-8f;
	const vec zero = {0};
	vec d = *(const anywhere *)gradient, m = *(anywhere *)mean, v = *(anywhere *)square;
	m = m + (d - m) * fresh1;
	v = v * beta2 + (d * fresh2) * d;
	m = choose((vec)((bits)m & 0x7fffffff) < faint + zero, zero, m);
	v = choose(v < faint + zero, zero, v);
	vec p = *(anywhere *)param - rate * m / (roots(v) / root + epsilon);
	*(anywhere *)mean = m;
	*(anywhere *)square = v;
	if (mask != NULL)
		p = p * *(const anywhere *)mask;
	*(anywhere *)param = p;
}

WIDEST void adam(int n, float *param, float *mean, float *square, const float *gradient, const float *mask, float rate, float root) {
	const int width = sizeof(vec) / sizeof(float);
	int i = 0;
	for (; i + width <= n; i += width)
		move(param + i, mean + i, square + i, gradient + i, mask ? mask + i : NULL, rate, root);
	if (i == n)
		return;
	float last[5][sizeof(vec) / sizeof(float)] = {{0}};
	const float *in[5] = {param + i, mean + i, square + i, gradient + i, mask ? mask + i : NULL};
	const size_t size = (size_t)(n - i) * sizeof(float);
	for (int k = 0; k < 5; k++)
		if (in[k] != NULL)
			memcpy(last[k], in[k], size);
	move(last[0], last[1], last[2], last[3], mask ? last[4] : NULL, rate, root);
	memcpy(param + i, last[0], size);
	memcpy(mean + i, last[1], size);
	memcpy(square + i, last[2], size);
}
