package money_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

func TestAmountsAreWrittenAsInIndonesia(t *testing.T) {
	t.Parallel()
	for amount, want := range map[money.Rupiah]string{0: "Rp0", 999: "Rp999", 1000: "Rp1.000", 4_500_000: "Rp4.500.000",
		-1_234_567: "-Rp1.234.567", math.MinInt64: "-Rp9.223.372.036.854.775.808"} {
		if got := amount.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTextsThatAreNoAmount(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "-", "Rp", "4,5", "4.500.000", "Rp4.50", "Rp45.00.000", "1e6",
		"99999999999999999999", " 1", "Rp4.500.000,00", "0x10"} {
		if got, err := money.Parse(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestRounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount         money.Rupiah
		num, den       int64
		down, half, up money.Rupiah
	}{
		{3_333_333, 45, 100, 1_499_999, 1_500_000, 1_500_000}, // 1,499,999.85
		{3_333_333, 25, 100, 833_333, 833_333, 833_334},       // 833,333.25
		{1, 1, 2, 0, 1, 1}, {-1, 1, 2, 0, -1, -1}, {5, 1, 1, 5, 5, 5}, {7, 0, 3, 0, 0, 0},
	} {
		for how, want := range map[money.Rounding]money.Rupiah{money.Down: c.down, money.HalfUp: c.half, money.Up: c.up} {
			if got, err := c.amount.MulDiv(c.num, c.den, how); err != nil || got != want {
				t.Errorf("%d × %d/%d %s: got %d, %v; want %d", c.amount, c.num, c.den, how, got, err, want)
			}
		}
	}
}

func TestImpossibleDivisionsAreRefused(t *testing.T) {
	t.Parallel()
	for code, do := range map[string]func() (money.Rupiah, error){
		"money.division_by_zero": func() (money.Rupiah, error) { return money.Rupiah(1).MulDiv(1, 0, money.Down) },
		"money.overflow": func() (money.Rupiah, error) {
			return money.Rupiah(math.MaxInt64).MulDiv(3, 2,
				money.Down)
		}, "money.rounding_unknown": func() (money.Rupiah, error) { return money.Rupiah(1).MulDiv(1, 1, "bankers") },
	} {
		if _, err := do(); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// reckon is MulDiv over big integers.
func reckon(r, num, den int64, how money.Rounding) *big.Int {
	top := new(big.Int).Mul(big.NewInt(r), big.NewInt(num))
	bottom := big.NewInt(den)
	negative := top.Sign()*bottom.Sign() < 0
	q, rest := new(big.Int).QuoRem(top.Abs(top), bottom.Abs(bottom), new(big.Int))
	twice := new(big.Int).Lsh(rest, 1)
	if how == money.Up && rest.Sign() > 0 || how == money.HalfUp && twice.Cmp(bottom) >= 0 && rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if negative {
		q.Neg(q)
	}
	return q
}

func TestMulDivAgreesWithBigIntegers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, num := rapid.Int64().Draw(t, "amount"), rapid.Int64().Draw(t, "num")
		den := rapid.Int64().Filter(func(n int64) bool { return n != 0 }).Draw(t, "den")
		how := rapid.SampledFrom([]money.Rounding{money.Down, money.HalfUp, money.Up}).Draw(t, "how")
		want := reckon(r, num, den, how)
		got, err := money.Rupiah(r).MulDiv(num, den, how)
		if err != nil {
			if fault.CodeOf(err) != "money.overflow" || want.CmpAbs(big.NewInt(math.MaxInt64)) <= 0 {
				t.Fatalf("%d × %d/%d: %v, but it is %s", r, num, den, err, want)
			}
			return
		}
		if want.Cmp(big.NewInt(int64(got))) != 0 {
			t.Fatalf("%d × %d/%d %s: got %d, want %s", r, num, den, how, got, want)
		}
	})
}

func TestAmountsReadBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := money.Rupiah(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "amount"))
		if back, err := money.Parse(r.String()); err != nil || back != r {
			t.Fatalf("%s came back as %d, %v", r, back, err)
		}
	})
}

func FuzzMoneyParse(f *testing.F) {
	for _, seed := range []string{"4500000", "Rp4.500.000", "-Rp1", "Rp 1.000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := money.Parse(text); err == nil {
			if again, err := money.Parse(r.String()); err != nil || again != r {
				t.Fatalf("%q was read as %d, which does not read back", text, r)
			}
		}
	})
}

// The largest amount is an amount; what needs one bit more is refused, not cut.
func TestTheLargestAmount(t *testing.T) {
	t.Parallel()
	if got, err := money.Rupiah(math.MaxInt64).MulDiv(1, 1, money.Down); err != nil || got != math.MaxInt64 {
		t.Errorf("got %d, %v", int64(got), err)
	}
	for _, c := range []struct{ amount, num, den int64 }{{1 << 62, 4, 1}, {1 << 62, 2, 1}, {1 << 62, 8, 2}} {
		if got, err := money.Rupiah(c.amount).MulDiv(c.num, c.den, money.Down); fault.CodeOf(err) != "money.overflow" {
			t.Errorf("%d x %d / %d is %d, %v", c.amount, c.num, c.den, int64(got), err)
		}
	}
}
