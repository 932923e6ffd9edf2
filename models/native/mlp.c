#include "mlp.h"
#include "forth.h"
#include "plan.h"

// quarter is four floats, as every processor's vectors have at least.
typedef float quarter __attribute__((vector_size(16), may_alias));
#ifdef __clang__
#define MIX(x, y, a, b, c, d) __builtin_shufflevector(x, y, a, b, c, d)
#else
typedef int pick __attribute__((vector_size(16)));
#define MIX(x, y, a, b, c, d) __builtin_shuffle(x, y, (pick){a, b, c, d})
#endif

// sums adds up the lanes of each of four vectors.
INLINE quarter sums(const vec *v) {
	quarter t[4];
	for (int i = 0; i < 4; i++) {
		const quarter *q = (const quarter *)&v[i];
		t[i] = (q[0] + q[1]) + (q[2] + q[3]);
	}
	quarter s = MIX(t[0], t[1], 0, 4, 1, 5) + MIX(t[0], t[1], 2, 6, 3, 7);
	quarter u = MIX(t[2], t[3], 0, 4, 1, 5) + MIX(t[2], t[3], 2, 6, 3, 7);
	return MIX(s, u, 0, 1, 4, 5) + MIX(s, u, 2, 3, 6, 7);
}

// score returns the weighted sum of a block's losses, the block being at lane
// `lane` of slab s, and leaves the gradients by the logits.
INLINE float score(struct mlp *n, int s, int lane) {
	struct layer *y = n->layer + n->layers - 1;
	const size_t at = (size_t)s * y->out * SLAB + lane;
	const int sample = s * SLAB + lane;
	return cross_entropy(y->a + at, y->dz + at, y->out, SLAB, n->label + sample, get(n->weight + sample));
}

// weigh takes the gradients by a layer's weights and biases.
INLINE void weigh(struct mlp *n, int l) {
	struct layer *y = n->layer + l;
	vec acc[4] = {0};
	int k = 0;
	for (int i = 0; i < y->units; i++) {
		const int r = y->unit[i];
		const float *dz = y->dz + (size_t)r * SLAB;
		const size_t step = (size_t)y->out * SLAB;
		block total = all(0);
		for (int s = 0; s < n->slabs; s++) {
			slab d = get2(dz + s * step);
			total = plus(total, plus(d.a, d.b));
		}
		y->gb[r] = sum(total);
		for (; k < y->row[r + 1]; k++) {
			vec v = {0};
			for (int s = 0; s < n->slabs; s++) {
				slab p = times2(get2(dz + s * step), get2(seen(n, l, s) + (size_t)y->from[k] * SLAB));
				v += (p.a.a + p.a.b) + (p.b.a + p.b.b);
			}
			acc[k % 4] = v;
			if (k % 4 == 3)
				*(quarter *)(y->gw + k - 3) = sums(acc);
		}
	}
	const quarter rest = sums(acc);
	for (int i = 0; i < k % 4; i++)
		y->gw[k - k % 4 + i] = rest[i];
	for (int r = 0; r < y->out; r++)
		for (int k = y->still[r]; k < y->still[r + 1]; k++)
			y->gw[k] = y->gb[r] * y[-1].ca[y->from[k]];
}

// back takes the gradients of the layer below l.
INLINE void back(struct mlp *n, int l) {
	struct layer *y = n->layer + l, *below = y - 1;
	const float scale = n->gain * n->inhibition[l - 1];
	for (int i = 0; i < below->constants; i++) {
		const int u = below->constant[i];
		float d = 0;
		for (int k = y->column[u]; k < y->column[u + 1]; k++)
			d += y->w[y->place[k]] * y->gb[y->to[k]];
		below->gb[u] = d * scale * slope(all(below->ch[u]), n->saturates).a[0];
	}
	for (int s = 0; s < n->slabs; s++) {
		const float *dz = y->dz + (size_t)s * y->out * SLAB;
		for (int i = 0; i < below->units; i++) {
			const int u = below->unit[i];
			const size_t at = ((size_t)s * below->out + u) * SLAB;
			slab d = all2(0);
			for (int k = y->column[u]; k < y->column[u + 1]; k++)
				d = plus2(d, scaled2(y->w[y->place[k]], get2(dz + (size_t)y->to[k] * SLAB)));
			slab h = get2(below->h + at);
			slab by = {slope(h.a, n->saturates), slope(h.b, n->saturates)};
			set2(below->dz + at, times2(scaled2(scale, d), by));
		}
	}
}

WIDEST float mlp_learn(struct mlp *n) {
	float loss = 0;
	constants(n);
	for (int s = 0; s < n->slabs; s++) {
		forth(n, s, (unsigned)s * SLAB);
		loss += score(n, s, 0);
		loss += score(n, s, LANES);
	}
	for (int l = n->layers - 1; l >= 0; l--) {
		weigh(n, l);
		if (l > 0)
			back(n, l);
	}
	return loss;
}

WIDEST void mlp_run(struct mlp *n, unsigned first) {
	constants(n);
	forth(n, 0, first);
}

void mlp_plan(struct mlp *n, int quiet, int whole) { plan(n, quiet, whole); }
