package casestore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/wording/spelling"
)

// mostSpellings is in how many ways a name is looked for: each is a search of its own.
const mostSpellings = 5

// likeEnough is the least likeness of a name that is found; the function of the database has the same.
const likeEnough = "0.5"

// Search implements casework.Store.
func (s *Cases) Search(ctx context.Context, scope authz.Scope, q casework.Query) ([]casework.Found, error) {
	if scope.Empty() {
		return nil, nil
	}
	query, args := s.searchQuery(scope.Regions(), q)
	var found []casework.Found
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var name, tail, employer string
		var likeness float32
		c := NewCaseScanner(&name, &tail, &employer, &likeness)
		_, err = pgx.ForEachRow(rows, c.Dest, func() error {
			found = append(found, casework.Found{Row: casework.Row{Case: c.Current(), Name: name,
				NIKMasked: identity.MaskedNIK(tail), Employer: employer}, Likeness: likeness})
			return nil
		})
		return err
	})
	// The query itself names no region: the index is the hash's or the name's. Row security has cut it; this is the second
	// lock.
	return slices.DeleteFunc(found, func(row casework.Found) bool { return !scope.Covers(row.Region) }), err
}

// searchQuery finds the cases of a page with their likeness, and reads them.
func (s *Cases) searchQuery(codes []region.Code, q casework.Query) (string, []any) {
	var below *float32
	var before *uuid.UUID
	if q.After != nil {
		below, before = &q.After.Likeness, new(uuid.UUID(q.After.ID))
	}
	args := []any{q.Limit, below, before, q.Employer}
	return `select ` + RowColumns + `, f.likeness from (` + s.candidates(codes, q, &args) + `) f
		cross join lateral (select * from cases c where c.id = f.case_id limit 1) c ` + PersonOf + `
		where ($2::real is null or (f.likeness, f.case_id) < ($2, $3::uuid))
			and ($4 = '' or strpos(lower(w.employer), lower($4)) > 0)
		order by f.likeness desc, f.case_id desc limit $1`, args
}

// candidates are the cases that have what is asked for, and their likeness. The arguments so far are limit, likeness
// and case of the last row of the page before, and the employer.
func (s *Cases) candidates(codes []region.Code, q casework.Query, args *[]any) string {
	arg := func(value any) string {
		*args = append(*args, value)
		return fmt.Sprintf("$%d", len(*args))
	}
	if q.Exact() {
		column, hash := s.hashOf(q)
		return "select w.case_id, 1::real as likeness from case_worker w where w." + column + " = " + arg(hash)
	}
	key := NameKey(q.Name)
	switch {
	case q.BirthDate.IsZero() && q.Short():
		return store.EachOfficeSelect(arg(s.Regencies(codes)), "select w.case_id, 1::real as likeness from case_worker w "+
			"where w.region = office.code and w.name_key = "+arg(key))
	case !q.BirthDate.IsZero():
		born := "select w.case_id, %s as likeness from case_worker w where w.birth_date = " + arg(q.BirthDate.Time())
		switch {
		case key == "":
			return fmt.Sprintf(born, "1::real")
		case q.Short():
			return fmt.Sprintf(born, "1::real") + " and w.name_key = " + arg(key)
		}
		like := "(select max(word_similarity(x, w.name_key)) from unnest(" + arg(spellings(key)) + "::text[]) x)"
		return "select * from (" + fmt.Sprintf(born, like) + ") n where n.likeness >= " + likeEnough
	}
	return "select n.case_id, n.score as likeness from search_names(" + arg(spellings(key)) + ", $1, $2, $3, $4) n"
}

// hashOf is what a number or an address is found by.
func (s *Cases) hashOf(q casework.Query) (column string, hash []byte) {
	switch {
	case !q.NIK.IsZero():
		return "nik_hash", s.Vault.NIKHash(q.NIK)
	case !q.Phone.IsZero():
		return "phone_hash", s.Vault.PhoneHash(q.Phone)
	case !q.KPJ.IsZero():
		return "kpj_hash", s.Vault.KPJHash(q.KPJ)
	case !q.Email.IsZero():
		return "email_hash", s.Vault.EmailHash(q.Email)
	}
	return "account_hash", s.Vault.AccountHash(q.BankAccount)
}

// spellings are the ways in which a name may be written down.
func spellings(key string) []string {
	ways := spelling.Of(strings.Fields(key), mostSpellings)
	names := make([]string, len(ways))
	for i, words := range ways {
		names[i] = strings.Join(words, " ")
	}
	return names
}
