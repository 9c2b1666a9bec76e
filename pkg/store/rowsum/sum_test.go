package rowsum_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

var key = rowsum.Key("a key of the test")

// rows draws rows of claim, some values of which are null.
func rows(t *rapid.T) [][][]byte {
	width := len(rowsum.Named("claim").Columns)
	value := rapid.Custom(func(t *rapid.T) []byte {
		if rapid.Bool().Draw(t, "null") {
			return nil
		}
		return append([]byte{}, rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "value")...)
	})
	return rapid.SliceOfN(rapid.SliceOfN(value, width, width), 1, 4).Draw(t, "rows")
}

func sumOf(list [][][]byte) *rowsum.Sum {
	s, a := &rowsum.Sum{}, rowsum.NewAdder(key)
	for _, row := range list {
		a.Add(s, rowsum.Named("claim"), row)
	}
	return s
}

// A sum is that of its rows in any order; what is taken away again was never there, and a change is the one row in the
// place of the other.
func TestASumIsThatOfItsRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, more := rows(t), rows(t)
		turned := slices.Clone(list)
		slices.Reverse(turned)
		if !sumOf(list).Equal(sumOf(turned)) {
			t.Fatal("the order tells")
		}
		both := sumOf(list)
		both.Plus(sumOf(more))
		if !both.Equal(sumOf(slices.Concat(list, more))) {
			t.Fatal("two sums are not the sum of both")
		}
		if both.Minus(sumOf(more)); !both.Equal(sumOf(list)) {
			t.Fatal("what was taken away left something")
		}
		changed := sumOf(list)
		next := append([][]byte{}, list[0]...)
		next[len(next)-1] = []byte("another value")
		rowsum.NewAdder(key).Change(changed, rowsum.Named("claim"), list[0], next)
		if !changed.Equal(sumOf(append([][][]byte{next}, list[1:]...))) {
			t.Fatal("a change is not the row after it")
		}
	})
}

// No other value gives the same sum, null and empty are two, and neither a column nor a table can be taken for another.
func TestAnotherValueIsAnotherSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row := rows(t)[0]
		at := rapid.IntRange(0, len(row)-1).Draw(t, "column")
		other := slices.Clone(row)
		if other[at] = append([]byte{0}, row[at]...); row[at] == nil && rapid.Bool().Draw(t, "empty") {
			other[at] = []byte{}
		}
		if sumOf([][][]byte{row}).Equal(sumOf([][][]byte{other})) {
			t.Fatalf("column %d: %q is %q", at, row[at], other[at])
		}
	})
	row := make([][]byte, len(rowsum.Named("claim").Columns))
	for i := range row {
		row[i] = []byte("x")
	}
	foreign, a := &rowsum.Sum{}, rowsum.NewAdder(rowsum.Key("another"))
	if a.Add(foreign, rowsum.Named("claim"), row); foreign.Equal(sumOf([][][]byte{row})) {
		t.Error("another key gives the same sum")
	}
}

// A step is read under the key, for the entry that it was made for, and as it was written.
func TestAStepBelongsToItsEntry(t *testing.T) {
	t.Parallel()
	row := make([][]byte, len(rowsum.Named("claim").Columns))
	sum, of := sumOf([][][]byte{row}), uuid.New()
	step := sum.Step(key, of, 3)
	if got, err := rowsum.ReadStep(key, of, 3, false, step); err != nil || !got.Equal(sum) {
		t.Fatalf("its own: %v", err)
	}
	for what, read := range map[string]func() (*rowsum.Sum, error){
		"another case":  func() (*rowsum.Sum, error) { return rowsum.ReadStep(key, uuid.New(), 3, false, step) },
		"another entry": func() (*rowsum.Sum, error) { return rowsum.ReadStep(key, of, 4, false, step) },
		"a layoff":      func() (*rowsum.Sum, error) { return rowsum.ReadStep(key, of, 3, true, step) },
		"another key":   func() (*rowsum.Sum, error) { return rowsum.ReadStep(rowsum.Key("another"), of, 3, false, step) },
		"cut":           func() (*rowsum.Sum, error) { return rowsum.ReadStep(key, of, 3, false, step[:len(step)-1]) },
		"nothing":       func() (*rowsum.Sum, error) { return rowsum.ReadStep(key, of, 3, false, nil) },
	} {
		if _, err := read(); err == nil {
			t.Errorf("%s: it is read", what)
		}
	}
	for i := range step {
		forged := slices.Clone(step)
		forged[i] ^= 1
		if _, err := rowsum.ReadStep(key, of, 3, false, forged); err == nil {
			t.Errorf("byte %d is not vouched for", i)
		}
	}
}
