package identity

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

// Phone is an Indonesian telephone number in the form +62….
type Phone struct{ Secret }

// ParsePhone reads 08…, 62…, +62… with spaces, dots, dashes and brackets; phone.invalid otherwise.
func ParsePhone(text string) (Phone, error) {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == '(' || r == ')' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	digits = strings.TrimPrefix(digits, "+")
	switch {
	case strings.HasPrefix(digits, "62"):
		digits = digits[2:]
	case strings.HasPrefix(digits, "0"):
		digits = digits[1:]
	default:
		return Phone{}, fault.New(fault.Invalid, "phone.invalid")
	}
	if len(digits) < 8 || len(digits) > 13 || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return Phone{}, fault.New(fault.Invalid, "phone.invalid")
	}
	return Phone{NewSecret("+62" + digits)}, nil
}

// Email is an e-mail address in lower case.
type Email struct{ Secret }

// ParseEmail reads name@domain with a dot in the domain; email.invalid otherwise.
func ParseEmail(text string) (Email, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	name, domain, ok := strings.Cut(text, "@")
	dot := strings.LastIndexByte(domain, '.')
	if !ok || name == "" || len(text) > 254 || dot < 1 || dot == len(domain)-1 ||
		strings.ContainsAny(text, " \t\r\n<>,;\"()") ||
		strings.Contains(domain, "@") || strings.Contains(text, "..") {
		return Email{}, fault.New(fault.Invalid, "email.invalid")
	}
	return Email{NewSecret(text)}, nil
}

// KPJ is a participant number of BPJS Ketenagakerjaan, usually 11 digits; one person can hold several.
type KPJ struct{ Secret }

// usualKPJ is how many digits a KPJ has.
const usualKPJ = 11

// ParseKPJ reads 8 to 16 digits (how many is not verified, so the check is loose); kpj.invalid otherwise. One of 10
// digits gets its leading 0 back, which is lost wherever a KPJ passes through a number.
func ParseKPJ(text string) (KPJ, error) {
	text = strings.TrimSpace(text)
	if len(text) == usualKPJ-1 && strings.Trim(text, "0123456789") == "" {
		text = "0" + text
	}
	if len(text) < 8 || len(text) > 16 || strings.Trim(text, "0123456789") != "" {
		return KPJ{}, fault.New(fault.Invalid, "kpj.invalid")
	}
	return KPJ{NewSecret(text)}, nil
}

// BankAccount is the number of an account at a bank.
type BankAccount struct{ Secret }

// ParseBankAccount reads 5 to 20 digits, which people write in groups; bank_account.invalid otherwise. How many digits
// a bank gives is its own affair.
func ParseBankAccount(text string) (BankAccount, error) {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if len(digits) < 5 || len(digits) > 20 || strings.Trim(digits, "0123456789") != "" {
		return BankAccount{}, fault.New(fault.Invalid, "bank_account.invalid")
	}
	return BankAccount{NewSecret(digits)}, nil
}

// Wage is a monthly wage in whole rupiah: personal financial data (UU 27/2022 Art. 4(2)).
type Wage struct {
	_ incomparable
	v *money.Rupiah
}

// NewWage wraps an amount; zero is no wage.
func NewWage(amount money.Rupiah) Wage {
	if amount == 0 {
		return Wage{}
	}
	return Wage{v: &amount}
}

// Reveal gives the amount.
func (w Wage) Reveal() money.Rupiah {
	if w.v == nil {
		return 0
	}
	return *w.v
}

// IsZero tells whether there is no wage.
func (w Wage) IsZero() bool { return w.v == nil }

// Equal compares the amounts.
func (w Wage) Equal(other Wage) bool { return w.Reveal() == other.Reveal() }

// String is the mask.
func (w Wage) String() string {
	if w.IsZero() {
		return ""
	}
	return "Rp" + mask
}

// Format prints the mask for every verb.
func (w Wage) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, w.String()) }

// LogValue is the mask.
func (w Wage) LogValue() slog.Value { return slog.StringValue(w.String()) }

// MarshalText is the mask.
func (w Wage) MarshalText() ([]byte, error) { return []byte(w.String()), nil }
