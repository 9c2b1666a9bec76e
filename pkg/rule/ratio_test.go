package rule_test

import (
	"math"
	"testing"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"pgregory.net/rapid"
)

func ratio(t testing.TB, text string) rule.Ratio {
	t.Helper()
	r, err := rule.ParseRatio(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseRatio(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, decimal, percent string
		num, den               int64
	}{
		{"45%", "0.45", "45%", 9, 20},
		{"0.46%", "0.0046", "0.46%", 23, 5000},
		{"100%", "1", "100%", 1, 1},
		{"0%", "0", "0%", 0, 1},
		{"0", "0", "0%", 0, 1},
		{"1.75", "1.75", "175%", 7, 4},
		{"2", "2", "200%", 2, 1},
		{"1/12", "1/12", "1/12", 1, 12},
		{"6/12", "0.5", "50%", 1, 2},
	} {
		r := ratio(t, c.text)
		if r.Num() != c.num || r.Den() != c.den || r.String() != c.decimal || r.Percent() != c.percent {
			t.Errorf("%s: %d/%d %s %s", c.text, r.Num(), r.Den(), r, r.Percent())
		}
	}
	for _, text := range []string{"", "%", "-1", "+1", "1e3", "1/0", "1/2%", "a", "0x10", "1,5", " 1", "1..2",
		"9223372036854775808", "1/9223372036854775808"} {
		if r, err := rule.ParseRatio(text); err == nil {
			t.Errorf("%q is read as %s", text, r)
		}
	}
	if _, err := rule.NewRatio(1, 0); err == nil {
		t.Error("a ratio with denominator zero")
	}
	if r, err := rule.NewRatio(-6, 4); err != nil || r.String() != "-1.5" {
		t.Errorf("-6/4: %s, %v", r, err)
	}
}

func TestRatioOfAnAmount(t *testing.T) {
	t.Parallel()
	for how, want := range map[money.Rounding]money.Rupiah{money.Down: 1499999, money.HalfUp: 1500000, money.Up: 1500000} {
		if got, err := ratio(t, "45%").Of(3333333, how); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", how, got, err, want)
		}
	}
	exact, err := ratio(t, "45%").Times(3333333)
	if err != nil || exact.String() != "1499999.85" {
		t.Errorf("exact %s, %v", exact, err)
	}
	if _, err := ratio(t, "2").Times(math.MaxInt64); err == nil {
		t.Error("a product beyond 64 bits")
	}
	if r, err := ratio(t, "1/2").Times(math.MaxInt64 - 1); err != nil || r.Num() != (math.MaxInt64-1)/2 {
		t.Errorf("half of the largest even: %s, %v", r, err)
	}
	if _, err := ratio(t, "9223372036854775807").Plus(ratio(t, "1")); err == nil {
		t.Error("a sum beyond 64 bits")
	}
}

func TestRatioText(t *testing.T) {
	t.Parallel()
	var r rule.Ratio
	if err := r.UnmarshalText([]byte("60%")); err != nil || r != ratio(t, "0.6") {
		t.Errorf("%s, %v", r, err)
	}
	if err := r.UnmarshalText([]byte("sixty")); err == nil || r != ratio(t, "0.6") {
		t.Errorf("a refused text changed the ratio to %s, %v", r, err)
	}
	if text, err := r.MarshalText(); err != nil || string(text) != "0.6" {
		t.Errorf("%s, %v", text, err)
	}
}

func anyRatio(t *rapid.T, label string) rule.Ratio {
	r, err := rule.NewRatio(rapid.Int64Range(0, 1<<20).Draw(t, label), rapid.Int64Range(1, 1<<10).Draw(t, label+" den"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What String writes, ParseRatio reads back without loss.
func TestRatioRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRatio(t, "r")
		for _, text := range []string{r.String(), r.Percent()} {
			if back, err := rule.ParseRatio(text); err != nil || back != r {
				t.Fatalf("%s became %s, %v", text, back, err)
			}
		}
	})
}

func TestRatioArithmetic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, n := anyRatio(t, "a"), anyRatio(t, "b"), rapid.Int64Range(0, 1<<10).Draw(t, "n")
		sum, err := a.Plus(b)
		if err != nil || sum.Compare(a) < 0 || sum.Compare(b) < 0 {
			t.Fatalf("%s + %s = %s, %v", a, b, sum, err)
		}
		if other, err := b.Plus(a); err != nil || other != sum {
			t.Fatalf("%s + %s differs from the other way round", a, b)
		}
		whole, err := sum.Times(n)
		if err != nil {
			t.Fatal(err)
		}
		left, err := a.Times(n)
		if err != nil {
			t.Fatal(err)
		}
		right, err := b.Times(n)
		if err != nil {
			t.Fatal(err)
		}
		if parts, err := left.Plus(right); err != nil || parts != whole {
			t.Fatalf("(%s + %s) x %d: %s and %s, %v", a, b, n, whole, parts, err)
		}
	})
}

// FuzzParseRatio: what is read is in lowest terms and never negative.
func FuzzParseRatio(f *testing.F) {
	for _, seed := range []string{"45%", "0.46%", "1/12", "1.75", "..", "/", "%%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := rule.ParseRatio(text)
		if err == nil && (r.Num() < 0 || r.Den() < 1) {
			t.Fatalf("%q is read as %d/%d", text, r.Num(), r.Den())
		}
	})
}
