// The way forth through a feed-forward network: what evaluation needs, and training
// begins with. The page that is exported with live dials has it as WebAssembly
// (kernel/live), with fewer lanes.
#ifndef FRAGILITY_FORTH_H
#define FRAGILITY_FORTH_H

#include "mlp.h"
#include "vec.h"

// A slab is two blocks.
typedef struct { block a, b; } slab;

INLINE slab get2(const float *p) { return (slab){get(p), get(p + LANES)}; }
INLINE void set2(float *p, slab x) {
	set(p, x.a);
	set(p + LANES, x.b);
}
INLINE slab all2(float x) { return (slab){all(x), all(x)}; }
INLINE slab plus2(slab x, slab y) { return (slab){plus(x.a, y.a), plus(x.b, y.b)}; }
INLINE slab times2(slab x, slab y) { return (slab){times(x.a, y.a), times(x.b, y.b)}; }
INLINE slab scaled2(float w, slab x) { return (slab){scaled(w, x.a), scaled(w, x.b)}; }
INLINE slab normals2(const unsigned *key, unsigned unit, unsigned first) {
	return (slab){normals(key, unit, first), normals(key, unit, first + LANES)};
}

// seen is what layer l sees of slab s: the inputs, or the layer below.
INLINE const float *seen(const struct mlp *n, int l, int s) {
	if (l > 0)
		return n->layer[l - 1].a + (size_t)s * n->layer[l - 1].out * SLAB;
	return (n->inputSigma != 0 ? n->shown : n->x) + (size_t)s * n->inputs * SLAB;
}

// constants computes what does not change with the sample.
INLINE void constants(struct mlp *n) {
	for (int l = 0; l < n->layers; l++) {
		struct layer *y = n->layer + l;
		const float *below = l > 0 ? y[-1].ca : NULL;
		for (int r = 0; r < y->out; r++) {
			float s = y->b[r];
			for (int k = y->still[r]; k < y->still[r + 1]; k++)
				s += y->w[k] * below[y->from[k]];
			y->sum[r] = s;
		}
		for (int i = 0; i < y->constants; i++) {
			const int r = y->constant[i];
			y->ch[r] = activate(all(y->sum[r]), n->saturates).a[0];
			y->ca[r] = y->ch[r] * n->inhibition[l] * n->gain - n->shift;
		}
	}
}

// noise is that of a unit, of layer l - 1 where l is not 0, which is the inputs.
INLINE slab noise(const struct mlp *n, int l, int unit, unsigned first) {
#ifndef FRAGILITY_DRAWN // else it always was
	if (!n->drawn)
		return normals2(n->key + 2 * l, (unsigned)unit, first);
#endif
	const int units = l > 0 ? n->layer[l - 1].out : n->inputs;
	return get2(n->drawn[l] + ((size_t)(first / SLAB) * units + unit) * SLAB);
}

// show adds the noise of the inputs to a slab of which the first sample is number
// first.
INLINE void show(struct mlp *n, int s, unsigned first) {
	if (n->inputSigma == 0)
		return;
	for (int i = 0; i < n->inputs; i++) {
		const size_t at = ((size_t)s * n->inputs + i) * SLAB;
		set2(n->shown + at, plus2(get2(n->x + at), scaled2(n->inputSigma, noise(n, 0, i, first))));
	}
}

// forth runs a slab through the layers.
INLINE void forth(struct mlp *n, int s, unsigned first) {
	show(n, s, first);
	for (int l = 0; l < n->layers; l++) {
		struct layer *y = n->layer + l;
		const float *x = seen(n, l, s);
		float *h = y->h + (size_t)s * y->out * SLAB, *a = y->a + (size_t)s * y->out * SLAB;
		const int top = l == n->layers - 1;
		for (int i = 0; i < y->units; i++) {
			const int r = y->unit[i];
			slab z = all2(y->sum[r]);
			for (int k = y->row[r]; k < y->row[r + 1]; k++)
				z = plus2(z, scaled2(y->w[k], get2(x + (size_t)y->from[k] * SLAB)));
			if (top) {
				set2(a + (size_t)r * SLAB, z);
				continue;
			}
			z = (slab){activate(z.a, n->saturates), activate(z.b, n->saturates)};
			set2(h + (size_t)r * SLAB, z);
			if (n->sigma != 0)
				z = plus2(z, scaled2(n->sigma, noise(n, l + 1, r, first)));
			if (n->internal)
				z = plus2(z, all2(n->bias));
			z = scaled2(n->gain, scaled2(n->inhibition[l], z));
			set2(a + (size_t)r * SLAB, plus2(z, all2(-n->shift)));
		}
	}
}

#endif
