package trackstore

import (
	"reflect"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"gorm.io/gorm/schema"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/store"
)

// column is a field of a part under its name in the database.
type column struct {
	name  string
	key   bool // tells which part of the case it is
	field func(part reflect.Value) reflect.Value
	value func(part reflect.Value) any
	place func(part reflect.Value) any // where the column of a result is read to
}

// columnOf is the column of a field. Null are dates and ids that are not there, the number in the tag "unknown", and
// what has the tag "with" where the field named in it is not there.
func columnOf[P any](of *schema.Field) column {
	part := reflect.TypeFor[P]()
	f, _ := part.FieldByName(of.Name)
	field := func(p reflect.Value) reflect.Value { return p.FieldByIndex(f.Index) }
	c := column{name: of.DBName, key: of.PrimaryKey, field: field}
	switch {
	case f.Type == reflect.TypeFor[calendar.Date]():
		c.value = func(p reflect.Value) any { return store.NullDate(*at[calendar.Date](field(p))) }
		c.place = func(p reflect.Value) any { return (*datePlace)(at[calendar.Date](field(p))) }
	case f.Type == reflect.TypeFor[uuid.UUID]():
		c.value = func(p reflect.Value) any { return store.NullID(*at[uuid.UUID](field(p))) }
		c.place = func(p reflect.Value) any { return (*idPlace)(at[uuid.UUID](field(p))) }
	case f.Type.Kind() == reflect.String:
		c.value = func(p reflect.Value) any { return field(p).String() }
		c.place = func(p reflect.Value) any { return at[string](field(p)) }
	case f.Type.Kind() == reflect.Bool:
		c.value = func(p reflect.Value) any { return field(p).Bool() }
		c.place = func(p reflect.Value) any { return at[bool](field(p)) }
	case f.Type.Kind() == reflect.Int || f.Type.Kind() == reflect.Int64:
		c.number(of, part, field)
	default:
		panic("no column can hold " + part.Name() + "." + f.Name)
	}
	return c
}

func (c *column) number(of *schema.Field, part reflect.Type, field func(reflect.Value) reflect.Value) {
	none := int64(0)
	absent := func(reflect.Value) bool { return false }
	if text, tagged := of.TagSettings["UNKNOWN"]; tagged {
		none, _ = strconv.ParseInt(text, 10, 64)
		absent = func(p reflect.Value) bool { return field(p).Int() == none }
	}
	if name, tagged := of.TagSettings["WITH"]; tagged {
		other, _ := part.FieldByName(name)
		absent = func(p reflect.Value) bool { return p.FieldByIndex(other.Index).IsZero() }
	}
	c.value = func(p reflect.Value) any {
		if absent(p) {
			return nil
		}
		return field(p).Int()
	}
	c.place = func(p reflect.Value) any { return numberPlace{field(p), none} }
}

// at is the address of a field as a pointer to what its type is made of.
func at[T any](field reflect.Value) *T {
	p, _ := field.Addr().Convert(reflect.TypeFor[*T]()).Interface().(*T)
	return p
}

// A place takes null for nothing.
type (
	datePlace   calendar.Date
	idPlace     uuid.UUID
	numberPlace struct {
		field reflect.Value
		none  int64
	}
)

// ScanDate implements pgtype.DateScanner.
func (p *datePlace) ScanDate(d pgtype.Date) error {
	*p = datePlace(store.DateOf(d))
	return nil
}

// ScanUUID implements pgtype.UUIDScanner.
func (p *idPlace) ScanUUID(id pgtype.UUID) error {
	*p = id.Bytes // zero where it is null
	return nil
}

// ScanInt64 implements pgtype.Int64Scanner.
func (p numberPlace) ScanInt64(n pgtype.Int8) error {
	if !n.Valid {
		n.Int64 = p.none
	}
	p.field.SetInt(n.Int64)
	return nil
}
