package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

// ArrayText writes ids as the text of a PostgreSQL array, for statements without parameters.
func ArrayText(ids []uuid.UUID) string {
	b := make([]byte, 1, 2+37*len(ids))
	b[0] = '{'
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		text, _ := id.MarshalText() // never fails
		b = append(b, text...)
	}
	return string(append(b, '}'))
}

// DateOf is the civil date in a column; the zero Date when there is none.
func DateOf(d pgtype.Date) calendar.Date {
	if !d.Valid {
		return calendar.Date{}
	}
	return calendar.FromTime(d.Time)
}

// Null is null for the zero value.
func Null[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// NotNull is the value of a column that may be null, the zero value for null.
func NotNull[T any](v *T) (value T) {
	if v != nil {
		value = *v
	}
	return value
}

// JSON is a column with the JSON text of a value.
type JSON[T any] struct{ V T }

// Scan reads the text; null leaves the zero value.
func (j *JSON[T]) Scan(src any) error {
	switch text := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(text), &j.V)
	case []byte:
		return json.Unmarshal(text, &j.V)
	}
	return fmt.Errorf("a column of JSON holds a %T", src)
}

// Value gives the text.
func (j JSON[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(j.V)
	return string(text), err
}

// GormDataType says that GORM need not look into the value.
func (JSON[T]) GormDataType() string { return "text" }

// NullText is null for the empty text.
func NullText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// NullID is null for the zero id.
func NullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// NullDate is null for the zero date.
func NullDate(d calendar.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := d.Time()
	return &t
}

// CodesText is region codes as an array parameter.
func CodesText(codes []region.Code) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = string(code)
	}
	return out
}
