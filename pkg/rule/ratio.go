package rule

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/money"
)

// Ratio is an exact fraction in lowest terms: a rate ("45%", "0.46%"), a multiplier ("1.75"), a part ("1/12") or an
// amount of rupiah before rounding. The zero Ratio is 0. It is comparable with ==.
type Ratio struct {
	num int64
	den int64 // 0 only in the zero Ratio, and then read as 1
}

// NewRatio returns num/den in lowest terms. It fails when den is not positive.
func NewRatio(num, den int64) (Ratio, error) {
	if den <= 0 {
		return Ratio{}, fmt.Errorf("ratio with denominator %d", den)
	}
	return fromRat(big.NewRat(num, den))
}

// ParseRatio reads "45%", "0.46%", "1.75", "2" or "1/12". Signs and exponents are refused.
func ParseRatio(text string) (Ratio, error) {
	digits, percent := strings.CutSuffix(text, "%")
	if digits == "" || strings.Trim(digits, "0123456789./") != "" || percent && strings.Contains(digits, "/") {
		return Ratio{}, fmt.Errorf("ratio %q is not like 45%%, 1.75 or 1/12", text)
	}
	rat, ok := new(big.Rat).SetString(digits)
	if !ok {
		return Ratio{}, fmt.Errorf("ratio %q is not like 45%%, 1.75 or 1/12", text)
	}
	if percent {
		rat.Quo(rat, big.NewRat(100, 1))
	}
	return fromRat(rat)
}

func fromRat(rat *big.Rat) (Ratio, error) {
	if !rat.Num().IsInt64() || !rat.Denom().IsInt64() {
		return Ratio{}, fmt.Errorf("ratio does not fit 64 bits")
	}
	if rat.Sign() == 0 {
		return Ratio{}, nil
	}
	return Ratio{rat.Num().Int64(), rat.Denom().Int64()}, nil
}

// Num returns the numerator in lowest terms.
func (r Ratio) Num() int64 { return r.num }

// Den returns the denominator in lowest terms, at least 1.
func (r Ratio) Den() int64 { return max(r.den, 1) }

// Of returns r of amount, rounded as said. It fails on overflow.
func (r Ratio) Of(amount money.Rupiah, how money.Rounding) (money.Rupiah, error) {
	return amount.MulDiv(r.Num(), r.Den(), how)
}

// Times returns the exact r x n. It fails when the product does not fit 64 bits.
func (r Ratio) Times(n int64) (Ratio, error) {
	if hi := r.num; hi != 0 && n != 0 && abs(n) <= math.MaxInt64/max(abs(hi), 1) {
		return NewRatio(r.num*n, r.Den())
	}
	return fromRat(new(big.Rat).Mul(r.rat(), new(big.Rat).SetInt64(n)))
}

// Plus returns the exact sum. It fails when the sum does not fit 64 bits.
func (r Ratio) Plus(other Ratio) (Ratio, error) {
	return fromRat(new(big.Rat).Add(r.rat(), other.rat()))
}

// Compare returns -1, 0 or 1.
func (r Ratio) Compare(other Ratio) int { return r.rat().Cmp(other.rat()) }

// String returns a decimal when it is exact within six places ("1499999.85"), else "num/den".
func (r Ratio) String() string {
	if r.Den() == 1 {
		return strconv.FormatInt(r.num, 10)
	}
	text := r.rat().FloatString(6)
	if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(r.rat()) == 0 {
		return strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return fmt.Sprintf("%d/%d", r.num, r.Den())
}

// Percent returns "45%" or "0.46%"; a ratio without a short decimal is given as String.
func (r Ratio) Percent() string {
	hundred, err := r.Times(100)
	if text := hundred.String(); err == nil && !strings.Contains(text, "/") {
		return text + "%"
	}
	return r.String()
}

// MarshalText writes String.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what ParseRatio reads.
func (r *Ratio) UnmarshalText(text []byte) error {
	parsed, err := ParseRatio(string(text))
	if err == nil {
		*r = parsed
	}
	return err
}

func (r Ratio) rat() *big.Rat { return big.NewRat(r.num, r.Den()) }

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
