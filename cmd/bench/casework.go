package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tanggap/tanggap/pkg/store/casestore"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/vault"
)

// entries is the length of every history of a case.
const entries = 6

// years is how far back the cases go; each year has more than the one before.
const years = 3

// chunk is so many cases as are made and copied at a time.
const chunk = 20_000

// loader draws what is loaded, the same on the same day.
type loader struct {
	rand      *rand.Rand
	vault     *vault.Vault
	country   *country
	day       calendar.Date
	now       time.Time
	layoffsOf map[string][]uuid.UUID // that cases may come from, by region
}

// made is one case to load.
type made struct {
	id, worker, layoff, officer   uuid.UUID
	region, stage, outcome, claim string
	opened                        time.Time
	gap                           time.Duration // between the entries of its history
	head                          [32]byte
	person                        *person
}

// person is a worker, who may have an earlier case.
type person struct {
	name, tail, sex string
	born            calendar.Date
	hash            []byte
	phone, kpj      []byte // their hashes
	wrapped         []byte
	key             vault.DataKey
	plain           []byte
	again           bool // the worker is there already
	reused          bool // and has a later case, too
}

func loadCasework(ctx context.Context, conn *pgx.Conn, v *vault.Vault, n int, day calendar.Date) error {
	where, err := regencies(ctx, conn)
	if err != nil {
		return err
	}
	l := &loader{rand: rand.New(rand.NewPCG(2026, uint64(n))), vault: v, country: where, day: day,
		now: day.Time().Add(-time.Hour), layoffsOf: map[string][]uuid.UUID{}}
	if err := l.loadLayoffs(ctx, conn, l.reductions(max(20, n/casesPerLayoff))); err != nil {
		return err
	}
	for from := 0; from < n; from += chunk {
		cases := make([]made, min(chunk, n-from))
		for i := range cases {
			if cases[i], err = l.draw(cases[:i], from+i, n); err != nil {
				return err
			}
		}
		if err := l.copyCases(ctx, conn, cases); err != nil {
			return err
		}
	}
	return nil
}

// past is the time of the ith of n things that happened in order, more and more of them towards today.
func (l *loader) past(i, n int) time.Time {
	share := float64(i) / float64(n)
	back := time.Duration((1 - share) * (1 - share/3) * years * 365 * 24 * float64(time.Hour))
	return l.now.Add(-back - time.Duration(l.rand.IntN(1000))*time.Microsecond).Truncate(time.Microsecond)
}

// idAt is an id of a time: version 7.
func (l *loader) idAt(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[0:], uint64(at.UnixMilli())<<16|uint64(l.rand.Uint32()&0x0fff))
	binary.BigEndian.PutUint64(id[8:], l.rand.Uint64())
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

var outcomes = []string{"placed", "placed", "self_employed", "rehired", "withdrawn", "unreachable", "moved_abroad",
	"deceased", "duplicate"}

// draw makes a case: nearly all that were opened long ago are closed, and most of the others are not.
func (l *loader) draw(earlier []made, i, n int) (made, error) {
	at := l.past(i, n)
	c := made{id: l.idAt(at), worker: l.idAt(at), region: l.country.draw(l.rand), opened: at, gap: l.now.Sub(at) / entries}
	c.gap = min(c.gap, time.Duration(1+l.rand.IntN(25))*24*time.Hour).Truncate(time.Microsecond)
	c.stage, c.claim = l.stageOf(float64(i) / float64(n))
	if c.stage == "closed" {
		c.outcome = outcomes[rank(l.rand, len(outcomes))]
	}
	if of := l.layoffsOf[c.region]; len(of) > 0 && l.rand.IntN(10) < 8 {
		c.layoff = of[rank(l.rand, len(of))]
	}
	if c.stage != "intake" && l.rand.IntN(10) < 8 {
		c.officer = officerOf(c.region, len(staff)-1-l.rand.IntN(caseWorkers))
	}
	if len(earlier) > 0 && l.rand.IntN(25) == 0 {
		if before := &earlier[l.rand.IntN(len(earlier))]; before.stage == "closed" && !before.person.again &&
			!before.person.reused {
			again := *before.person
			again.again, before.person.reused = true, true
			c.worker, c.person = before.worker, &again
			before.outcome = "placed"
			return c, nil
		}
	}
	var err error
	c.person, err = l.draws(i, &c)
	return c, err
}

