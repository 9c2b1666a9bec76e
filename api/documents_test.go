package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// scanOf is a picture, of another size for each number.
func scanOf(t *testing.T, n ...int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8+len(n), 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type scan struct {
	ID, Kind, Of, Media, SHA256 string
	Size                        int
	ReceivedOn                  string `json:"received_on"`
}

// addScan adds a scan to a case and gives its id.
func addScan(t *testing.T, o *apitest.Officer, c *apitest.Case, content []byte, fields map[string]string) string {
	t.Helper()
	a := o.Upload(t, "/v1/cases/"+c.ID+"/documents", content, fields, "If-Match", rest.ETag(c.Version))
	if a.Status != http.StatusCreated {
		t.Fatalf("add: %d %s", a.Status, a.Body)
	}
	a.JSON(t, c)
	return c.Created
}

// What was sent comes back, byte for byte; list, history and subject report say what it is by the same digest.
func TestAScanComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	o.Change(t, &c, "/responses", map[string]any{"state": "refused"})
	content, of := scanOf(t), c.Created
	id := addScan(t, o, &c, content, map[string]string{"kind": "termination_letter", "of": of,
		"received_on": "2026-11-02"})
	sum := sha256.Sum256(content)
	want := scan{ID: id, Kind: "termination_letter", Of: of, Media: "image/png", Size: len(content),
		ReceivedOn: "2026-11-02",
		SHA256:     hex.EncodeToString(sum[:])}
	path := "/v1/cases/" + c.ID + "/documents"
	var list struct{ Items []scan }
	o.Call(t, http.MethodGet, path, nil).JSON(t, &list)
	var one scan
	o.Call(t, http.MethodGet, path+"/"+id, nil).JSON(t, &one)
	var report struct{ Documents []scan }
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/subject-report", nil).JSON(t, &report)
	if len(list.Items) != 1 || list.Items[0] != want || one != want || len(report.Documents) != 1 ||
		report.Documents[0] != want {
		t.Errorf("list %+v, one %+v, report %+v; want %+v", list.Items, one, report.Documents, want)
	}
	a := o.Call(t, http.MethodGet, path+"/"+id+"/content", nil)
	if a.Status != http.StatusOK || !bytes.Equal(a.Body, content) {
		t.Errorf("content: %d, %d bytes of %d", a.Status, len(a.Body), len(content))
	}
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": `attachment; filename="termination_letter-` + id + `.png"`} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	history := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil)
	if !bytes.Contains(history.Body, []byte(want.SHA256)) || !bytes.Contains(history.Body, []byte("document.added")) {
		t.Errorf("history: %s", history.Body)
	}
}

// Whoever was shown a scan is on record before it leaves, and so is who asked for one that is not there.
func TestReadingAScanIsRecorded(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	path := "/v1/cases/" + c.ID + "/documents/"
	id := addScan(t, o, &c, scanOf(t), map[string]string{"kind": "identity_card"})
	o.Call(t, http.MethodGet, path+id+"/content", nil)
	if a := o.Call(t, http.MethodGet, path+somePart+"/content", nil); a.Code() != "document.not_found" {
		t.Errorf("not there: %d %s", a.Status, a.Code())
	}
	subject := uuid.MustParse(c.ID)
	records, err := b.Store.ListAccess(t.Context(), authz.Everywhere(), accesslog.Filter{Subject: &subject, Limit: 10})
	storetest.OK(t, err)
	var got []string
	for _, r := range records {
		got = append(got, r.Route+" "+string(r.Outcome))
	}
	if text := strings.Join(got, ", "); text != "document-content refused, document-content shown" {
		t.Errorf("on record: %s", text)
	}
}

