package v1

import (
	"reflect"
	"testing"

	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

// Whatever a service holds of the law, and whatever service it works through, is found by its type: so that a field
// that is added to a service cannot be forgotten in Under.
func TestEveryServiceComesUnderTheNewLaw(t *testing.T) {
	t.Parallel()
	law, err := lawbook.Built(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	old := servicesWithoutLaw()
	now := old.Under(law)
	want := map[reflect.Type]reflect.Value{}
	ofTypes(reflect.ValueOf(*law), want)
	ofTypes(reflect.ValueOf(*law.Programmes), want)
	ofTypes(reflect.ValueOf(now), want)
	delete(want, reflect.TypeFor[*region.Tree]()) // regions are no law
	found := 0
	services, before := reflect.ValueOf(now), reflect.ValueOf(old)
	for i := range services.NumField() {
		name := services.Type().Field(i).Name
		if outsideLaw(name) || !isService(services.Field(i)) {
			continue
		}
		n := held(t, name, services.Field(i).Elem(), want)
		if found += n; n > 0 && services.Field(i).Pointer() == before.Field(i).Pointer() {
			t.Errorf("%s is not a new one: who works with the old one would change the law on the way", name)
		}
	}
	if found < 18 {
		t.Errorf("only %d fields follow the law", found)
	}
	if old.Cases.JKP != nil || old.Tracks.Cases != nil || now.Programmes != law.Programmes {
		t.Error("the old services changed, or the programmes did not")
	}
}

// outsideLaw says which fields are no services that work under the law: it, what it is read into, and the regions.
func outsideLaw(name string) bool { return name == "Law" || name == "Programmes" || name == "Tree" }

func isService(v reflect.Value) bool {
	return v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct
}

// servicesWithoutLaw has one service of each kind, all empty.
func servicesWithoutLaw() (s Services) {
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		if isService(v.Field(i)) {
			v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
		}
	}
	return s
}

// ofTypes files the parts of a struct by their types.
func ofTypes(s reflect.Value, into map[reflect.Type]reflect.Value) {
	for i := range s.NumField() {
		if f := s.Field(i); s.Type().Field(i).IsExported() && (isService(f) || f.Kind() == reflect.Struct) {
			into[f.Type()] = f
		}
	}
}

// held counts the fields of a service that are of a wanted type, each of which must be the wanted one.
func held(t *testing.T, name string, s reflect.Value, want map[reflect.Type]reflect.Value) (found int) {
	t.Helper()
	for i := range s.NumField() {
		f, field := s.Field(i), s.Type().Field(i)
		w, known := want[f.Type()]
		switch {
		case field.Anonymous && f.Kind() == reflect.Struct:
			found += held(t, name, f, want)
		case !known || !field.IsExported():
		case isService(f):
			found++
			if f.Pointer() != w.Pointer() {
				t.Errorf("%s.%s is still the old one", name, field.Name)
			}
		default:
			found++
			if !reflect.DeepEqual(f.Interface(), w.Interface()) {
				t.Errorf("%s.%s is not the new law's", name, field.Name)
			}
		}
	}
	return found
}
