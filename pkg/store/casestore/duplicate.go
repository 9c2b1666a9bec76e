package casestore

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// mostAlike is how many cases are looked at that have one thing in common with a worker: of a number that many people
// gave, such as that of the firm, more say nothing.
const mostAlike = 20

// selectLikely asks each index for each worker, and no other way: what many have in common must not be joined. A name
// is compared only among those born on the day.
var selectLikely = `with own as (select * from unnest($1::int[], $2::bytea[]) as o (n, hash)),
found as (
	select g.n, w.case_id, 'nik' as by from unnest($3::int[], $4::bytea[]) as g (n, hash)
		cross join lateral (select p.case_id from case_worker p where p.nik_hash = g.hash limit $10) w
	union all
	select g.n, w.case_id, 'name_birth_date' from unnest($5::int[], $6::date[], $7::text[]) as g (n, born, name)
		cross join lateral (select p.case_id, p.name_key from case_worker p where p.birth_date = g.born limit 500) w
		where greatest(word_similarity(w.name_key, g.name), word_similarity(g.name, w.name_key)) >= 0.8
	union all
	select g.n, w.case_id, 'phone' from unnest($1::int[], $8::bytea[]) as g (n, hash)
		cross join lateral (select p.case_id from case_worker p where p.phone_hash = g.hash limit $10) w
	union all
	select g.n, w.case_id, 'kpj' from unnest($1::int[], $9::bytea[]) as g (n, hash)
		cross join lateral (select p.case_id from case_worker p where p.kpj_hash = g.hash limit $10) w
)
select f.n, f.case_id, array_agg(distinct f.by) from found f join own o on o.n = f.n
	cross join lateral (select p.nik_hash, p.region from case_worker p where p.case_id = f.case_id limit 1) w
	where w.nik_hash <> o.hash and ` + strangers("$11") + `
	group by f.n, f.case_id order by f.n, f.case_id desc`

// strangers says that a case and the one of f are not known to be of one person: whoever is linked to each other, over
// whatever cases lie between, has been looked at.
func strangers(id string) string {
	return `not exists (select from cases one, cases other, same_person(one.worker_id) s
		where one.id = ` + id + ` and other.id = f.case_id and other.worker_id = s)`
}

// probes are the workers whom selectLikely asks for, column by column.
type probes struct {
	n, nikOf, bornOf      []int
	own, niks, phones, ks [][]byte
	born                  []time.Time
	names                 []string
}

func (s *Cases) probesOf(people []casework.Person, near bool) probes {
	var p probes
	for i, x := range people {
		p.n, p.own = append(p.n, i), append(p.own, s.Vault.NIKHash(x.NIK))
		p.phones, p.ks = append(p.phones, s.Vault.PhoneHash(x.Phone)), append(p.ks, s.Vault.KPJHash(x.KPJ))
		if near {
			for _, slip := range x.NIK.Near() {
				p.nikOf, p.niks = append(p.nikOf, i), append(p.niks, s.Vault.NIKHash(slip))
			}
		}
		if key := NameKey(x.Name); key != "" && !x.BirthDate.IsZero() {
			p.bornOf, p.born, p.names = append(p.bornOf, i), append(p.born, x.BirthDate.Time()), append(p.names, key)
		}
	}
	return p
}

// FindLikely implements casework.DuplicateStore.
func (s *Cases) FindLikely(ctx context.Context, scope authz.Scope, people []casework.Person,
	near bool) ([]casework.Likely, error) {
	return s.likely(ctx, scope, people, near, casework.ID{})
}

// likely leaves out whoever is linked to a case, if one is named.
func (s *Cases) likely(ctx context.Context, scope authz.Scope, people []casework.Person, near bool,
	linked casework.ID) ([]casework.Likely, error) {
	if scope.Empty() || len(people) == 0 {
		return nil, nil
	}
	p := s.probesOf(people, near)
	rows, err := s.Inside(scope).Query(ctx, selectLikely, p.n, p.own, p.nikOf, p.niks, p.bornOf, p.born, p.names,
		p.phones, p.ks, mostAlike, uuid.UUID(linked))
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l casework.Likely, err error) {
		var by []string
		err = row.Scan(&l.N, (*[16]byte)(&l.Case), &by)
		l.By = likenesses(by)
		return l, err
	})
	return list, store.Translate(err)
}

// likenesses are in the order of their list.
func likenesses(by []string) []casework.Likeness {
	return slices.DeleteFunc(casework.SameNIK.Values(), func(l casework.Likeness) bool {
		return !slices.Contains(by, string(l))
	})
}

// DuplicatesOf implements casework.DuplicateStore. The worker's own cases have their number, whose hash is left out.
func (s *Cases) DuplicatesOf(ctx context.Context, scope authz.Scope, id casework.ID) ([]casework.Alike, error) {
	f, _, err := s.Get(ctx, scope, id)
	if err != nil || f.Person.NIK.IsZero() {
		return nil, err // of an erased worker nothing is known
	}
	found, err := s.likely(ctx, scope, []casework.Person{f.Person}, true, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]casework.ID, len(found))
	for i, l := range found {
		ids[i] = l.Case
	}
	rows, err := s.rowsByID(ctx, scope, ids)
	var list []casework.Alike
	for _, l := range found {
		if row, seen := rows[l.Case]; seen {
			list = append(list, casework.Alike{Row: row, By: l.By})
		}
	}
	return list, err
}

