package trackstore_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// loose takes from the tables of parts what says which values belong together: here each field has any value.
const loose = `do $$ declare c record; begin
	for c in select k.conrelid::regclass t, k.conname from pg_constraint k where k.contype in ('c', 'f', 'u')
		and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'case_id')
		and k.conrelid not in ('case_history'::regclass, 'case_worker'::regclass, 'task'::regclass) loop
		execute format('alter table %s drop constraint %I', c.t, c.conname);
	end loop;
	for c in select a.attrelid::regclass t, a.attname from pg_attribute a join pg_class k on k.oid = a.attrelid
	and k.relkind = 'r'
		where a.attnotnull and a.attnum > 0 and a.attname not in ('case_id', 'region')
		and not exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey))
		and exists (select from pg_attribute b where b.attrelid = a.attrelid and b.attname = 'case_id')
		and k.relname not in ('case_history', 'case_worker', 'task') and k.relnamespace = 'public'::regnamespace loop
		execute format('alter table %s alter column %I drop not null', c.t, c.attname);
	end loop;
end $$`

// keys are the fields that say which part it is; they never change.
func keys(part reflect.Type) []string {
	switch part {
	case reflect.TypeFor[track.Month]():
		return []string{"Claim", "N"}
	case reflect.TypeFor[track.Attendance]():
		return []string{"Training", "On"}
	}
	return []string{"ID"}
}

// set gives a field a value that no other call gives.
func set(field reflect.Value, n int) {
	switch field.Interface().(type) {
	case calendar.Date:
		field.Set(reflect.ValueOf(calendar.MustDate("2026-01-01").AddDays(n)))
		return
	case uuid.UUID:
		field.Set(reflect.ValueOf(uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n))))
		return
	case region.Code:
		field.SetString(fmt.Sprint(3200 + n%70))
		return
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(fmt.Sprint("text ", n))
	case reflect.Bool:
		field.SetBool(!field.Bool())
	default:
		field.SetInt(int64(n))
	}
}

// office is a case whose parts are written and read as they are.
type office struct {
	*storetest.Office
	id casework.ID
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Office: storetest.NewOffice(t)}
	o.id = o.OpenCase(t, "3273", 1).ID
	o.Do(t, loose)
	return o
}

func (o *office) write(t *testing.T, change func(lists reflect.Value)) {
	t.Helper()
	_, err := o.ChangeTracks(t.Context(), o.Request("", "32"), o.id, casework.AnyVersion, new(uuid.UUID),
		func(_ *casework.Case, f *track.Tracks) (casework.Event, error) {
			change(reflect.ValueOf(f).Elem())
			return casework.Event{Kind: track.TrainingAttended, OccurredOn: storetest.Today, Payload: struct{}{}}, nil
		})
	storetest.OK(t, err)
}

func (o *office) read(t *testing.T) reflect.Value {
	t.Helper()
	_, f, err := o.GetTracks(t.Context(), storetest.In("32"), o.id)
	storetest.OK(t, err)
	return reflect.ValueOf(f)
}

// listOf is the field of Tracks that holds the parts of a type.
func listOf(lists reflect.Value, part reflect.Type) reflect.Value {
	for _, field := range lists.Fields() {
		if field.Type() == reflect.SliceOf(part) {
			return field
		}
	}
	return reflect.Value{}
}

// filled is a part with something in every field.
func filled(part reflect.Type) reflect.Value {
	p := reflect.New(part).Elem()
	for i := range p.NumField() {
		set(p.Field(i), i+1)
	}
	return p
}

// Every field of every kind of part comes back as it was written; each one that changes alone is written; and what says
// that nothing is known comes back as that.
func TestEveryFieldOfEveryPartIsKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, k := range track.Kinds() {
		part := k.About().Part
		want := filled(part)
		o.write(t, func(lists reflect.Value) {
			listOf(lists, part).Set(reflect.Append(reflect.New(reflect.SliceOf(part)).Elem(), want))
		})
		check := func(what string) {
			t.Helper()
			got := listOf(o.read(t), part)
			if got.Len() != 1 || !reflect.DeepEqual(got.Index(0).Interface(), want.Interface()) {
				t.Errorf("%s: %s\n got %+v\nwant %+v", part, what, got, want)
			}
		}
		alter := func(field reflect.StructField, what string, change func(reflect.Value)) {
			t.Helper()
			change(want.FieldByIndex(field.Index))
			o.write(t, func(lists reflect.Value) { listOf(lists, part).Index(0).Set(want) })
			check(field.Name + what)
		}
		check("written")
		for field := range part.Fields() {
			if slices.Contains(keys(part), field.Name) {
				continue
			}
			alter(field, " changed", func(v reflect.Value) { set(v, 50+field.Index[0]) })
			if field.Name == "GivenOn" {
				continue // without it a month has no amount
			}
			alter(field, " is nothing", func(v reflect.Value) { v.SetZero() })
			if field.Name == "Attendance" {
				alter(field, " is not known", func(v reflect.Value) { v.SetInt(-1) })
			}
			alter(field, " again", func(v reflect.Value) { set(v, 90+field.Index[0]) })
		}
	}
}

// What a kind declares as erased, and nothing else of its parts, is emptied when its worker is erased.
func TestErasedIsWhatIsDeclared(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write(t, func(lists reflect.Value) {
		for _, k := range track.Kinds() {
			part := k.About().Part
			listOf(lists, part).Set(reflect.Append(reflect.New(reflect.SliceOf(part)).Elem(), filled(part)))
		}
	})
	before := o.read(t)
	o.Do(t, fmt.Sprintf(`do $$ begin
		perform set_config('session_replication_role', 'replica', true);
		update cases set stage = 'closed', outcome = 'placed', closed_on = current_date where id = '%s';
	end $$`, o.id))
	o.Do(t, `select erase_worker($1, $2, now())`, uuid.UUID(o.id), uuid.UUID(o.Officer))
	after := o.read(t)
	for _, k := range track.Kinds() {
		a := k.About()
		was, is := listOf(before, a.Part), listOf(after, a.Part)
		for i, field := range a.Fields {
			kept := is.Len() == 1 && was.Index(0).Field(i).Equal(is.Index(0).Field(i))
			if kept == field.Erased {
				t.Errorf("%s.%s: declared as erased %v, kept %v", a.Name, field.Name, field.Erased, kept)
			}
		}
	}
}
