// Package fault is the one error type inside Tanggap: what went wrong, as a stable code with arguments, and never as
// text for a person. The HTTP edge alone turns it into a problem document and a sentence.
package fault

import (
	"errors"
	"maps"
)

// Kind is the class of a fault; the edge maps each to one HTTP status.
type Kind string

// The kinds of faults.
const (
	Malformed            Kind = "malformed"             // 400: cannot be read
	Unauthenticated      Kind = "unauthenticated"       // 401: who are you
	Forbidden            Kind = "forbidden"             // 403: your roles do not allow it anywhere
	NotFound             Kind = "not_found"             // 404: not there, or not for you
	Conflict             Kind = "conflict"              // 409: not in this state
	Stale                Kind = "stale"                 // 412: somebody was faster
	TooLarge             Kind = "too_large"             // 413
	Unsupported          Kind = "unsupported"           // 415
	Invalid              Kind = "invalid"               // 422: readable, but not acceptable
	PreconditionRequired Kind = "precondition_required" // 428: If-Match is missing
	TooMany              Kind = "too_many"              // 429
	Unavailable          Kind = "unavailable"           // 503: try again
)

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool {
	switch k {
	case Malformed, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Unsupported, Invalid,
		PreconditionRequired, TooMany, Unavailable:
		return true
	}
	return false
}

// Error is a fault. Code is stable ("case.transition_refused"), Args fill its message, Field is the JSON path of the
// value at fault. Err is a cause for the log only. No part of it may hold personal data.
type Error struct {
	Kind   Kind
	Code   string
	Field  string
	Args   map[string]string
	Fields []FieldError
	Err    error
}

// FieldError is what is wrong with one field.
type FieldError struct {
	Field string
	Code  string
	Args  map[string]string
}

// New makes a fault; kv are pairs of argument names and values. A name without a value is left out.
func New(kind Kind, code string, kv ...string) *Error {
	e := &Error{Kind: kind, Code: code}
	for i := 0; i+1 < len(kv); i += 2 {
		if e.Args == nil {
			e.Args = map[string]string{}
		}
		e.Args[kv[i]] = kv[i+1]
	}
	return e
}

// Error gives the code and the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes faults of one code equal, so that errors.Is finds them whatever their arguments.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// At returns a copy that names the field at fault.
func (e *Error) At(field string) *Error {
	c := e.clone()
	c.Field = field
	return c
}

// Because returns a copy with a cause for the log.
func (e *Error) Because(err error) *Error {
	c := e.clone()
	c.Err = err
	return c
}

// With returns a copy with further fields at fault.
func (e *Error) With(fields ...FieldError) *Error {
	c := e.clone()
	c.Fields = append(append([]FieldError(nil), e.Fields...), fields...)
	return c
}

// Together refuses for all of these at once: nil for none, and one is the fault itself.
func Together(code string, wrong ...FieldError) error {
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return (&Error{Kind: Invalid, Code: wrong[0].Code, Args: wrong[0].Args}).At(wrong[0].Field)
	}
	return New(Invalid, code).With(wrong...)
}

// FieldsOf are the fields that an error names.
func FieldsOf(err error) []FieldError {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return nil
	case e.Field != "":
		return append([]FieldError{{Field: e.Field, Code: e.Code, Args: e.Args}}, e.Fields...)
	}
	return e.Fields
}

func (e *Error) clone() *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	return &c
}

// KindOf gives the kind of the first fault in err's chain, or "".
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// CodeOf gives the code of the first fault in err's chain, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
