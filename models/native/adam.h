#ifndef FRAGILITY_ADAM_H
#define FRAGILITY_ADAM_H

// adam moves n parameters by one step of Adam: rate and root are corrected for
// the step, and mask is 0 or 1 for each, or NULL for all 1.
void adam(int n, float *param, float *mean, float *square, const float *gradient, const float *mask, float rate, float root);

#endif