// rowsByID reads those of some cases that are in the scope.
func (s *Cases) rowsByID(ctx context.Context, scope authz.Scope,
	ids []casework.ID) (map[casework.ID]casework.Row, error) {
	plain := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		plain[i] = uuid.UUID(id)
	}
	query := "select " + RowColumns + ` from unnest($1::uuid[]) g (id)
		cross join lateral (select * from cases c where c.id = g.id limit 1) c ` + PersonOf
	var rows []casework.Row
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, plain) }, func(r pgx.BatchResults) (err error) {
		rows, err = collectRows(r, len(ids))
		return err
	})
	byID := make(map[casework.ID]casework.Row, len(rows))
	for _, row := range rows {
		if scope.Covers(row.Region) { // row security has cut them; this is the second lock
			byID[row.ID] = row
		}
	}
	return byID, err
}

// walked is how many cases one page of the list of duplicates looks at: where there are few duplicates, a page that had
// to be full would take all cases of the nation.
const walked = 1000

// selectAlike looks for each case of the walk among the older ones. A NIK near another cannot be asked for here: it is
// told when a case is opened, and of each case.
var selectAlike = `, found as (
	select k.id, o.case_id, o.by from walk k
	cross join lateral (select * from case_worker p where p.case_id = k.id limit 1) p
	cross join lateral (
		(select w.case_id, w.nik_hash, 'name_birth_date' as by from case_worker w
			where w.birth_date = p.birth_date and w.name_key = p.name_key and w.case_id < p.case_id limit 20)
		union all
		(select w.case_id, w.nik_hash, 'phone' from case_worker w
			where w.phone_hash = p.phone_hash and w.case_id < p.case_id limit 20)
		union all
		(select w.case_id, w.nik_hash, 'kpj' from case_worker w
			where w.kpj_hash = p.kpj_hash and w.case_id < p.case_id limit 20)) o
	where o.nik_hash <> p.nik_hash and p.nik_hash <> ''
)
select k.id, null::uuid, null::text[] from (select w.id from walk w order by w.id desc limit 1 offset $1) k
union all
(select f.id, f.case_id, array_agg(distinct f.by) from found f where ` + strangers("f.id") + `
	group by f.id, f.case_id order by f.id desc, f.case_id desc)`

// pair is a case and an older one.
type pair struct {
	id, other casework.ID
	by        []casework.Likeness
}

// ListDuplicates implements casework.DuplicateStore.
func (s *Cases) ListDuplicates(ctx context.Context, scope authz.Scope,
	f casework.DuplicateFilter) ([]casework.Suspected, casework.ID, error) {
	if scope.Empty() {
		return nil, casework.ID{}, nil
	}
	pairs, last, err := s.pairs(ctx, scope, f)
	if err != nil {
		return nil, casework.ID{}, err
	}
	pairs, next := cut(pairs, last, f.Limit)
	var ids []casework.ID
	for _, p := range pairs {
		ids = append(ids, p.id, p.other)
	}
	rows, err := s.rowsByID(ctx, scope, ids)
	if err != nil {
		return nil, casework.ID{}, err
	}
	var list []casework.Suspected
	for _, p := range pairs {
		if len(list) == 0 || list[len(list)-1].ID != p.id {
			list = append(list, casework.Suspected{Row: rows[p.id]})
		}
		of := &list[len(list)-1]
		of.Others = append(of.Others, casework.Alike{Row: rows[p.other], By: p.by})
	}
	return list, next, nil
}

// pairs are those of the cases that one page looks at, and the last of these when there may be more.
func (s *Cases) pairs(ctx context.Context, scope authz.Scope,
	f casework.DuplicateFilter) (list []pair, last casework.ID, err error) {
	args := []any{walked - 1}
	query := "with walk as materialized (select c.id from (" +
		newestCases(scope.Regions(), casework.Filter{After: f.After, Limit: walked}, "", &args) + ") c)" + selectAlike
	rows, err := s.Inside(scope).Query(ctx, query, args...)
	if err != nil {
		return nil, last, store.Translate(err)
	}
	var p pair
	var other *uuid.UUID
	var by []string
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&p.id), &other, &by}, func() error {
		if other == nil {
			last = p.id
			return nil
		}
		p.other, p.by = casework.ID(*other), likenesses(by)
		list = append(list, p)
		return nil
	})
	slices.SortStableFunc(list, func(a, b pair) int { return bytes.Compare(b.id[:], a.id[:]) })
	return list, last, store.Translate(err)
}

// cut keeps the pairs of so many cases, and gives the case after which the next page begins.
func cut(list []pair, last casework.ID, limit int) ([]pair, casework.ID) {
	cases := 0
	for i, p := range list {
		if i == 0 || list[i-1].id != p.id {
			cases++
		}
		if cases > limit {
			return list[:i], list[i-1].id
		}
	}
	return list, last
}
