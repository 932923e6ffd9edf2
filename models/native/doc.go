// Package native trains and evaluates networks of few live weights in C.
//
// Compiled programs (package models) are at their best in dense products. Of a
// pruned network one weight in twenty lives; its products are short sums over
// lists, and its gradient is wanted at the live places alone, for which the
// compiler has no form that is not slower than the dense one on some processor.
// Here a batch's samples lie side by side, so that every live weight is one
// multiplication and one addition of a vector of samples, in the way forth, the way
// back and the gradient. What is drawn or squashed costs more than the products.
//
// Of a feed-forward network units without a way to the output are left out, and
// what does not change with the sample is computed once a batch.
//
// The plain path in package models stays the reference, and tests there hold the
// two together step by step. Bits depend on nothing but the source: there are
// single operations in a fixed order, and no contraction.
package native