// stageOf draws where a case stands that is the given share of the way from the first to the newest.
func (l *loader) stageOf(share float64) (stage, claim string) {
	closed := 0.9
	if share > 0.4 {
		closed = 0.18
	}
	if l.rand.Float64() < closed {
		return "closed", []string{"completed", "none", "stopped", "refused"}[rank(l.rand, 4)]
	}
	switch f := l.rand.Float64(); {
	case f < 0.1:
		return "intake", "none"
	case f < 0.5:
		return "benefit", []string{"running", "applied"}[l.rand.IntN(2)]
	case f < 0.75:
		return "training", []string{"running", "completed"}[l.rand.IntN(2)]
	}
	return "placement", []string{"running", "completed", "none"}[l.rand.IntN(3)]
}

// serials is how many workers can be born in one regency on one day.
const serials = 9999

// draws draws the worker of the ith case.
func (l *loader) draws(i int, c *made) (*person, error) {
	female := l.rand.IntN(100) < 45
	born := calendar.MustDate("1966-01-01").AddDays(l.rand.IntN(3600)*4 + i/(serials*97)%4)
	p := &person{name: fullName(l.rand, female), sex: "male", born: born}
	shown := born.Day()
	if female {
		p.sex, shown = "female", shown+40
	}
	nik, err := identity.ParseNIK(fmt.Sprintf("%s%02d%02d%02d%02d%04d", c.region, i/serials%97+1, shown, born.Month(),
		born.Year()%100, i%serials+1))
	if err != nil {
		return nil, err
	}
	p.tail, p.hash = nik.Reveal()[12:], l.vault.NIKHash(nik)
	phone, kpj, err := l.contact(p, i)
	if err != nil {
		return nil, err
	}
	p.plain = fmt.Appendf(nil, `{"nik":%q,"phone":%q,"kpj":%q,"address":"Jl. Cempaka No. %d RT 010/RW 001","wage":%d}`,
		nik.Reveal(), phone, kpj, i%200, 2_200_000+rank(l.rand, 12_000)*1000)
	p.key, p.wrapped, err = l.vault.NewDataKey(c.worker.String())
	return p, err
}

// sharers are how many workers give the same phone number, of the firm or of a neighbour, where they share one.
const sharers = 20

// contact gives the ith worker the numbers that duplicates are found by; one of 50 shares a phone.
func (l *loader) contact(p *person, i int) (phone, kpj string, err error) {
	number := i
	if i%50 == 0 {
		number -= i % (50 * sharers)
	}
	called, err := identity.ParsePhone(fmt.Sprintf("0811%08d", number))
	if err != nil {
		return "", "", err
	}
	insured, err := identity.ParseKPJ(fmt.Sprintf("%011d", i))
	p.phone, p.kpj = l.vault.PhoneHash(called), l.vault.KPJHash(insured)
	return called.Reveal(), insured.Reveal(), err
}

