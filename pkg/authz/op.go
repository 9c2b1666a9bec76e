package authz

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
