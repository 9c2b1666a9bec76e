package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// bindScope tells the running transaction, and only it, which regions the caller may see.
const bindScope = `select set_config('tanggap.lo', $1, true), set_config('tanggap.hi', $2, true), set_config('tanggap.only', $3, true)`

// limits are the three settings behind row security: the hull of the scope as a half-open range of codes and, where the
// hull is wider than the scope, the exact regencies. The empty scope gives an empty range.
func (s *Store) limits(scope authz.Scope) (lo, hi, only string) {
	codes := scope.Regions()
	switch len(codes) {
	case 0:
		return "", "", ""
	case 1:
		lo, hi = codes[0].Range()
		return lo, hi, ""
	}
	lo, _ = codes[0].Range()
	var exact []string
	for _, code := range codes {
		from, to := code.Range()
		lo, hi = min(lo, from), max(hi, to)
		exact = append(exact, string(code))
		for _, child := range s.tree.Children(code) {
			exact = append(exact, string(child.Code))
		}
	}
	return lo, hi, strings.Join(exact, ",")
}

// queueScope begins a transaction inside the scope as the first two statements of a batch.
func (s *Store) queueScope(b *pgx.Batch, scope authz.Scope) {
	lo, hi, only := s.limits(scope)
	b.Queue("begin")
	b.Queue(bindScope, lo, hi, only)
}

// inScope runs fn in a GORM transaction that sees only the scope.
func (s *Store) inScope(ctx context.Context, scope authz.Scope, fn func(tx *gorm.DB) error) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.bind(tx, scope); err != nil {
			return err
		}
		return fn(tx)
	})
}

// bind puts a GORM transaction inside the scope.
func (s *Store) bind(tx *gorm.DB, scope authz.Scope) error {
	lo, hi, only := s.limits(scope)
	if err := tx.Exec(strings.NewReplacer("$1", "?", "$2", "?", "$3", "?").Replace(bindScope), lo, hi, only).Error; err != nil {
		return fmt.Errorf("bind scope: %w", err)
	}
	return nil
}

// where is the scope predicate of one region for the table aliased t: equality, so that any order by id stays an index scan.
// It returns the condition and adds its argument; the ministry's has none, and what is no region at all sees nothing.
// rangeOf is the range of codes of a region; without one, of the nation.
func rangeOf(code *region.Code) (lo, hi string) {
	if code == nil {
		return region.Code("").Range()
	}
	return code.Range()
}

func where(t string, code region.Code, args *[]any) string {
	switch code.Level() {
	case region.Regency:
		*args = append(*args, string(code))
		return fmt.Sprintf("%s.region = $%d", t, len(*args))
	case region.Province:
		*args = append(*args, string(code))
		return fmt.Sprintf("%s.province = $%d", t, len(*args))
	case region.National:
		return "true"
	default:
		return "false"
	}
}
