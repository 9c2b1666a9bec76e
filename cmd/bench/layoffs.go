package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/tanggap/tanggap/pkg/store/casestore"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
)

// One layoff for so many cases.
const casesPerLayoff = 33

// reduction is one layoff to load.
type reduction struct {
	id, employer uuid.UUID
	region       string
	reported     time.Time
	people       int
	entries      int
	state        string
}

// layoffStates are the states that a layoff ends in, by the number of entries of its history, the likeliest first.
var layoffStates = [][]string{{"reported"}, {"notified", "reported", "withdrawn"}, {"negotiating", "agreed",
	"withdrawn"}, {"agreed", "terminated", "disputed", "terminated"},
	{"terminated", "terminated", "decided"}}

// reductions draws the layoffs, the oldest first.
func (l *loader) reductions(n int) []reduction {
	all := make([]reduction, n)
	for i := range all {
		at := l.past(i, n)
		r := reduction{id: l.idAt(at), region: l.country.draw(l.rand), reported: at, people: 5 + int(float64(rank(l.rand,
			2000))), entries: 1 + l.rand.IntN(len(layoffStates))}
		states := layoffStates[r.entries-1]
		r.state = states[rank(l.rand, len(states))]
		// An employer that lays off in several waves keeps its place.
		r.employer = l.idAt(at)
		if i > 10 && l.rand.IntN(5) < 2 {
			earlier := all[l.rand.IntN(i)]
			r.employer, r.region = earlier.employer, earlier.region
		}
		all[i] = r
		if r.state != "withdrawn" {
			l.layoffsOf[r.region] = append(l.layoffsOf[r.region], r.id)
		}
	}
	return all
}

// entry is one entry of the history of a layoff.
func (r *reduction) entry(seq int) (kind, payload string) {
	switch {
	case seq == 1:
		return "layoff.reported", fmt.Sprintf(`{"reference":"B-%s","reason":"EFFICIENCY_LOSS","people_planned":%d}`,
			r.id.String()[:8], r.people)
	case seq == r.entries && r.state == "withdrawn":
		return "layoff.withdrawn", `{"reason":"order baru"}`
	case seq == 3:
		return "layoff.reduced", fmt.Sprintf(`{"from":%d,"to":%d}`, r.people, r.people-r.people/10)
	}
	return "layoff.happened", `{"to":"negotiating"}`
}

func (r *reduction) at(seq int) time.Time {
	return r.reported.Add(time.Duration(seq-1) * 30 * time.Hour)
}

// loadLayoffs copies employers, layoffs and their histories.
func (l *loader) loadLayoffs(ctx context.Context, conn *pgx.Conn, all []reduction) error {
	var history, employers, layoffs [][]any
	seen := map[uuid.UUID]bool{}
	for i := range all {
		r := &all[i]
		var prev [32]byte
		for seq := 1; seq <= r.entries; seq++ {
			kind, payload := r.entry(seq)
			e := audit.Entry{CaseID: r.id, Seq: seq, Kind: kind, Actor: officerOf(r.region, 2),
				OccurredOn: calendar.FromTime(r.at(seq)), RecordedAt: r.at(seq), Payload: payload, PrevHash: prev}
			hash := e.Digest()
			history = append(history, []any{r.id, seq, r.region, kind, e.Actor, e.OccurredOn.Time(), e.RecordedAt, payload,
				bytes.Clone(prev[:]), hash[:]})
			prev = hash
		}
		if !seen[r.employer] {
			seen[r.employer] = true
			name := fmt.Sprintf("PT %s %d", second[rank(l.rand, len(second))], i)
			employers = append(employers, []any{r.employer, r.region, fmt.Sprintf("%013d", i), name, casestore.NameKey(name),
				fmt.Sprintf("%02d%03d", 10+l.rand.IntN(30), l.rand.IntN(900)), "2020"})
		}
		var due, what any
		if r.state != "withdrawn" && r.state != "terminated" {
			due, what = l.day.AddDays(l.rand.IntN(60)-20).Time(), "bipartite"
		}
		layoffs = append(layoffs, []any{r.id, r.region, r.employer, fmt.Sprintf("B-%s-%d", r.id.String()[:8], i),
			"EFFICIENCY_LOSS", r.reported.AddDate(0, 0, 40), r.people, officerOf(r.region, 2), r.reported,
			r.entries, r.state, r.people / 10, due, what, prev[:], r.at(r.entries)})
	}
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"employer", []string{"id", "region", "nib", "name", "name_key", "kbli", "kbli_edition"}, employers},
		{"layoff", []string{"id", "region", "employer_id", "reference", "reason", "planned_on", "people_planned",
			"reported_by", "created_at", "version", "state", "jobs_saved", "due_on", "due_for",
			"head", "updated_at"}, layoffs},
		{"layoff_history", historyColumns("layoff_id"), history},
	} {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func historyColumns(of string) []string {
	return []string{of, "seq", "region", "kind", "actor", "occurred_on", "recorded_at", "payload", "prev_hash", "hash"}
}
