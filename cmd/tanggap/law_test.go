package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/policies"
)

// administrator is the same server as another officer of the nation sees it.
func (p *process) administrator(email string) *process {
	p.t.Helper()
	own := &process{t: p.t, address: p.address}
	code := strings.TrimSpace(p.run("officer", "add", email, "--name", "Uji", "--role", "administrator"))
	own.env = append(slices.Clone(p.env), "TANGGAP_PASSWORD="+password.Generate(), "TANGGAP_CODE="+code)
	own.run("set-password", email)
	own.env = append(own.env, "TOKEN="+strings.TrimSpace(own.run("sign-in", email)))
	return own
}

// another is a second server on the same database, not yet started.
func (p *process) another(env ...string) *process {
	p.t.Helper()
	q := &process{t: p.t, address: free(p.t), Token: p.Token}
	q.env = append(slices.Clone(p.env), "TANGGAP_LISTEN="+q.address, "TANGGAP_SERVER=http://"+q.address)
	q.env = append(q.env, env...)
	return q
}

// clocks are the days of a layoff as a server gives them.
func (p *process) clocks(layoff string) string {
	p.t.Helper()
	text, err := p.get("/v1/layoffs/" + layoff + "/clocks")
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// lawOffice is a server with three layoffs whose letters are due in January 2028, and a calendar of that year that one
// administrator put in and the other can approve.
type lawOffice struct {
	*process
	db      *storetest.Database
	second  *process
	layoffs []string
	release string
}

func newLawOffice(t *testing.T, env ...string) *lawOffice {
	t.Helper()
	p, db := newProcess(t)
	o := &lawOffice{process: p, db: db, second: p.administrator("dua@contoh.go.id")}
	for i := range 3 {
		status, l, err := p.post("/v1/layoffs", "", fmt.Sprintf("layoff-%d", i), map[string]any{"employer": map[string]any{
			"name": fmt.Sprintf("PT Uji %c", 'A'+i), "region": "3273"}, "reason": "EFFICIENCY_LOSS",
			"planned_on": "2028-01-20", "people_planned": 10})
		if err != nil || status != http.StatusCreated {
			t.Fatalf("report: %d %v %v", status, l, err)
		}
		o.layoffs = append(o.layoffs, fmt.Sprint(l["id"]))
	}
	if len(env) > 0 {
		p.kill()
		p.env = append(p.env, env...)
		p.start()
	}
	list, err := policies.FS.ReadFile(lawbook.HolidaysPath)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "holidays.csv")
	list = append(list, "2028-01-10,Libur,national\n2028-01-11,Libur,national\n"...)
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	said := p.administrator("satu@contoh.go.id").run("law", "put", file, "--from", "2028-01-01", "--reason", "SKB")
	o.release, _, _ = strings.Cut(said, "\t")
	return o
}

// moved are the entries that the law made, layoff by layoff.
func (o *lawOffice) moved() string {
	o.t.Helper()
	var list []string
	for _, id := range o.layoffs {
		list = append(list, fmt.Sprint(query[int](o.t, o.db,
			"select count(*) from layoff_history where layoff_id = $1 and kind = 'layoff.law_changed'", id)))
	}
	return strings.Join(list, " ")
}

// held does something while a layoff cannot be changed, and lets go of it then.
func (o *lawOffice) held(layoff string, during func()) {
	o.t.Helper()
	admin := o.db.Admin(o.t)
	if _, err := admin.Exec(o.t.Context(), "begin; select from layoff where id = '"+layoff+"' for update"); err != nil {
		o.t.Fatal(err)
	}
	during()
	if _, err := admin.Exec(o.t.Context(), "rollback"); err != nil {
		o.t.Fatal(err)
	}
}

// stand waits until so many workers stand before what is held.
func (o *lawOffice) stand(n int) {
	o.t.Helper()
	until(o.t, fmt.Sprintf("%d settle", n), func() bool {
		return query[int](o.t, o.db, `select count(*) from pg_stat_activity where datname = current_database()
			and usename = 'tanggap_app' and wait_event_type = 'Lock' and query ilike '%layoff%'`) >= n
	})
}

