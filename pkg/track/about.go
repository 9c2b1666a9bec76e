package track

import (
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/measure"
)

// About is what the declaration of a kind says, without its types: for whoever goes through all kinds.
type About struct {
	Name        string
	Table       string
	Note        string
	Part        reflect.Type
	Made, Moved casework.Kind
	State       reflect.Type // closed list of the states, which the column state of the table holds; nil without states
	Initial     string
	Steps       map[string][]string
	Fields      []Field
	Task        TaskKind
	Outlasts    bool
}

// Field is a field of a part. A fact was stated by somebody, what is derived follows from other facts (Derive), all
// else was reached by the steps taken; what is erased goes with the worker when their data is erased.
type Field struct {
	Name    string
	Fact    bool
	Derived bool
	Erased  bool
}

// Declared is a kind of any types.
type Declared interface {
	About() About
	Corrects() casework.Kind
	offered
	undone
	judged
}

// offered is what a kind says of what can be done, and what is due.
type offered interface {
	making(Moment) []Doable
	moving(Moment) []Doable
	open(*Tracks) []casework.Ended
	end(Moment) error
	tasks(measure.Book, *Tracks) []Task
}

// undone is what a kind says of what was altered, and how it takes that back.
type undone interface {
	replaced(u *casework.Undo, before, after *Tracks)
	restore(*Tracks, casework.Before) error
	remove(*Tracks, casework.Ref) (public, personal casework.Before)
	pointing(*Tracks, uuid.UUID) (casework.Ref, bool)
}

// judged is what a kind says of parts after another fact was altered.
type judged interface {
	followed(before, after *Tracks) []casework.Consequence
	stillHold(t *Tracks, was, now *casework.Case, r Rules) error
	judgeBack(m Moment, before *Tracks, id uuid.UUID) error
}

// About tells what is declared.
func (k *Kind[P, S, X]) About() About {
	a := About{Name: k.Name, Table: k.Table, Note: k.Note, Part: reflect.TypeFor[P](), Made: k.Made, Moved: k.Moved,
		Initial: string(k.Initial), Task: k.Task, Outlasts: k.Outlasts, Fields: fieldsOf(reflect.TypeFor[P]())}
	if k.State != nil {
		a.State = reflect.TypeFor[S]()
	}
	if len(k.Steps) == 0 {
		return a
	}
	a.Steps = make(map[string][]string, len(k.Steps))
	for from := range k.Steps {
		next := []string{}
		for _, to := range slices.Concat(k.Steps[from], k.Own[from]) {
			next = append(next, string(to))
		}
		a.Steps[string(from)] = next
	}
	return a
}

// fieldsOf reads the part tags of a struct: fact or derived, and erased.
func fieldsOf(part reflect.Type) []Field {
	fields := make([]Field, part.NumField())
	for i := range fields {
		marks := strings.Split(part.Field(i).Tag.Get("part"), ",")
		fields[i] = Field{Name: part.Field(i).Name, Fact: slices.Contains(marks, "fact"),
			Derived: slices.Contains(marks, "derived"), Erased: slices.Contains(marks, "erased")}
	}
	return fields
}

func (k *Kind[P, S, X]) tasks(m measure.Book, t *Tracks) (list []Task) {
	if k.Due == nil {
		return nil
	}
	parts := *List[P](t)
	for i := range parts {
		if due := k.Due(m, t, i); !due.IsZero() {
			list = append(list, Task{k.Task, *k.ID(&parts[i]), due})
		}
	}
	return list
}

// MovedKinds are the history entries that say when a part moved.
func MovedKinds() (kinds []casework.Kind) {
	for _, k := range Kinds() {
		if moved := k.About().Moved; moved != "" {
			kinds = append(kinds, moved)
		}
	}
	return kinds
}

// LastingTasks are the kinds of tasks that are to be done in a closed case, too.
func LastingTasks() (kinds []TaskKind) {
	for _, k := range Kinds() {
		if a := k.About(); a.Outlasts {
			kinds = append(kinds, a.Task)
		}
	}
	return kinds
}

// PassingTasks are the kinds of tasks that end with the case.
func PassingTasks() (kinds []TaskKind) {
	for _, k := range Kinds() {
		if a := k.About(); a.Task != "" && !a.Outlasts {
			kinds = append(kinds, a.Task)
		}
	}
	return kinds
}
