package authz

import (
	"crypto/sha256"
	"fmt"
)

// Op says on whose behalf a change runs, where it may, and under which request.
type Op struct {
	Actor   OfficerID
	Scope   Scope
	Request Request
}

// Request identifies one POST of a client, so that a retry neither repeats its effect nor guesses at its answer.
// The zero Request is work that no client retries.
type Request struct {
	Route  string // operation id
	Key    string // Idempotency-Key
	Digest []byte // of method, path, precondition and body
}

// Part is the change of one part of what a request asks for, which the same request repeats by itself. No client can
// send its key: it has a blank.
func (o Op) Part(name string) Op {
	if o.Request.Key != "" {
		o.Request.Key = fmt.Sprintf("%x %s", sha256.Sum256([]byte(o.Request.Key)), name)
	}
	return o
}
