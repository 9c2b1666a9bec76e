package trackstore

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
	"github.com/tanggap/tanggap/pkg/track"
)

// table is how a kind of part is kept. GORM makes both statements from the tags of its row, once; the batches of the
// one hot transaction send them with the values of the part, which is the same struct but for the tags.
type table[P comparable] struct {
	load    string // the parts of one case
	save    string // adds a part, or writes every column of one that is there
	columns []column
	gone    string // deletes a part that was voided
	rows    *rowsum.Table
	// also writes what else follows from a part that is new (before is nil), altered, or gone (now is nil).
	also func(b *pgx.Batch, before, now *P)
}

// owned is a row with the case that it belongs to.
type owned[R any] struct {
	CaseID uuid.UUID `gorm:"column:case_id"`
	Region string    `gorm:"column:region"`
	Row    R         `gorm:"embedded"`
}

// builder makes the statements of all tables, once.
var builder = store.DryRun()

// tableOf makes the table of the parts P from the row R. Order is that of the parts of a case.
func tableOf[P comparable, R any](order string) *table[P] {
	if row := reflect.TypeFor[R](); !row.ConvertibleTo(reflect.TypeFor[P]()) {
		panic(fmt.Sprintf("%s does not have the fields of %s", row, reflect.TypeFor[P]()))
	}
	name := nameOf(reflect.TypeFor[P]())
	t := &table[P]{}
	key, others := t.read(builder.Table(name).Create(&owned[R]{}).Statement)
	t.save = builder.Table(name).Clauses(clause.OnConflict{Columns: key, DoUpdates: clause.AssignmentColumns(others)}).
		Create(&owned[R]{}).Statement.SQL.String()
	t.gone = "delete from " + name + " where case_id = $1"
	t.rows = rowsum.Named(name)
	for i, k := range key {
		if k.Name != "case_id" {
			t.gone += fmt.Sprintf(" and %s = $%d", k.Name, i+2)
		}
	}
	t.load = builder.Table(name).Select(t.names()).Where("case_id = ?", uuid.Nil).Order(order).
		Find(&[]R{}).Statement.SQL.String()
	return t
}

func nameOf(part reflect.Type) string {
	for _, k := range track.Kinds() {
		if a := k.About(); a.Part == part {
			return a.Table
		}
	}
	panic("no kind has parts of " + part.Name())
}

// read takes the columns from an insert, in its order. A part whose row has no key of its own is one to a case.
func (t *table[P]) read(insert *gorm.Statement) (key []clause.Column, others []string) {
	values, _ := insert.Clauses["VALUES"].Expression.(clause.Values)
	for _, c := range values.Columns {
		field := insert.Schema.LookUpField(c.Name)
		switch {
		case c.Name == "case_id" || c.Name == "region":
			continue
		case field.PrimaryKey:
			key = append(key, clause.Column{Name: c.Name})
		default:
			others = append(others, c.Name)
		}
		t.columns = append(t.columns, columnOf[P](field))
	}
	if key == nil {
		key = []clause.Column{{Name: "case_id"}}
	}
	return key, others
}

func (t *table[P]) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// of lists the columns for a statement that calls the table by another name.
func (t *table[P]) of(alias string) string {
	return alias + "." + strings.Join(t.names(), ", "+alias+".")
}

// scan reads the columns, and whatever columns follow them.
func (t *table[P]) scan(row pgx.CollectableRow, more ...any) (p P, err error) {
	part := reflect.ValueOf(&p).Elem()
	places := make([]any, len(t.columns), len(t.columns)+len(more))
	for i, c := range t.columns {
		places[i] = c.place(part)
	}
	err = row.Scan(append(places, more...)...)
	return p, err
}

func (t *table[P]) values(c *casework.Case, p *P) []any {
	part := reflect.ValueOf(p).Elem()
	values := append(make([]any, 0, len(t.columns)+2), uuid.UUID(c.ID), string(c.Region))
	for _, c := range t.columns {
		values = append(values, c.value(part))
	}
	return values
}

func (t *table[P]) bind(f *track.Tracks) binding { return &parted[P]{table: t, now: track.List[P](f)} }

