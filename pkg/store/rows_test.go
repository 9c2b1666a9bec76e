package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// caseRow is some columns of a case.
type caseRow struct {
	ID       uuid.UUID     `gorm:"column:id;primaryKey"`
	Region   region.Code   `gorm:"column:region"`
	OpenedOn calendar.Date `gorm:"column:opened_on"`
	ClosedOn calendar.Date `gorm:"column:closed_on"`
	LayoffID *uuid.UUID    `gorm:"column:layoff_id"`
}

func (caseRow) TableName() string { return "cases" }

func TestAScopeReadsItsOwnRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	inside, outside := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3578", 2)
	all := store.From[caseRow]().Order("id")
	for what, c := range map[string]struct {
		from store.Reader
		want []region.Code
	}{
		"a regency":  {b.Inside(storetest.In("3273")), []region.Code{"3273"}},
		"a province": {b.Inside(storetest.In("35")), []region.Code{"3578"}},
		"two":        {b.Inside(storetest.In("35", "3273")), []region.Code{"3273", "3578"}},
		"another":    {b.Inside(storetest.In("11")), nil},
		"nobody's":   {b.Inside(authz.Scope{}), nil},
		"no scope":   {b.Pool, nil}, // and none is left on a connection by those before
	} {
		got, err := store.Find(t.Context(), c.from, all, store.Itself)
		storetest.OK(t, err)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v", what, got)
			continue
		}
		for i := range got {
			if got[i].Region != c.want[i] || got[i].OpenedOn != calendar.MustDate("2026-11-01") ||
				!got[i].ClosedOn.IsZero() || got[i].LayoffID != nil {
				t.Errorf("%s: got %+v", what, got[i])
			}
		}
	}
	missing := errors.New("not here")
	one := func(id uuid.UUID) error {
		_, err := store.Take(t.Context(), b.Inside(storetest.In("3273")), store.From[caseRow]().Where("id = ?", id), missing,
			store.Itself)
		return err
	}
	if err := one(uuid.UUID(inside.ID)); err != nil {
		t.Error(err)
	}
	if err := one(uuid.UUID(outside.ID)); !errors.Is(err, missing) {
		t.Errorf("got %v", err)
	}
}

// fairRow is a job fair.
type fairRow struct {
	ID        uuid.UUID     `gorm:"column:id;primaryKey"`
	Region    region.Code   `gorm:"column:region"`
	Name      string        `gorm:"column:name"`
	Venue     string        `gorm:"column:venue"`
	HeldOn    calendar.Date `gorm:"column:held_on"`
	CreatedBy uuid.UUID     `gorm:"column:created_by"`
}

func (fairRow) TableName() string { return "job_fair" }

// What GORM makes is sent in the transaction at hand: it is there for the statements after it, and gone with it.
func TestAChangeBelongsToItsTransaction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	row := fairRow{ID: uuid.New(), Region: "3273", Name: "Bursa", Venue: "Aula", HeldOn: storetest.Today,
		CreatedBy: uuid.UUID(b.Officer)}
	find := store.From[fairRow]().Where("id = ?", row.ID)
	tx, err := b.Pool.Begin(t.Context())
	storetest.OK(t, err)
	storetest.OK(t, store.On[fairRow](tx).Create(t.Context(), &row))
	if got, err := store.Find(t.Context(), tx, find, store.Itself); err != nil || len(got) != 1 || got[0] != row {
		t.Errorf("within: %+v, %v", got, err)
	}
	if got, err := store.Find(t.Context(), b.Pool, find, store.Itself); err != nil || len(got) != 0 {
		t.Errorf("beside: %+v, %v", got, err)
	}
	storetest.OK(t, tx.Rollback(t.Context()))
	if got, err := store.Find(t.Context(), b.Pool, find, store.Itself); err != nil || len(got) != 0 {
		t.Errorf("after: %+v, %v", got, err)
	}
}