// copyCases copies cases with their histories and workers.
func (l *loader) copyCases(ctx context.Context, conn *pgx.Conn, all []made) error {
	var history, workers, cases, persons [][]any
	for i := range all {
		c := &all[i]
		history = c.appendHistory(history)
		if !c.person.again {
			workers = append(workers, []any{c.worker, c.person.hash, c.person.wrapped, c.opened})
		}
		cases = append(cases, l.row(c))
		persons = append(persons, []any{c.id, c.region, c.person.name, casestore.NameKey(c.person.name), c.person.hash,
			c.person.tail, c.person.phone, c.person.kpj, c.person.born.Time(), c.person.sex, "Operator", "PT Contoh Garmen",
			c.person.key.Seal(c.person.plain, "case_worker.sealed|"+c.id.String())})
	}
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"case_history", historyColumns("case_id"), history},
		{"worker", []string{"id", "nik_hash", "data_key", "created_at"}, workers},
		{"cases", []string{"id", "region", "worker_id", "layoff_id", "officer_id", "stage", "outcome", "terminated_on",
			"opened_on", "closed_on", "due_on", "due_for", "follow_up_on", "claim_state", "version",
			"head", "updated_at"}, cases},
		{"case_worker", []string{"case_id", "region", "name", "name_key", "nik_hash", "nik_tail", "phone_hash",
			"kpj_hash", "birth_date", "sex", "position", "employer", "sealed"}, persons},
	} {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func (c *made) at(seq int) time.Time {
	return c.opened.Add(time.Duration(seq-1) * c.gap).Add(time.Duration(seq) * time.Microsecond)
}

// way is what the histories tell, up to their last entry.
var way = [entries - 1][2]string{{"case.opened", `{"stage":"intake"}`}, {"case.advanced",
	`{"from":"intake","to":"benefit"}`}, {"claim.applied", `{}`},
	{"claim.decided", `{"result":"eligible"}`}, {"case.assigned", `{}`}}

// One case of so many has an entry that was asked to be voided, which waits for a second officer.
const askedVoid = 20

// entry is one of a history.
func (c *made) entry(seq int) (kind, payload string) {
	switch {
	case seq == entries:
		return c.ending()
	case seq == entries-1 && c.id[15]%askedVoid == 0:
		return "entry.void_asked", `{"seq":4,"kind":"claim.decided","reason":"salah orang"}`
	}
	return way[seq-1][0], way[seq-1][1]
}

// ending is the last entry of a history.
func (c *made) ending() (kind, payload string) {
	if c.stage == "closed" {
		return "case.closed", `{"from":"placement","to":"closed","outcome":"` + c.outcome + `"}`
	}
	return "case.advanced", `{"from":"benefit","to":"` + c.stage + `"}`
}

// appendHistory adds the entries of a case, and remembers the newest.
func (c *made) appendHistory(rows [][]any) [][]any {
	actor := officerOf(c.region, len(staff)-1)
	for seq := 1; seq <= entries; seq++ {
		kind, payload := c.entry(seq)
		e := audit.Entry{CaseID: c.id, Seq: seq, Kind: kind, Actor: actor, OccurredOn: calendar.FromTime(c.at(seq)),
			RecordedAt: c.at(seq), Payload: payload, PrevHash: c.head}
		hash := e.Digest()
		rows = append(rows, []any{c.id, seq, c.region, kind, actor, e.OccurredOn.Time(), e.RecordedAt, payload,
			bytes.Clone(c.head[:]), hash[:]})
		c.head = hash
	}
	return rows
}

// row is the case itself.
func (l *loader) row(c *made) []any {
	var closed, due, what, next, outcome any
	last := c.at(entries)
	if c.stage == "closed" {
		closed, outcome = last, c.outcome
	} else {
		if l.rand.IntN(10) < 9 {
			due, what = l.day.AddDays(l.rand.IntN(140)-20).Time(), map[string]string{"running": "month 2"}[c.claim]
			if what == "" {
				what = "claim"
			}
		}
		if l.rand.IntN(4) == 0 {
			next = l.day.AddDays(l.rand.IntN(60) - 10).Time()
		}
	}
	return []any{c.id, c.region, c.worker, given(c.layoff), given(c.officer), c.stage, outcome, c.opened.AddDate(0, 0,
		-l.rand.IntN(30)), c.opened, closed, due, what, next, c.claim, entries, c.head[:], last}
}

// given is an id, or nothing.
func given(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id
}
