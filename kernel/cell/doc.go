// Package cell reads what the text of a notebook's cell says, before the
// compiler sees it: where its statements begin, which chapter it runs with which
// values, and what in it would be dropped or taken for something else without a
// word. It runs nothing, and knows no more of Go than its grammar.
package cell
