// Package client talks to the engine, the long-lived process that owns the
// compiled programs and the store. A notebook cell is a fresh program each time
// it runs, so this package links nothing but the standard library and package
// protocols; it finds the engine of the checkout, starts it where none runs and
// replaces it where its build is not the one on disk.
//
// The engine speaks HTTP with JSON on a unix socket:
//
//	POST /v1/run     Request      a stream of Message lines; the last one has the result or the error
//	POST /v1/show    ShowRequest  the same, with a display bundle for the result
//	GET  /v1/status               Status; with ?sha256=1 the build's digest too
//	POST /v1/stop    StopRequest  Status; the socket is free once it is answered
//
// Socket, lock and log stand in a folder that is the user's alone: engine in the
// store, or in his cache folder where the store is another user's. A client sends
// nothing before it has seen that folder, socket and listening process are his.
//
// Errors are an Error in JSON, with HTTP status 400 for bad input and 500 else.
package client
