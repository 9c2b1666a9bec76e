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
func ListOf[T Code[T]](columns ...string) List { return ListOfType(reflect.TypeFor[T](), columns...) }

// ListOfType is ListOf for a type that only the program as it runs knows.
func ListOfType(t reflect.Type, columns ...string) List {
	l := List{Name: NameOf(t), Type: t, Values: Of(t), Stored: given(t, "Stored"), Columns: columns}
	if l.Stored == nil {
		l.Stored = l.Values
	}
	return l
}

// NameOf is what the list of a type is called in texts: its package and the type, "track.training_state".
func NameOf(t reflect.Type) string {
	return strings.ToLower(words.ReplaceAllString(t.String(), "${1}_${2}"))
}

// words finds where one word of a Go name ends and the next begins: trainingState, KBLIEdition.
var words = regexp.MustCompile(`([a-z0-9]|[A-Z]+)([A-Z][a-z])`)
