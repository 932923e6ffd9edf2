// Package native trains recurrent networks of few live weights in C.
//
// Compiled programs (package models) are at their best in dense products. Of a
// pruned GRU one weight in twenty lives; its products between states are short
// sums over lists, and its gradient is wanted at the live places alone, for which
// the compiler has no form that is not slower than the dense one on some
// processor. Here a batch's samples lie side by side, so that every live weight is
// one multiplication and one addition of a vector of samples, in the way forth,
// the way back and the gradient; the gates cost more than the products.
//
// The plain path in package models stays the reference, and a test there holds
// the two together step by step. Bits depend on nothing but the source: there are
// single operations in a fixed order, and no contraction.
package native
