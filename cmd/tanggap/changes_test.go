package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// casesVariable is how many cases the list has whose changes are followed: few in an ordinary run, 3000 for the proof.
const casesVariable = "TANGGAP_TEST_CHANGES"

// heard is one change as somebody was told of it.
type heard struct {
	Index int64
	ID    string
	Seq   int
	Kind  string
}

// receiver takes what a webhook sends, when its signature holds.
type receiver struct {
	mu      sync.Mutex
	secret  string
	taken   []heard
	message map[string]int64 // webhook-id to place
	wrong   []string
	seen    func(n int) // hears how many there are; runs before the answer
	refuse  map[int]int // statuses instead, by the number of the request
	asked   int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	text, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	wh, err := standardwebhooks.NewWebhook(r.secret)
	if err == nil {
		err = wh.Verify(text, q.Header)
	}
	var c heard
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		r.wrong = append(r.wrong, err.Error())
	}
	if status := r.refuse[r.asked]; status != 0 {
		w.WriteHeader(status)
		return
	}
	id := q.Header.Get("webhook-id")
	if place, again := r.message[id]; again && place != c.Index {
		r.wrong = append(r.wrong, "one webhook-id for two changes")
	} else if !again {
		r.message[id] = c.Index
		r.taken = append(r.taken, c)
	}
	if r.seen != nil {
		r.seen(len(r.taken))
	}
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.taken)
}