// parted is a table with the parts of one case in it.
type parted[P comparable] struct {
	*table[P]
	now    *[]P
	before []P
}

func (b *parted[P]) QueueLoad(batch *pgx.Batch, id casework.ID) { batch.Queue(b.load, uuid.UUID(id)) }

func (b *parted[P]) read(r pgx.BatchResults) error {
	rows, err := r.Query()
	if err != nil {
		return err
	}
	*b.now, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (P, error) { return b.scan(row) })
	b.before = slices.Clone(*b.now)
	return err
}

// queueSave writes the parts that are new or altered.
func (b *parted[P]) QueueSave(batch *pgx.Batch, c *casework.Case) {
	for i := range *b.now {
		now := &(*b.now)[i]
		before := b.was(i)
		if before != nil && *before == *now {
			continue
		}
		if b.also != nil {
			b.also(batch, before, now)
		}
		batch.Queue(b.save, b.values(c, now)...)
	}
}

// was is what the part of a place was before; nil when it is new.
func (b *parted[P]) was(i int) *P {
	now := &(*b.now)[i]
	if i < len(b.before) && b.same(&b.before[i], now) {
		return &b.before[i]
	}
	for j := range b.before {
		if b.same(&b.before[j], now) {
			return &b.before[j]
		}
	}
	return nil
}

// key are the values that tell which part of the case it is.
func (t *table[P]) key(p *P) (values []any) {
	for _, c := range t.columns {
		if c.key {
			values = append(values, c.value(reflect.ValueOf(p).Elem()))
		}
	}
	return values
}

// same tells whether two are one part of the case, before and after a change.
func (t *table[P]) same(a, b *P) bool {
	one, other := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	return !slices.ContainsFunc(t.columns, func(c column) bool { return c.key && !c.field(one).Equal(c.field(other)) })
}

// row is a part as a row, its columns in the order of the table's.
func (t *table[P]) row(c *casework.Case, p *P) [][]byte {
	row, part := make([][]byte, len(t.rows.Columns)), reflect.ValueOf(p).Elem()
	for i, name := range t.rows.Columns {
		switch name {
		case "case_id":
			row[i] = rowsum.Text(uuid.UUID(c.ID))
		case "region":
			row[i] = rowsum.Text(string(c.Region))
		default:
			row[i] = rowsum.Text(t.columns[t.place(name)].value(part))
		}
	}
	return row
}

func (t *table[P]) place(name string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
}

// queueGone deletes the parts that are there no more. Nothing but a void takes one away.
func (b *parted[P]) queueGone(batch *pgx.Batch, c *casework.Case) {
	if len(*b.now) >= len(b.before) {
		return
	}
	for before := range b.left() {
		if b.also != nil {
			b.also(batch, before, nil)
		}
		batch.Queue(b.gone, append([]any{uuid.UUID(c.ID)}, b.key(before)...)...)
	}
}

// left are the parts that are there no more.
func (b *parted[P]) left() iter.Seq[*P] {
	return func(yield func(*P) bool) {
		for i := range b.before {
			before := &b.before[i]
			stays := slices.ContainsFunc(*b.now, func(p P) bool { return b.same(&p, before) })
			if !stays && !yield(before) {
				return
			}
		}
	}
}

// step says what QueueSave and queueGone do to the rows.
func (b *parted[P]) step(a *rowsum.Adder, sum *rowsum.Sum, c *casework.Case) {
	for i := range *b.now {
		now, before := &(*b.now)[i], b.was(i)
		if before != nil && *before == *now {
			continue
		}
		if before == nil {
			a.Add(sum, b.rows, b.row(c, now))
			continue
		}
		a.Change(sum, b.rows, b.row(c, before), b.row(c, now))
	}
	if len(*b.now) >= len(b.before) {
		return
	}
	for before := range b.left() {
		a.Take(sum, b.rows, b.row(c, before))
	}
}

// quoted is a list of codes of ours in a statement.
func quoted[T ~string](codes []T) string {
	list := make([]string, len(codes))
	for i, code := range codes {
		list[i] = store.Quote(string(code))
	}
	return strings.Join(list, ", ")
}
