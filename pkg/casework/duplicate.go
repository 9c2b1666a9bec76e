package casework

import (
	"context"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/region"
)

// Likeness is what two records of people have in common who are likely the same.
type Likeness string

// The likenesses.
const (
	SameNIK       Likeness = "nik"             // but for one digit, or two that have changed places
	SameNameBirth Likeness = "name_birth_date" // however the name is written
	SamePhone     Likeness = "phone"
	SameKPJ       Likeness = "kpj"
)

// Values lists every likeness.
func (Likeness) Values() []Likeness { return []Likeness{SameNIK, SameNameBirth, SamePhone, SameKPJ} }

// Valid tells whether l is one of the likenesses.
func (l Likeness) Valid() bool { return codelist.Has(l) }

// Likely is a case whose worker is likely the N-th of those asked for, though not by the same NIK.
type Likely struct {
	N    int
	Case ID
	By   []Likeness
}

// Alike is a case whose worker is likely the one of another case.
type Alike struct {
	Row
	By []Likeness
}

// Suspected is a case with the older ones whose workers are likely its own.
type Suspected struct {
	Row
	Others []Alike
}

// DuplicateFilter narrows the list of likely duplicates.
type DuplicateFilter struct {
	Region *region.Code
	After  ID // the last case looked at; zero is the start
	Limit  int
}

// DuplicateStore finds likely duplicates. What lies outside of the scope is not there.
type DuplicateStore interface {
	// FindLikely gives for each of the people the cases of others who are likely the same. Only with near are NIKs
	// compared, which is the dearest.
	FindLikely(ctx context.Context, scope authz.Scope, people []Person, near bool) ([]Likely, error)
	// DuplicatesOf gives the cases of others who are likely the worker of a case.
	DuplicatesOf(ctx context.Context, scope authz.Scope, id ID) ([]Alike, error)
	// ListDuplicates looks at so many cases, newest first, and gives those that have likely duplicates among the older
	// ones. next is the last case looked at when there may be more, else zero.
	ListDuplicates(ctx context.Context, scope authz.Scope, f DuplicateFilter) (found []Suspected, next ID, err error)
}

// Duplicates gives the cases of others who are likely the worker of a case.
func (s *Service) Duplicates(ctx context.Context, scope authz.Scope, id ID) ([]Alike, error) {
	return s.Store.DuplicatesOf(ctx, scope, id)
}

// ListDuplicates reads a page of likely duplicates.
func (s *Service) ListDuplicates(ctx context.Context, scope authz.Scope, f DuplicateFilter) ([]Suspected, ID, error) {
	return s.Store.ListDuplicates(ctx, narrowed(scope, f.Region), f)
}

// alike warns of the cases whose workers are likely a person.
func (s *Service) alike(ctx context.Context, scope authz.Scope, p Person) ([]Warning, error) {
	found, err := s.Store.FindLikely(ctx, scope, []Person{p}, true)
	warnings := make([]Warning, len(found))
	for i, likely := range found {
		warnings[i] = Warning{Code: "worker.likely_duplicate",
			Args: map[string]string{"case": likely.Case.String(), "by": JoinLikeness(likely.By)}}
	}
	return warnings, err
}

// JoinLikeness names likenesses by their codes.
func JoinLikeness(by []Likeness) string { return strings.Join(codelist.Texts(by), ", ") }
