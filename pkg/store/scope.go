package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// CaseScopeSQL is the scope as SQL text for the cases aliased c: COPY takes no arguments. Region codes hold digits
// only, by their type.
func CaseScopeSQL(scope authz.Scope) string { return ScopeSQL(scope, "c.region") }

// OfficesSQL is literalScope for the officers aliased o, by their office.
func OfficesSQL(scope authz.Scope) string { return ScopeSQL(scope, "o.office") }

// ScopeSQL is the condition that a column is a region of the scope, as literals.
func ScopeSQL(scope authz.Scope, column string) string {
	codes := scope.Regions()
	if len(codes) == 0 {
		return "false"
	}
	conditions := make([]string, len(codes))
	for i, code := range codes {
		lo, hi := code.Range()
		conditions[i] = "(" + column + " >= '" + lo + "' and " + column + " < '" + hi + "')"
		if code == "" {
			conditions[i] = "true"
		}
	}
	return "(" + strings.Join(conditions, " or ") + ")"
}

// IntakeScopeSQL is the scope predicate for intakes, whose region may be the nation or a province.
func (s *DB) IntakeScopeSQL(scope authz.Scope, args *[]any) string {
	lo, hi, _ := s.Limits(scope)
	*args = append(*args, lo, hi)
	return fmt.Sprintf("i.region >= $%d and i.region < $%d", len(*args)-1, len(*args))
}

// BindScope tells the running transaction, and only it, which regions the caller may see.
const BindScope = `select set_config('tanggap.lo', $1, true), set_config('tanggap.hi', $2, true),
	set_config('tanggap.only', $3, true)`

// Limits are the three settings behind row security: the hull of the scope as a half-open range of codes and, where the
// hull is wider than the scope, the exact regencies. The empty scope gives an empty range.
func (s *DB) Limits(scope authz.Scope) (lo, hi, only string) {
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

// QueueScope begins a transaction inside the scope as the first two statements of a batch.
func (s *DB) QueueScope(b *pgx.Batch, scope authz.Scope) {
	lo, hi, only := s.Limits(scope)
	b.Queue("begin")
	b.Queue(BindScope, lo, hi, only)
}

// Enter puts a transaction inside the scope, or into another one than before.
func (s *DB) Enter(ctx context.Context, tx pgx.Tx, scope authz.Scope) error {
	lo, hi, only := s.Limits(scope)
	_, err := tx.Exec(ctx, BindScope, lo, hi, only)
	return err
}

// RangeOf is the range of codes of a region; without one, of the nation.
func RangeOf(code *region.Code) (lo, hi string) {
	if code == nil {
		return region.Code("").Range()
	}
	return code.Range()
}

// RegionSQL is the scope predicate of one region for the table aliased t: equality, so that any order by id stays an
// index scan. It returns the condition and adds its argument; the ministry's has none, and what is no region at all
// sees nothing.
func RegionSQL(t string, code region.Code, args *[]any) string {
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
