package money_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

func TestAmountsThatAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.Rupiah{
		"0": 0, "4500000": 4_500_000, "Rp4.500.000": 4_500_000, "Rp 4.500.000": 4_500_000, "Rp4500000": 4_500_000,
		"-Rp4.500.000": -4_500_000, "-12": -12, "Rp0": 0, "007": 7, "9223372036854775807": math.MaxInt64,
		"Rp9.223.372.036.854.775.807": math.MaxInt64,
	} {
		if got, err := money.Parse(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
}

// Each of these has two readings or none; a wage read a hundredfold is worse than one refused.
func TestAmountsThatAreNotGuessed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"4,500,000", "4500000.00", "4.500.000,00", "Rp4.500.000,-", "Rp4.500.000.", "Rp.4.500.000", "Rp  4.500.000",
		"rp4.500.000", "IDR4500000", "4.5", "Rp4.500.0000", "Rp4500.000", "Rp.500", "Rp..500", "RpRp1", "--1", "+1", "-Rp-1",
		"Rp-1", "1_000", "٤٥", "NaN", "9223372036854775808", " 4500000 ",
	} {
		if got, err := money.Parse(text); fault.CodeOf(err) != "money.invalid" || got != 0 {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
}

func TestPlainDigitsAreReadAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,21}`).Draw(t, "digits")
		want, wantErr := strconv.ParseInt(text, 10, 64)
		got, err := money.Parse(text)
		if text == "-9223372036854775808" {
			return // the one amount whose opposite does not exist
		}
		if (err == nil) != (wantErr == nil) || err == nil && int64(got) != want {
			t.Fatalf("%q: got %d, %v; want %d, %v", text, got, err, want, wantErr)
		}
	})
}

// Rounding never strays by a rupiah, and the three ways stand in order.
func TestRoundingStaysWithinARupiah(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := money.Rupiah(rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "amount"))
		num, den := rapid.Int64Range(0, 1000).Draw(t, "num"), rapid.Int64Range(1, 1000).Draw(t, "den")
		down, err1 := r.MulDiv(num, den, money.Down)
		half, err2 := r.MulDiv(num, den, money.HalfUp)
		up, err3 := r.MulDiv(num, den, money.Up)
		if err1 != nil || err2 != nil || err3 != nil || down > half || half > up || up-down > 1 {
			t.Fatalf("%d × %d/%d: %d %d %d", r, num, den, down, half, up)
		}
		if opposite, err := (-r).MulDiv(num, den, money.HalfUp); err != nil || opposite != -half {
			t.Fatalf("−%d × %d/%d: got %d, %v; want %d", r, num, den, opposite, err, -half)
		}
	})
}

func TestWaysToRound(t *testing.T) {
	t.Parallel()
	for way, want := range map[money.Rounding]bool{money.Down: true, money.HalfUp: true, money.Up: true, "": false,
		"half_even": false} {
		if way.Valid() != want {
			t.Errorf("%q: valid %t", way, !want)
		}
	}
}
