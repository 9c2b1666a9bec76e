package v1

import (
	"reflect"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/rest"
)

// jsonNames are the names of the fields of a struct.
func jsonNames(of reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		names[name] = true
	}
	return names
}

// Whatever can be stated of a worker, and of a report of a layoff, can be put right.
func TestEveryFactCanBeCorrected(t *testing.T) {
	t.Parallel()
	corrections := jsonNames(reflect.TypeOf(correctWorkerIn{}.Body))
	for name := range jsonNames(reflect.TypeFor[Worker]()) {
		if !corrections[name] {
			t.Errorf("the %s of a worker has no correction", name)
		}
	}
	body := reflect.TypeOf(correctLayoffIn{}.Body)
	corrections = jsonNames(body)
	for name := range jsonNames(reflect.TypeFor[LayoffReport]()) {
		if !corrections[name] {
			t.Errorf("the %s of a layoff has no correction", name)
		}
	}
	employer, _ := body.FieldByName("Employer")
	corrections = jsonNames(employer.Type)
	for name := range jsonNames(reflect.TypeFor[Employer]()) {
		if !corrections[name] && name != "region" { // which says who may see the layoff
			t.Errorf("the %s of an employer has no correction", name)
		}
	}
}

// A field that is left out, one that is null and one with a value are three things.
func TestAFieldIsLeftOutOrTakenAway(t *testing.T) {
	t.Parallel()
	var p rest.Patch[string]
	kept := "before"
	if replace(&kept, p); kept != "before" || p.Sent() {
		t.Error("what was left out was changed")
	}
	if err := p.UnmarshalJSON([]byte(`"after"`)); err != nil || !p.Sent() {
		t.Fatal(err)
	}
	if replace(&kept, p); kept != "after" {
		t.Error("a value was not taken")
	}
	if err := p.UnmarshalJSON([]byte("null")); err != nil {
		t.Fatal(err)
	}
	if replace(&kept, p); kept != "" {
		t.Error("null did not take it away")
	}
}
