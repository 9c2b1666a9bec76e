package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
)

func TestKindAndCodeSurviveWrapping(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	err := fmt.Errorf("save: %w", fault.New(fault.Unavailable, "database.unavailable", "table", "cases").Because(cause))
	if fault.KindOf(err) != fault.Unavailable || fault.CodeOf(err) != "database.unavailable" {
		t.Fatalf("got %s %s", fault.KindOf(err), fault.CodeOf(err))
	}
	if !errors.Is(err, cause) {
		t.Fatal("the cause is lost")
	}
	if fault.KindOf(cause) != "" || fault.CodeOf(nil) != "" {
		t.Fatal("an error that is no fault has a kind or a code")
	}
}

func TestFaultsOfOneCodeAreEqual(t *testing.T) {
	t.Parallel()
	a, b := fault.New(fault.Conflict, "case.stale", "version", "3"), fault.New(fault.Conflict, "case.stale")
	if !errors.Is(a, b) || errors.Is(a, fault.New(fault.Conflict, "case.closed")) {
		t.Fatal("faults are not told apart by their codes")
	}
}

// Shared faults are values of the program: naming a field must not change them for the next caller.
func TestNamingAFieldLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	original := fault.New(fault.Invalid, "region.unknown", "allowed", "x")
	at := original.At("region").With(fault.FieldError{Field: "a", Code: "b"})
	at.Args["allowed"] = "y"
	if original.Field != "" || len(original.Fields) != 0 || original.Args["allowed"] != "x" || at.Field != "region" ||
		len(at.Fields) != 1 {
		t.Fatalf("got %q and %q", original.Field, at.Field)
	}
}

func TestKindsAreAClosedList(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.Malformed, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
		fault.Conflict, fault.Stale, fault.TooLarge,
		fault.Unsupported, fault.Invalid, fault.PreconditionRequired, fault.TooMany, fault.Unavailable} {
		if !kind.Valid() {
			t.Errorf("%q is not valid", kind)
		}
	}
	for _, kind := range []fault.Kind{"", "teapot", "Invalid"} {
		if kind.Valid() {
			t.Errorf("%q is valid", kind)
		}
	}
}

func TestArgumentsComeInPairs(t *testing.T) {
	t.Parallel()
	for want, e := range map[int]*fault.Error{0: fault.New(fault.Invalid, "a.b"), 1: fault.New(fault.Invalid, "a.b", "k",
		"v"), 2: fault.New(fault.Invalid, "a.b", "k", "v", "l", "w", "left over")} {
		if len(e.Args) != want || want > 0 && e.Args["k"] != "v" {
			t.Errorf("got %v", e.Args)
		}
	}
}

// The text is for the log: a code, and a cause if there is one.
func TestTextIsCodeAndCause(t *testing.T) {
	t.Parallel()
	plain := fault.New(fault.NotFound, "case.not_found", "id", "7")
	if plain.Error() != "case.not_found" || plain.Unwrap() != nil {
		t.Errorf("got %q", plain)
	}
	if got := plain.Because(errors.New("no rows")).Error(); got != "case.not_found: no rows" {
		t.Errorf("got %q", got)
	}
}

// The first fault of a chain is the one that is answered; the deeper one is its cause.
func TestTheOuterFaultCounts(t *testing.T) {
	t.Parallel()
	inner := fault.New(fault.NotFound, "region.unknown")
	outer := fmt.Errorf("open: %w", fault.New(fault.Invalid, "layoff.invalid").Because(inner))
	if fault.CodeOf(outer) != "layoff.invalid" || fault.KindOf(outer) != fault.Invalid || !errors.Is(outer, inner) {
		t.Fatalf("got %s", fault.CodeOf(outer))
	}
}

// Two requests may extend one shared fault at once: neither may see the other's fields.
func TestFieldsAreNotShared(t *testing.T) {
	t.Parallel()
	shared := fault.New(fault.Invalid, "request.invalid").With(fault.FieldError{Field: "a", Code: "x"})
	left, right := shared.With(fault.FieldError{Field: "l", Code: "x"}),
		shared.With(fault.FieldError{Field: "r", Code: "x"})
	if len(shared.Fields) != 1 || left.Fields[1].Field != "l" || right.Fields[1].Field != "r" {
		t.Fatalf("got %v %v %v", shared.Fields, left.Fields, right.Fields)
	}
}

// The field of a fault stands before those that were added to it; a fault without one, and another error, name none.
func TestTheFieldsThatAnErrorNames(t *testing.T) {
	t.Parallel()
	more := fault.FieldError{Field: "b", Code: "y"}
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"another error": {errors.New("x"), nil}, "no field": {fault.New(fault.Invalid, "x"), nil},
		"its own":       {fault.New(fault.Invalid, "x").At("a"), []string{"a x"}},
		"its own first": {fault.New(fault.Invalid, "x").At("a").With(more), []string{"a x", "b y"}},
		"only others":   {fault.New(fault.Invalid, "x").With(more), []string{"b y"}},
	} {
		var got []string
		for _, f := range fault.FieldsOf(c.err) {
			got = append(got, f.Field+" "+f.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
