package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// asks is somebody of the demo office, who reads.
type asks struct {
	t              *testing.T
	address, token string
}

func (d *demoServer) as(t *testing.T, name string) asks {
	t.Helper()
	a := asks{t: t, address: d.address}
	body, _ := json.Marshal(map[string]string{"email": name + "@demo.tanggap.id", "password": d.passwords[name]})
	r, err := http.Post("http://"+a.address+"/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var s struct{ Token string }
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil || s.Token == "" {
		t.Fatalf("%s cannot sign in: %d %v", name, r.StatusCode, err)
	}
	a.token = s.Token
	return a
}

func (a asks) get(path string, into any) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, "http://"+a.address+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+a.token)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	if err := json.NewDecoder(w.Body).Decode(into); err != nil || w.StatusCode != http.StatusOK {
		a.t.Fatalf("%s answers %d: %v", path, w.StatusCode, err)
	}
}

func (a asks) stages() map[casework.Stage]int {
	a.t.Helper()
	var counts struct{ Stages map[casework.Stage]int }
	a.get("/v1/cases/counts", &counts)
	return counts.Stages
}

// Everybody of the demo office finds something to do; the histories of it are proved; a second start adds nothing.
func TestTheDemoOfficeIsAlive(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	head := d.as(t, "jabar")
	stages := head.stages()
	for _, s := range casework.Stages() {
		if stages[s] == 0 {
			t.Errorf("no case is in %s", s)
		}
	}
	d.worksInTime(t)
	var queues struct {
		Items []struct {
			Queue track.Queue
			Count *int
			List  string
		}
	}
	head.get("/v1/queues", &queues)
	var waits []track.Queue
	for _, q := range queues.Items {
		var list struct{ Items []json.RawMessage }
		if head.get(q.List, &list); len(list.Items) > 0 && (q.Count == nil || *q.Count > 0) {
			waits = append(waits, q.Queue)
		}
	}
	for _, q := range (track.Queue("")).Values() {
		if q != track.PaymentQueue && !slices.Contains(waits, q) {
			t.Errorf("nothing waits in %s", q)
		}
	}
	for name, path := range map[string]string{"bpjs": "/v1/payments", "jabar": "/v1/findings?state=open",
		"auditor": "/v1/emergencies", "bandung": "/v1/classes", "pusat": "/v1/exports/awaiting"} {
		var list struct{ Items []json.RawMessage }
		if d.as(t, name).get(path, &list); len(list.Items) == 0 {
			t.Errorf("%s finds nothing in %s", name, path)
		}
	}
	d.listWaits(t)
	var sessions struct{ Items []json.RawMessage }
	if d.as(t, "kabbandung").get("/v1/sessions", &sessions); len(sessions.Items) != 1 {
		t.Errorf("%d sessions of an officer who signed in once", len(sessions.Items))
	}
	d.stop()
	if out := d.run("verify", "--lang", "en"); !strings.HasPrefix(out, "OK: ") {
		t.Errorf("verify says %s", out)
	}
	d.start()
	if again := d.as(t, "jabar").stages(); fmt.Sprint(again) != fmt.Sprint(stages) {
		t.Errorf("a second start made %v of %v", again, stages)
	}
}

// worksInTime looks for something due of every kind, late and today. A first course bought with a Prakerja card has no
// day under the scheme of today.
func (d *demoServer) worksInTime(t *testing.T) {
	t.Helper()
	var counts struct {
		Items []struct {
			Kind         track.TaskKind
			Overdue, Due int
		}
		Overdue, Due int
	}
	d.as(t, "bandung").get("/v1/work/counts?until=2099-12-31", &counts)
	for _, kind := range (track.TaskKind("")).Values() {
		if kind != track.TaskFirstCourse && !slices.ContainsFunc(counts.Items, func(c struct {
			Kind         track.TaskKind
			Overdue, Due int
		}) bool {
			return c.Kind == kind
		}) {
			t.Errorf("nothing is to do of kind %s", kind)
		}
	}
	var late, soon bool
	for _, c := range counts.Items {
		if c.Kind == track.TaskFollowUp {
			late, soon = c.Overdue > 0, c.Due > 1
		}
	}
	if !late || !soon {
		t.Errorf("follow-ups: %+v", counts.Items)
	}
}

// listWaits looks for the employer's list that the first person in front of the program loads.
func (d *demoServer) listWaits(t *testing.T) {
	t.Helper()
	a := d.as(t, "bandung")
	until(t, "the list is checked", func() bool {
		var lists struct {
			Items []struct {
				State string
				Rows  struct{ Valid, Refused int }
			}
		}
		a.get("/v1/intakes", &lists)
		return len(lists.Items) == 1 && lists.Items[0].State == "checked" && lists.Items[0].Rows.Valid > 0 &&
			lists.Items[0].Rows.Refused > 0
	})
}

