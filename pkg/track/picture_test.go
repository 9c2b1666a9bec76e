package track_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/track"
)

var update = flag.Bool("update", false, "write the picture anew")

// picture draws a kind: a line for each state that something follows, the first one first.
func picture(a track.About) (lines []string) {
	name := a.Name
	if a.Note != "" {
		defer func() { lines[len(lines)-1] += "     (" + a.Note + ")" }()
	}
	if len(a.Steps) == 0 {
		return []string{fmt.Sprintf("//\t%-15s recorded", name)}
	}
	for _, state := range fromInitial(a) {
		next := a.Steps[state]
		if len(next) == 0 {
			continue
		}
		if state == "" {
			state = "at first"
		}
		lines = append(lines, fmt.Sprintf("//\t%-15s %s ─► %s", name, state, strings.Join(next, ", ")))
		name = ""
	}
	return lines
}

// fromInitial lists the states as they are reached.
func fromInitial(a track.About) []string {
	states := []string{a.Initial}
	for i := 0; i < len(states); i++ {
		for _, next := range a.Steps[states[i]] {
			if !slices.Contains(states, next) {
				states = append(states, next)
			}
		}
	}
	return states
}

func TestThePictureIsWhatIsDeclared(t *testing.T) {
	const begin, end = "declared once, as a Kind:\n//\n", "//\n// A part changes only"
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), begin)
	_, after, found := strings.Cut("\n"+rest, "\n"+end)
	if !found {
		t.Fatal("doc.go has no place for the picture")
	}
	var lines []string
	for _, k := range track.Kinds() {
		lines = append(lines, picture(k.About())...)
	}
	drawn := before + begin + strings.Join(lines, "\n") + "\n" + end + after
	if *update {
		err = os.WriteFile("doc.go", []byte(drawn), 0o600)
	} else if drawn != string(text) {
		t.Errorf("doc.go shows another picture than the declarations; run go generate ./pkg/track")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Every variable that holds a Kind is in the generated list, and every list of Tracks has its kind.
func TestEveryDeclaredKindIsListed(t *testing.T) {
	t.Parallel()
	declared := 0
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, is := n.(*ast.CompositeLit); is {
				if of, is := lit.Type.(*ast.IndexListExpr); is {
					if name, is := of.X.(*ast.Ident); is && name.Name == "Kind" {
						declared++
					}
				}
			}
			return true
		})
	}
	lists := map[reflect.Type]bool{}
	for f := range reflect.TypeFor[track.Tracks]().Fields() {
		if f.Type.Kind() == reflect.Slice && f.Type.Elem() != reflect.TypeFor[track.Elsewhere]() {
			lists[f.Type.Elem()] = true
		}
	}
	names := map[string]bool{}
	for _, k := range track.Kinds() {
		a := k.About()
		if !lists[a.Part] || names[a.Name] || a.Name == "" {
			t.Errorf("%s of %s: has no list, or a name that another kind has", a.Name, a.Part)
		}
		names[a.Name] = true
	}
	if declared != len(names) || declared != len(lists) || declared < 15 {
		t.Errorf("%d kinds are declared, %d listed, %d have a list; run go generate ./pkg/track", declared, len(names),
			len(lists))
	}
}

// A lifecycle says of every state what follows it, and of nothing else.
func TestEveryStateStandsInItsLifecycle(t *testing.T) {
	t.Parallel()
	for _, k := range track.Kinds() {
		a := k.About()
		state, has := a.Part.FieldByName("State")
		if has != (len(a.Steps) > 0) {
			t.Errorf("%s: a state without a lifecycle, or the other way round", a.Name)
		}
		if !has {
			continue
		}
		values := codelist.Of(state.Type)
		for _, from := range values {
			// What is never kept, and what the case says of a worker without a claim, are no states of a part.
			if _, drawn := a.Steps[from]; !drawn && from != "lapsed" && from != "none" {
				t.Errorf("%s: nothing is said of what follows %s", a.Name, from)
			}
		}
		for from, next := range a.Steps {
			for _, to := range append(next, from) {
				if to != "" && !slices.Contains(values, to) {
					t.Errorf("%s: %s is no state", a.Name, to)
				}
			}
		}
		if reached := fromInitial(a); len(reached) != len(a.Steps) {
			t.Errorf("%s: only %v can be reached", a.Name, reached)
		}
	}
}

// A field says that it is a fact, derived, or erased in these words, and at least one of a kind is a fact. Ids and
// states are never erased.
func TestTheMarksOfFields(t *testing.T) {
	t.Parallel()
	for _, k := range track.Kinds() {
		a := k.About()
		facts := 0
		for i, f := range a.Fields {
			tag := a.Part.Field(i).Tag.Get("part")
			if !slices.Contains([]string{"", "fact", "derived", "erased", "fact,erased"}, tag) {
				t.Errorf("%s.%s: nobody knows what %q is", a.Name, f.Name, tag)
			}
			if f.Fact {
				facts++
			}
			if (f.Name == "ID" || f.Name == "State" || a.Part.Field(i).Type == reflect.TypeFor[uuid.UUID]()) && f.Erased {
				t.Errorf("%s.%s would be erased", a.Name, f.Name)
			}
		}
		if facts == 0 {
			t.Errorf("%s states nothing", a.Name)
		}
	}
}

// A task belongs to one kind of part, and each kind of task but those of the case itself to a kind.
func TestEveryTaskHasItsKind(t *testing.T) {
	t.Parallel()
	seen := map[track.TaskKind]string{track.TaskDeadline: "case", track.TaskFollowUp: "case", track.TaskMonth: "case",
		track.TaskPayment: "claim.month", track.TaskDecision: "claim", track.TaskErasure: "erasure"}
	for _, k := range track.Kinds() {
		a := k.About()
		if a.Task == "" {
			continue
		}
		if other := seen[a.Task]; other != "" {
			t.Errorf("%s belongs to %s and to %s", a.Task, other, a.Name)
		}
		seen[a.Task] = a.Name
	}
	for _, kind := range track.TaskKind("").Values() {
		if seen[kind] == "" {
			t.Errorf("%s belongs to nothing", kind)
		}
	}
	if len(seen) != len(track.TaskKind("").Values()) {
		t.Errorf("%v are not all listed", seen)
	}
}