// How many rows a change met is told, and what the database refuses keeps its name.
func TestAChangeTellsItsRowsAndItsRefusal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	row := fairRow{ID: uuid.New(), Region: "3273", Name: "Bursa", Venue: "Aula", HeldOn: storetest.Today,
		CreatedBy: uuid.UUID(b.Officer)}
	result := gorm.WithResult()
	storetest.OK(t, store.On[fairRow](b.Pool, result).Create(t.Context(), &row))
	if result.RowsAffected != 1 {
		t.Errorf("%d rows are made", result.RowsAffected)
	}
	row.ID, row.Region = uuid.New(), "3299"
	if err := store.Translate(store.On[fairRow](b.Pool).Create(t.Context(), &row)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	if n, err := store.On[statusRow](b.Pool).Where("id = ?", uuid.New()).Update(t.Context(), "attempts", 1); err != nil ||
		n != 0 {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, err := store.On[statusRow](b.Pool).Update(t.Context(), "attempts", 1); !errors.Is(err,
		gorm.ErrMissingWhereClause) {
		t.Errorf("a change of every row: %v", err)
	}
}

type statusRow struct {
	ID       uuid.UUID `gorm:"column:id;primaryKey"`
	Attempts int       `gorm:"column:attempts"`
}

func (statusRow) TableName() string { return "matching" }

// A statement that nothing sends must not look like one that was.
func TestAStatementThatIsNotSentIsAnError(t *testing.T) {
	t.Parallel()
	if err := store.From[fairRow]().Create(t.Context(), &fairRow{}); err == nil {
		t.Error("a row is made without a database")
	}
	if _, err := store.From[fairRow]().Where("true").Delete(t.Context()); err == nil {
		t.Error("rows are deleted without a database")
	}
	if _, err := store.From[fairRow]().Where("true").Set(store.Set("name", "")).Update(t.Context()); err == nil {
		t.Error("rows are changed without a database")
	}
}

// A statement can be the start of several, and none of them changes it.
func TestAStatementIsTheStartOfSeveral(t *testing.T) {
	t.Parallel()
	start := store.From[fairRow]().Where("region = ?", "3273").Order("id")
	first, args := store.Statement(start.Where("name = ?", "a").Limit(1))
	_, _ = store.Statement(start.Where("venue = ?", "b").Limit(2))
	if again, argsAgain := store.Statement(start.Where("name = ?", "a").Limit(1)); again != first ||
		!slices.Equal(args, argsAgain) {
		t.Errorf("got %s %v and then %s %v", first, args, again, argsAgain)
	}
}

func TestColumnsAreNamedAfterTheRow(t *testing.T) {
	t.Parallel()
	if got, want := store.Columns[statusRow]("m"), "m.id, m.attempts"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestNullStandsForTheZeroValue(t *testing.T) {
	t.Parallel()
	if store.Null("") != nil || store.Null(0) != nil || store.Null(uuid.Nil) != nil {
		t.Error("a zero value is kept")
	}
	id := uuid.New()
	if got := store.Null(id); got == nil || *got != id || store.NotNull(got) != id {
		t.Error("a value is lost")
	}
	if store.NotNull[string](nil) != "" || store.NotNull(new(3)) != 3 {
		t.Error("a column is misread")
	}
}

func TestAColumnOfJSONHoldsAValue(t *testing.T) {
	t.Parallel()
	type thing struct{ A, B int }
	text, err := store.JSON[thing]{V: thing{1, 2}}.Value()
	if err != nil || text != `{"A":1,"B":2}` {
		t.Errorf("got %v, %v", text, err)
	}
	var j store.JSON[thing]
	for _, src := range []any{text, []byte(`{"A":1,"B":2}`), nil} { // null leaves what is there: at first, nothing
		if err := j.Scan(src); err != nil || j.V != (thing{1, 2}) {
			t.Errorf("%v: got %+v, %v", src, j.V, err)
		}
	}
	for _, src := range []any{"{", `{"A":"x"}`, 7} {
		if err := j.Scan(src); err == nil {
			t.Errorf("%v is taken for a thing", src)
		}
	}
}
