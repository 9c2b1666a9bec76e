package track

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
)

// Clone copies the lists, so that a change of one does not reach the other.
func (t *Tracks) Clone() Tracks {
	c := *t
	for _, field := range reflect.ValueOf(&c).Elem().Fields() {
		if field.Kind() == reflect.Slice {
			field.Set(reflect.AppendSlice(reflect.MakeSlice(field.Type(), 0, field.Len()), field))
		}
	}
	return c
}

// Replaced adds what a change of the tracks replaced: the parts that it made, and the facts that it altered.
func Replaced(u *casework.Undo, before, after *Tracks) {
	for _, k := range Kinds() {
		k.replaced(u, before, after)
	}
}

func (k *Kind[P, S, X]) replaced(u *casework.Undo, before, after *Tracks) {
	old, now := *List[P](before), *List[P](after)
	for i := range now {
		if i < len(old) && any(old[i]) == any(now[i]) {
			continue
		}
		ref := casework.Ref{Part: k.Name, ID: *k.ID(&now[i])}
		was := k.in(before, ref.ID)
		if was == nil {
			u.Made = append(u.Made, ref)
			continue
		}
		public, personal := valuesOf(reflect.ValueOf(was).Elem(), reflect.ValueOf(&now[i]).Elem())
		if public != nil {
			u.Set = append(u.Set, casework.Before{Ref: ref, Was: public})
		}
		if personal != nil {
			u.Personal = append(u.Personal, casework.Before{Ref: ref, Was: personal})
		}
	}
}

// valuesOf are the facts of a part that differ from those of another, or all of them beside none. A personal value that
// is not there is no secret.
func valuesOf(part, other reflect.Value) (public, personal map[string]json.RawMessage) {
	for i, f := range fieldsOf(part.Type()) {
		value := part.Field(i)
		if f.Derived || f.Name == "ID" || other.IsValid() && value.Equal(other.Field(i)) {
			continue
		}
		into := &public
		if f.Erased && !value.IsZero() {
			into = &personal
		}
		if *into == nil {
			*into = map[string]json.RawMessage{}
		}
		(*into)[f.Name], _ = json.Marshal(value.Interface()) // texts, days, numbers and ids always have a JSON form
	}
	return public, personal
}

// Restore applies the inverse of what an entry did: parts that it made go, and facts that it altered are what they
// were. It gives what stood in the parts that are gone, what is personal apart.
func (t *Tracks) Restore(u casework.Undo) (public, personal []casework.Before, err error) {
	for _, b := range slices.Concat(u.Set, u.Personal) {
		if err := kindOf(b.Part).restore(t, b); err != nil {
			return nil, nil, err
		}
	}
	for _, ref := range u.Made {
		gone, secret := kindOf(ref.Part).remove(t, ref)
		public, personal = append(public, gone), append(personal, secret)
	}
	return public, personal, nil
}

// kindOf is the kind of a name; what a later release may have called otherwise is none.
func kindOf(name string) Declared {
	for _, k := range Kinds() {
		if k.About().Name == name {
			return k
		}
	}
	return nil
}

func (k *Kind[P, S, X]) restore(t *Tracks, b casework.Before) error {
	p := k.in(t, b.ID)
	if p == nil {
		return fmt.Errorf("restore %s %s: it is not there", k.Name, b.ID)
	}
	for name, was := range b.Was {
		field := reflect.ValueOf(p).Elem().FieldByName(name)
		if !field.IsValid() {
			return fmt.Errorf("restore %s %s: no field %s", k.Name, b.ID, name)
		}
		if err := json.Unmarshal(was, field.Addr().Interface()); err != nil {
			return fmt.Errorf("restore %s of %s %s: %w", name, k.Name, b.ID, err)
		}
	}
	return nil
}

func (k *Kind[P, S, X]) remove(t *Tracks, ref casework.Ref) (public, personal casework.Before) {
	list := List[P](t)
	i := slices.IndexFunc(*list, func(p P) bool { return *k.ID(&p) == ref.ID })
	if i < 0 {
		return casework.Before{Ref: ref}, casework.Before{Ref: ref}
	}
	public, personal = casework.Before{Ref: ref}, casework.Before{Ref: ref}
	public.Was, personal.Was = valuesOf(reflect.ValueOf(&(*list)[i]).Elem(), reflect.Value{})
	*list = slices.Delete(*list, i, i+1)
	return public, personal
}

// pointing is a part that names the id of another one.
func (t *Tracks) pointing(id uuid.UUID) (ref casework.Ref, found bool) {
	for _, k := range Kinds() {
		if ref, found = k.pointing(t, id); found {
			return ref, true
		}
	}
	return ref, false
}

func (k *Kind[P, S, X]) pointing(t *Tracks, id uuid.UUID) (ref casework.Ref, found bool) {
	for i := range *List[P](t) {
		p := &(*List[P](t))[i]
		own := *k.ID(p)
		for _, field := range reflect.ValueOf(p).Elem().Fields() {
			if value, is := field.Interface().(uuid.UUID); is && value == id && own != id {
				return casework.Ref{Part: k.Name, ID: own}, true
			}
		}
	}
	return ref, false
}