// listOf writes a list of workers.
func listOf(t *testing.T, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("No,NIK,Nama Lengkap,Tempat Lahir,Tanggal Lahir,Jenis Kelamin,No. KPJ,Jabatan,Upah Terakhir,Tanggal PHK," +
		"Alasan PHK,No HP,Email,Alamat,Kab/Kota\n")
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, "%d,327301010190%04d,Warga %d,Bandung,01/01/1990,L,,Operator,4000000,01/10/2026,Efisiensi,,,,Kota Bandung\n",
			i, i, i)
	}
	path := filepath.Join(t.TempDir(), "daftar.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// integration signs the account of another system in, on a server that may call this machine.
func integration(t *testing.T, p *process) *process {
	t.Helper()
	p.kill()
	p.env = append(p.env, "TANGGAP_WEBHOOK_NETWORKS=127.0.0.0/8,::1/128")
	q := *p
	code := strings.TrimSpace(p.run("officer", "add", "sistem@contoh.go.id", "--name", "Sistem", "--role", "service"))
	p.start()
	q.env = append(slices.Clip(p.env), "TANGGAP_PASSWORD="+password.Generate(), "TANGGAP_CODE="+code)
	q.run("set-password", "sistem@contoh.go.id")
	q.Token = strings.TrimSpace(q.run("sign-in", "sistem@contoh.go.id"))
	return &q
}

// register gives a receiver a webhook from the beginning of the log.
func register(t *testing.T, system *process, r *receiver) {
	t.Helper()
	r.message = map[string]int64{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	status, hook, err := system.post("/v1/webhooks", "", "hook", map[string]any{"url": server.URL + "/tanggap"})
	if err != nil || status != http.StatusCreated {
		t.Fatalf("register: %d %v %v", status, hook, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = fmt.Sprint(hook["secret"])
}

// follow reads every change, with the wait that the server offers, until there are as many as total says, once it says
// something, and then once more.
func (p *process) follow(ctx context.Context, total *atomic.Int64) (list []heard) {
	next := ""
	for enough := false; !enough && ctx.Err() == nil; {
		size := total.Load()
		enough = size > 0 && int64(len(list)) >= size
		text, err := p.get("/v1/changes?limit=200&wait=2" + next)
		var page struct {
			Items []heard
			Next  *int64
			More  bool
		}
		if err != nil || json.Unmarshal(text, &page) != nil || page.Items == nil {
			select { // a server that is away
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		list = append(list, page.Items...)
		if page.Next != nil {
			next = "&after=" + strconv.FormatInt(*page.Next, 10)
		}
	}
	return list
}

// logOf is the whole log.
func logOf(t *testing.T, db *storetest.Database) []heard {
	t.Helper()
	rows, err := db.Admin(t).Query(t.Context(), `select l.idx, l.entry_of::text, l.seq, coalesce(
		(select kind from case_history h where (h.case_id, h.seq) = (l.entry_of, l.seq)),
		(select kind from layoff_history h where (h.layoff_id, h.seq) = (l.entry_of, l.seq))) from log_leaf l order by idx`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[heard])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func casesToFollow(t *testing.T) int {
	t.Helper()
	text := os.Getenv(casesVariable)
	if text == "" {
		return 150
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q", casesVariable, text)
	}
	return n
}

// A list is applied while a reader follows, and a receiver whose webhook is refused once: both have every change once
// and in the order of the log.
func TestEverybodyIsToldEveryChangeOnceInOrder(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	system := integration(t, p)
	r := &receiver{refuse: map[int]int{20: http.StatusServiceUnavailable}}
	register(t, system, r)
	n := casesToFollow(t)
	reading, stop := context.WithTimeout(t.Context(), lifetime)
	defer stop()
	read, total := make(chan []heard, 1), atomic.Int64{}
	go func() { read <- system.follow(reading, &total) }()
	began := time.Now()
	p.run("intake", listOf(t, n), "--employer", "PT Contoh", "--region", "3273", "--apply")
	t.Logf("%d cases were applied after %s", n, time.Since(began).Round(time.Millisecond))
	r.await(t, db, n)
	t.Logf("the receiver has all %d after %s", r.count(), time.Since(began).Round(time.Millisecond))
	want := logOf(t, db)
	total.Store(int64(len(want)))
	if got := <-read; !slices.Equal(got, want) {
		t.Errorf("the reader has %d changes, the log %d entries", len(got), len(want))
	}
	r.holds(t, want)
	if r.asked != len(want)+1 {
		t.Errorf("%d requests for %d changes and one refusal", r.asked, len(want))
	}
}

// await waits until the receiver has the whole log, in which there are n cases at least.
func (r *receiver) await(t *testing.T, db *storetest.Database, n int) {
	t.Helper()
	admin := db.Admin(t)
	ctx, cancel := context.WithTimeout(t.Context(), lifetime)
	defer cancel()
	for {
		var size int
		err := admin.QueryRow(ctx, "select count(*) from log_leaf where not exists (select from log_pending)").Scan(&size)
		if err == nil && size > n && r.count() >= size {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the receiver has %d of %d", r.count(), size)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// holds compares what a receiver took with the log.
func (r *receiver) holds(t *testing.T, want []heard) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.taken, want) {
		t.Errorf("the receiver took %d changes, the log has %d entries", len(r.taken), len(want))
	}
	if len(r.wrong) > 0 {
		t.Errorf("%d requests were wrong: %s", len(r.wrong), r.wrong[0])
	}
}

// The server is killed in the middle of the deliveries. After the next start the receiver is told of everything else,
// in order; of what was on its way it may hear twice, under the same webhook-id.
func TestKilledAmidDeliveries(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	system := integration(t, p)
	half, killed := make(chan struct{}), make(chan struct{})
	r := &receiver{}
	r.seen = func(n int) {
		if n == 60 && r.asked == 60 {
			close(half)
			<-killed
		}
	}
	p.run("intake", listOf(t, 120), "--employer", "PT Contoh", "--region", "3273", "--apply")
	register(t, system, r)
	if status, _, err := system.post("/v1/webhooks/"+r.hook(t, db)+"/replay", "", "again", map[string]any{}); err != nil ||
		status != http.StatusOK {
		t.Fatalf("replay: %d %v", status, err)
	}
	select {
	case <-half:
	case <-time.After(patience):
		close(killed)
		t.Fatal("nothing is delivered")
	}
	p.kill()
	close(killed)
	if lease := query[bool](t, db, "select lease is not null from webhook"); !lease {
		t.Error("the kill interrupted no delivery")
	}
	if _, err := db.Admin(t).Exec(t.Context(), "update webhook set leased_until = now()"); err != nil { // its time passes
		t.Fatal(err)
	}
	p.start()
	r.await(t, db, 120)
	want := logOf(t, db)
	r.holds(t, want)
	if r.asked != len(want)+1 {
		t.Errorf("%d requests for %d changes, of which one was on its way at the kill", r.asked, len(want))
	}
}

// hook is the id of the one webhook.
func (r *receiver) hook(t *testing.T, db *storetest.Database) string {
	t.Helper()
	return query[string](t, db, "select id::text from webhook")
}
