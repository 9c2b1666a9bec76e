package codelist

import (
	"reflect"
	"regexp"
	"strings"
)

// List is a closed list for those who treat all lists alike.
type List struct {
	Name    string // "casework.outcome"
	Type    reflect.Type
	Values  []string
	Stored  []string // those that the database keeps: all, unless the type says otherwise
	Columns []string // where it keeps them: "cases.outcome"
}

// ListOf describes the list of a type, and the columns of the database that hold its values and nothing else.
func ListOf[T Code[T]](columns ...string) List {
	var zero T
	l := List{Name: NameOf(reflect.TypeFor[T]()), Type: reflect.TypeFor[T](), Values: Texts(zero.Values()), Columns: columns}
	l.Stored = l.Values
	if some, is := any(zero).(interface{ Stored() []T }); is {
		l.Stored = Texts(some.Stored())
	}
	return l
}

// NameOf is what the list of a type is called in texts: its package and the type, "track.training_state".
func NameOf(t reflect.Type) string {
	return strings.ToLower(words.ReplaceAllString(t.String(), "${1}_${2}"))
}

// words finds where one word of a Go name ends and the next begins: trainingState, KBLIEdition.
var words = regexp.MustCompile(`([a-z0-9]|[A-Z]+)([A-Z][a-z])`)