func TestScansThatAreNotTaken(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, mediator := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Mediator, "3273")
	analyst := b.Officer(t, authz.Analyst, "3273")
	c, closed := o.Open(t, "3273", 1, "Siti Aminah"), o.Open(t, "3273", 2, "Budi")
	addScan(t, mediator, &c, scanOf(t), map[string]string{"kind": "identity_card"})
	o.Change(t, &closed, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	card := map[string]string{"kind": "identity_card"}
	with := func(name, value string) map[string]string {
		return map[string]string{"kind": "pay_slip", name: value}
	}
	for name, try := range map[string]struct {
		by      *apitest.Officer
		to      apitest.Case
		content []byte
		fields  map[string]string
		code    string
	}{
		"the same scan again":     {o, c, scanOf(t), card, "document.exists"},
		"what is no scan":         {o, c, []byte("<html>"), card, "document.content"},
		"nothing":                 {o, c, nil, card, "document.empty"},
		"more than 10 MB":         {o, c, make([]byte, document.MaxSize+1), card, "document.too_large"},
		"of no kind":              {o, c, scanOf(t, 1), map[string]string{"kind": "photo"}, "document.kind_unknown"},
		"of no part":              {o, c, scanOf(t, 1), with("of", somePart), "document.part_not_found"},
		"of what is no id":        {o, c, scanOf(t, 1), with("of", "x"), "document.part_not_found"},
		"received tomorrow":       {o, c, scanOf(t, 1), with("received_on", "2099-01-01"), "case.occurred_in_future"},
		"received on no day":      {o, c, scanOf(t, 1), with("received_on", "2026-02-30"), "calendar.date_invalid"},
		"to a closed case":        {o, closed, scanOf(t), card, "case.closed"},
		"on what was read before": {o, apitest.Case{ID: c.ID, Version: 1}, scanOf(t, 1), card, "case.stale"},
		"by whom it is not":       {analyst, c, scanOf(t, 1), card, "authz.forbidden"},
	} {
		a := try.by.Upload(t, "/v1/cases/"+try.to.ID+"/documents", try.content, try.fields, "If-Match",
			rest.ETag(try.to.Version))
		if a.Code() != try.code {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	var list struct{ Items []scan }
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/documents", nil).JSON(t, &list)
	if len(list.Items) != 1 {
		t.Errorf("%d documents", len(list.Items))
	}
}

// The same request again is answered the same and done once; another scan under its key is refused.
func TestAScanIsAddedOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	send := func(content []byte, kind string) apitest.Answer {
		return o.Upload(t, "/v1/cases/"+c.ID+"/documents", content, map[string]string{"kind": kind},
			"If-Match", rest.ETag(c.Version), "Idempotency-Key", "once")
	}
	first, again := send(scanOf(t), "identity_card"), send(scanOf(t), "identity_card")
	if first.Status != http.StatusCreated || !bytes.Equal(first.Body, again.Body) {
		t.Errorf("%d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	for name, a := range map[string]apitest.Answer{"another scan": send(scanOf(t, 1), "identity_card"),
		"another kind": send(scanOf(t), "bank_book")} {
		if a.Code() != "idempotency.key_reused" {
			t.Errorf("%s: %d %s", name, a.Status, a.Code())
		}
	}
}

// What lies in the place shows nothing, and opens at no other place: not even for the same worker.
func TestScansLieSealed(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	first := addScan(t, o, &c, scanOf(t), map[string]string{"kind": "identity_card"})
	second := addScan(t, o, &c, scanOf(t, 1), map[string]string{"kind": "identity_card"})
	sealed, err := b.Documents.Read(t.Context(), uuid.MustParse(first))
	storetest.OK(t, err)
	if bytes.Contains(sealed, []byte("IHDR")) || len(sealed) <= len(scanOf(t)) {
		t.Errorf("%q lies open", sealed)
	}
	storetest.OK(t, b.Documents.Write(t.Context(), uuid.MustParse(second), sealed))
	if a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/documents/"+second+"/content", nil); a.Status < 500 {
		t.Errorf("the scan of another row: %d", a.Status)
	}
}

// A scanner that finds something refuses the file, and one that is away takes nothing; the case is as it was.
func TestTheScannerIsAskedFirst(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Scanner: filepath.Join(t.TempDir(), "nobody")})
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	a := o.Upload(t, "/v1/cases/"+c.ID+"/documents", scanOf(t), map[string]string{"kind": "identity_card"},
		"If-Match", rest.ETag(c.Version))
	if a.Status != http.StatusServiceUnavailable || a.Code() != "document.scanner" || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	if got := filesOf(t, b); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

// filesOf lists the files in the place of documents.
func filesOf(t *testing.T, b *apitest.Bundle) (names []string) {
	t.Helper()
	storetest.OK(t, filepath.WalkDir(b.DocumentFolder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return err
	}))
	return names
}

// An erasure destroys what every scan shows at once, and the sweep takes the files: those of changes that failed, and
// of the erased, but none that a case has, and none that is young.
func TestErasedAndForsakenScansGo(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	stays, goes := asks.Open(t, "3273", 1, "Siti Aminah"), asks.Open(t, "3273", 2, "Budi")
	kept := addScan(t, asks, &stays, scanOf(t), map[string]string{"kind": "identity_card"})
	erased := addScan(t, asks, &goes, scanOf(t), map[string]string{"kind": "identity_card"})
	asks.Upload(t, "/v1/cases/"+stays.ID+"/documents", scanOf(t, 1), map[string]string{"kind": "pay_slip"}, "If-Match",
		rest.ETag(1))
	if got := filesOf(t, b); len(got) != 3 {
		t.Fatalf("%v", got)
	}
	asks.Change(t, &goes, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	asks.Confirm(t)
	asks.Change(t, &goes, "/erasure", map[string]any{"reason": "permintaan"})
	decides.Confirm(t)
	if a := decides.Change(t, &goes, "/erasure/approval", nil); a.Status != http.StatusOK {
		t.Fatalf("erase: %d %s", a.Status, a.Body)
	}
	path := "/v1/cases/" + goes.ID + "/documents"
	if a := asks.Call(t, http.MethodGet, path+"/"+erased+"/content", nil); a.Code() != "worker.erased" {
		t.Errorf("erased: %d %s", a.Status, a.Code())
	}
	a := asks.Upload(t, path, scanOf(t, 1), map[string]string{"kind": "pay_slip"}, "If-Match", rest.ETag(goes.Version))
	if a.Code() != "worker.erased" {
		t.Errorf("added to the erased: %d %s", a.Status, a.Code())
	}
	sweepAll := func(at time.Time) {
		s := *b.Services.Documents
		for part := range 256 {
			s.Clock = clock.At(at.Add(time.Duration(part) * document.SweepEvery))
			storetest.OK(t, s.Sweep(t.Context()))
		}
	}
	sweepAll(time.Now().Add(-72 * time.Hour))
	if got := filesOf(t, b); len(got) != 3 {
		t.Errorf("the young are %v", got)
	}
	sweepAll(time.Now().Add(25 * time.Hour))
	if got := filesOf(t, b); len(got) != 1 || got[0] != kept {
		t.Errorf("kept %v, not only %s", got, kept)
	}
	if a := asks.Call(t, http.MethodGet, "/v1/cases/"+stays.ID+"/documents/"+kept+"/content",
		nil); a.Status != http.StatusOK {
		t.Errorf("kept: %d", a.Status)
	}
	storetest.OK(t, os.RemoveAll(b.DocumentFolder))
	if a := asks.Call(t, http.MethodGet, "/v1/cases/"+stays.ID+"/documents/"+kept+"/content",
		nil); a.Code() != "document.missing" {
		t.Errorf("taken away: %d %s", a.Status, a.Code())
	}
}