// settled waits until every day has moved, once, and looks at the histories.
func (o *lawOffice) settled(before string, servers ...*process) {
	o.t.Helper()
	until(o.t, "every day has moved", func() bool {
		return query[bool](o.t, o.db, "select phase = 'settled' from law_release where id = $1", o.release)
	})
	if got := o.moved(); got != "1 1 1" {
		o.t.Errorf("entries by layoff: %s", got)
	}
	for _, s := range servers {
		if got := s.clocks(o.layoffs[2]); got == before || got != servers[0].clocks(o.layoffs[2]) {
			o.t.Errorf("%s goes by another law: %s", s.address, got)
		}
	}
	if out := o.run("verify"); !strings.HasPrefix(out, "OK: ") {
		o.t.Errorf("verify says %s", out)
	}
}

// A server is killed while a calendar that was let hold moves the days of layoffs. Another one goes by the calendar all
// the same, and when the first comes back, what is left is moved, and nothing twice.
func TestKilledAmidSettling(t *testing.T) {
	t.Parallel()
	o := newLawOffice(t)
	other := o.another("TANGGAP_WORKERS=0")
	other.start()
	before := other.clocks(o.layoffs[2])
	o.held(o.layoffs[1], func() {
		o.second.run("law", "approve", o.release)
		o.stand(1)
		o.kill()
		if got := o.moved(); got != "1 0 0" {
			t.Errorf("it was not killed in the middle: %s", got)
		}
		until(t, "the other server hears of it", func() bool { return other.clocks(o.layoffs[2]) != before })
	})
	if _, err := o.db.Admin(t).Exec(t.Context(),
		"update law_release set looked_at = clock_timestamp() - interval '2 minutes'"); err != nil {
		t.Fatal(err)
	}
	o.start()
	o.settled(before, other, o.process)
}

// Two servers settle one release at the same time: both go by it, and no day moves twice.
func TestTwoServersSettle(t *testing.T) {
	t.Parallel()
	o := newLawOffice(t, "TANGGAP_WORKERS=1")
	other := o.another()
	other.start()
	before := other.clocks(o.layoffs[2])
	o.held(o.layoffs[1], func() {
		o.second.run("law", "approve", o.release)
		if _, err := o.db.Admin(t).Exec(t.Context(), `insert into river.river_job (args, kind, max_attempts, queue, state)
			select args, kind, max_attempts, queue, 'available' from river.river_job where kind = 'law_settle'`); err != nil {
			t.Fatal(err)
		}
		o.stand(2)
	})
	o.settled(before, other, o.process)
}

// A file that no server can read any more stops every start, and says how it is taken back: on the database itself,
// with an entry. One that can be read is not.
func TestAnUnreadableFileIsTakenBackOffline(t *testing.T) {
	t.Parallel()
	o := newLawOffice(t)
	o.second.run("law", "approve", o.release)
	withdraw := []string{"law", "withdraw", o.release, "--unreadable", "--reason", "rusak", "--lang", "en"}
	if out, err := o.command(withdraw...).CombinedOutput(); err == nil || !strings.Contains(string(out), "two officers") {
		t.Errorf("a file that can be read: %v %s", err, out)
	}
	o.kill()
	if _, err := o.db.Admin(t).Exec(t.Context(),
		"set session_replication_role = replica; update law_release set content = 'a: 1'"); err != nil {
		t.Fatal(err)
	}
	out, err := o.command("serve").CombinedOutput()
	if err == nil || !strings.Contains(string(out), o.release) || !strings.Contains(string(out), "--unreadable") {
		t.Fatalf("it serves: %v %s", err, out)
	}
	if said := o.run(withdraw...); !strings.HasPrefix(said, o.release) || !strings.Contains(said, "Taken back") {
		t.Errorf("told as %s", said)
	}
	if out, err := o.command(withdraw...).CombinedOutput(); err == nil || !strings.Contains(string(out), "already") {
		t.Errorf("taken back a second time: %v %s", err, out)
	}
	if n := query[int](t, o.db, `select count(*) from law_history where release_id = $1 and kind = 'law.withdrawn'
		and payload::json ->> 'reason' = 'rusak' and payload::json ->> 'unreadable' <> ''`, o.release); n != 1 {
		t.Errorf("%d entries", n)
	}
	o.start()
}