// A database that began as anything else than a demo gets nothing of one: neither one with an officer of its own nor
// one that only has cases.
func TestTheDemoIsRefusedBesideOtherData(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "d")
	env := []string{"TANGGAP_DATA_DIR=" + folder, "TANGGAP_DATABASE_URL=", "TANGGAP_OWNER_DATABASE_URL=",
		"TANGGAP_LISTEN=" + free(t)}
	if out, errs, code := ending(t, env, "migrate"); code != 0 {
		t.Fatal(out, errs)
	}
	if out, errs, code := ending(t, env, "officer", "add", "ani@contoh.go.id", "--name", "Ani", "--role",
		"administrator"); code != 0 {
		t.Fatal(out, errs)
	}
	for _, command := range []string{"demo", "demo --empty", "serve --demo"} {
		if out, errs, code := ending(t, env, strings.Fields(command)...); code == 0 || !strings.Contains(errs+out,
			"that no demo made") {
			t.Errorf("%s: %d %s%s", command, code, out, errs)
		}
	}
}

// demoServer is the program as `make run` starts it, on a free port, with a private PostgreSQL of its own.
type demoServer struct {
	*process
	folder    string
	args      []string
	said      bytes.Buffer
	passwords map[string]string // by the first part of the address
}

func startDemo(t *testing.T, args ...string) *demoServer {
	t.Helper()
	d := prepareDemo(t, args...)
	d.start()
	for _, p := range passwordLine.FindAllStringSubmatch(d.said.String(), -1) {
		d.passwords[p[1]] = p[2]
	}
	return d
}

func prepareDemo(t *testing.T, args ...string) *demoServer {
	t.Helper()
	folder := filepath.Join(reachable(t), "d") // not t.TempDir: the database runs as another user
	d := &demoServer{process: &process{t: t, address: free(t)}, folder: folder,
		args: append([]string{"serve", "--demo"}, args...), passwords: map[string]string{}}
	d.env = append(os.Environ(), "TANGGAP_DATA_DIR="+folder, "TANGGAP_LISTEN="+d.address, "TANGGAP_DATABASE_URL=",
		"TANGGAP_OWNER_DATABASE_URL=")
	t.Cleanup(func() { d.stop() })
	return d
}

var passwordLine = regexp.MustCompile(`(?m)^  (\w+)@demo\.tanggap\.id\s+(\S+)`)

// start starts it, with the database as it is.
func (d *demoServer) start() {
	d.t.Helper()
	d.begin()
	d.await(3 * patience) // the first start makes a database and fills the office
}

func (d *demoServer) begin() {
	d.t.Helper()
	d.cmd = d.command(d.args...)
	d.cmd.Stdout, d.cmd.Stderr = &d.said, d.t.Output()
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
}

// stop stops it, and its PostgreSQL with it.
func (d *demoServer) stop() {
	if d.cmd.ProcessState == nil {
		_ = d.cmd.Process.Signal(os.Interrupt)
		_ = d.cmd.Wait()
	}
}

// A start that is killed while it fills the office is carried on by the next one, and nothing is there twice.
func TestTheDemoOfficeIsFilledOnce(t *testing.T) {
	t.Parallel()
	whole, broken := startDemo(t), prepareDemo(t)
	broken.begin()
	untilAtMost(t, 3*patience, "some workers are there", func() bool { return broken.cases() > 5 })
	broken.kill()
	if n := broken.cases(); n >= whole.cases() {
		t.Fatalf("the office was filled with %d cases before it was stopped", n)
	}
	broken.start()
	for _, what := range []string{"cases", "case_history", "layoff", "vacancy", "class"} {
		if got, want := broken.rows(what), whole.rows(what); got != want {
			t.Errorf("%d rows of %s, want %d", got, what, want)
		}
	}
}

func (d *demoServer) cases() int { return d.rows("cases") }

// rows counts what a table holds; 0 while it is not there.
func (d *demoServer) rows(table string) (n int) {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), "host="+d.folder+"/s user=tanggap_admin dbname=tanggap")
	if err != nil {
		return 0
	}
	defer func() { _ = conn.Close(context.WithoutCancel(d.t.Context())) }()
	if conn.QueryRow(d.t.Context(), "select count(*) from "+table).Scan(&n) != nil {
		return 0
	}
	return n
}
