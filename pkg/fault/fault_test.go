package fault_test

import (
	"errors"
	"fmt"
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
	if original.Field != "" || len(original.Fields) != 0 || original.Args["allowed"] != "x" || at.Field != "region" || len(at.Fields) != 1 {
		t.Fatalf("got %q and %q", original.Field, at.Field)
	}
}
