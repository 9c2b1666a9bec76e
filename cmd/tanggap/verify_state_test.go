package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// inTheTables is what somebody with all rights changes behind the program's back, the n-th case each, and what is
// named.
var inTheTables = []struct{ sql, named string }{
	{"update cases set stage = 'training' where id = ID", "cases.stage"},
	{"update cases set stage = 'closed', outcome = 'placed', closed_on = current_date, due_on = null, due_for = null " +
		"where id = ID", "cases"},
	{"update cases set officer_id = (select id from officer limit 1) where id = ID", "cases.officer_id"},
	{"update cases set due_on = due_on + 30 where id = ID", "cases.due_on"},
	{"update cases set claim_state = 'running' where id = ID", "cases.claim_state"},
	{"update case_worker set name = 'Orang Lain' where case_id = ID", "case_worker.name"},
	{"update cases set region = '3204' where id = ID", "cases.region"},
	{"update layoff set people_planned = 7", "layoff.people_planned"},
}

// The command names each change of a row, and says of what is untouched that it is what its history left.
func TestVerifyNamesWhatIsChangedInTheTables(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	p.run("intake", "../../pkg/intake/testdata/clean_500.xlsx", "--employer", "PT Contoh", "--region", "3273", "--apply")
	deadline := time.Now().Add(2 * time.Minute)
	for !strings.Contains(p.run("verify", "--lang", "en"), "the rows of 501 cases and layoffs are those") {
		if time.Now().After(deadline) {
			t.Fatalf("not sealed: %s", p.run("verify", "--lang", "en"))
		}
	}
	conn := db.Admin(t)
	if _, err := conn.Exec(t.Context(), "set session_replication_role = replica"); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(inTheTables))
	for n, change := range inTheTables {
		owner := "select id::text from cases order by id offset $1 limit 1"
		if strings.HasPrefix(change.named, "layoff") {
			owner = "select id::text from layoff offset $1 * 0"
		}
		if err := conn.QueryRow(t.Context(), owner, n).Scan(&ids[n]); err != nil {
			t.Fatal(err)
		}
		if tag, err := conn.Exec(t.Context(), strings.ReplaceAll(change.sql, "ID", "'"+ids[n]+"'")); err != nil ||
			tag.RowsAffected() != 1 {
			t.Fatalf("%s: %v, %s", change.sql, err, tag)
		}
	}
	out, err := p.command("verify", "--lang", "en").CombinedOutput()
	if err == nil {
		t.Error("the status is 0")
	}
	for n, change := range inTheTables {
		_, line, _ := strings.Cut(string(out), "CHANGED: "+ids[n]+", ")
		line, _, _ = strings.Cut(line, "\n")
		if !slices.Contains(strings.Fields(strings.ReplaceAll(line, ",", "")), change.named) {
			t.Errorf("%s: not named in %q", change.named, line)
		}
	}
	if n := strings.Count(string(out), "CHANGED: "); n != len(ids) {
		t.Errorf("more is accused than was changed:\n%s", out)
	}
}
