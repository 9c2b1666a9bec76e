package casework

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// ShortName is from how many letters on a name is searched for however it is spelt; a shorter one, as it is.
const ShortName = 3

// Query is what a worker is searched by: exactly one number or address, or a name, a birth date, or both. Region and
// employer narrow it.
type Query struct {
	NIK         identity.NIK
	Phone       identity.Phone
	KPJ         identity.KPJ
	Email       identity.Email
	BankAccount identity.BankAccount

	Name      string
	BirthDate calendar.Date

	Employer string // in part
	Region   *region.Code
	After    *Found // the last one of the page before
	Limit    int
}

// Found is a case that a search gives, with how like its name is to the one asked for: 1 of whatever is found exactly.
type Found struct {
	Row
	Likeness float32
}

// Exact tells whether a number or an address is asked for.
func (q Query) Exact() bool { return q.numbers() > 0 }

func (q Query) numbers() (n int) {
	for _, none := range []bool{q.NIK.IsZero(), q.Phone.IsZero(), q.KPJ.IsZero(), q.Email.IsZero(),
		q.BankAccount.IsZero()} {
		if !none {
			n++
		}
	}
	return n
}

// Short tells whether the name is too short for a likeness to mean anything.
func (q Query) Short() bool { return utf8.RuneCountInString(q.Name) < ShortName }

// check refuses what names nobody, or more than one thing to look up.
func (q Query) check() error {
	of := q.numbers()
	if q.Name != "" || !q.BirthDate.IsZero() {
		of++
	}
	if of != 1 {
		return fault.New(fault.Invalid, "search.one_of").At("nik")
	}
	return nil
}

// Search finds cases by a number or an address exactly, or by a name however it is spelt, best match first.
func (s *Service) Search(ctx context.Context, scope authz.Scope, q Query) ([]Found, error) {
	q.Name, q.Employer = strings.TrimSpace(q.Name), strings.TrimSpace(q.Employer)
	if err := q.check(); err != nil {
		return nil, err
	}
	if q.Limit < 1 || q.Limit > page.MaxSize+1 {
		q.Limit = page.DefaultSize
	}
	return s.Store.Search(ctx, narrowed(scope, q.Region), q)
}
