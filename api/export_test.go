package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
)

type exported struct {
	ID, State, Failure, Passphrase string
	Entries                        int
	FileName                       string `json:"file_name"`
}

// run does what the job queue does.
func run(t *testing.T, b *apitest.Bundle, id string) {
	t.Helper()
	if err := b.Services.Exports.Run(t.Context(), uuid.MustParse(id)); err != nil {
		t.Fatal(err)
	}
}

// fetch makes an ordered export and gives its parts, opened.
func (w *atlas) fetch(t *testing.T, o *apitest.Officer, ordered apitest.Answer) map[string]string {
	t.Helper()
	return parts(t, w.Bundle, o, ordered)
}

func parts(t *testing.T, b *apitest.Bundle, o *apitest.Officer, ordered apitest.Answer) map[string]string {
	t.Helper()
	var x exported
	ordered.JSON(t, &x)
	run(t, b, x.ID)
	file := o.Call(t, http.MethodGet, "/v1/exports/"+x.ID+"/file", nil)
	if file.Status != http.StatusOK {
		t.Fatalf("fetch: %d %s", file.Status, file.Body)
	}
	identity, err := age.NewScryptIdentity(x.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return unpacked(t, file.Body, identity)
}

func unpacked(t *testing.T, file []byte, identity age.Identity) map[string]string {
	t.Helper()
	plain, err := age.Decrypt(bytes.NewReader(file), identity)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, part := range z.File {
		in, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[part.Name] = string(content)
	}
	return out
}

func folderOf(parts map[string]string) fstest.MapFS {
	folder := fstest.MapFS{}
	for name, content := range parts {
		folder[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return folder
}

func verifyParts(t *testing.T, parts map[string]string, key string) audit.BundleReport {
	t.Helper()
	r, err := audit.VerifyBundle(t.Context(), folderOf(parts), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func order(t *testing.T, o *apitest.Officer, body map[string]any) apitest.Answer {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/exports", body)
	if a.Status != http.StatusAccepted {
		t.Fatalf("order: %d %s", a.Status, a.Body)
	}
	return a
}

// A bundle proves itself to somebody who has nothing but the public key; none of its parts can be another one.
func TestABundleProvesItselfOffline(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	for n := range 5 {
		c := o.Open(t, "3273", n+1, "=cmd|'/c calc'!A1")
		o.Change(t, &c, "/notes", map[string]any{"text": "catatan rahasia"})
	}
	key := b.Key.Public()
	for _, format := range []string{"csv", "jsonl"} {
		got := parts(t, b, o, order(t, o, map[string]any{"format": format, "profile": "masked"}))
		r := verifyParts(t, got, key)
		if r.Finding != nil || r.Entries != 10 || r.Cases != 5 || !r.Trusted || r.Manifest.Cases != 5 {
			t.Fatalf("%s: %+v", format, r)
		}
		if strings.Contains(got["histories."+format], "rahasia") || strings.Contains(got["people.csv"], "3273010101900001") {
			t.Error("what is not for this profile stands in clear")
		}
		rows, err := csv.NewReader(strings.NewReader(got["people.csv"])).ReadAll()
		if err != nil || len(rows) != 6 || rows[1][8] != "'=cmd|'/c calc'!A1" {
			t.Errorf("people: %v %v", rows, err)
		}
		for name, content := range got {
			for at := 0; at < len(content); at += 1 + len(content)/60 {
				changed := map[string]string{}
				for n, c := range got {
					changed[n] = c
				}
				changed[name] = content[:at] + string(content[at]^1) + content[at+1:]
				if r, err := audit.VerifyBundle(t.Context(), folderOf(changed), key, nil); err == nil && r.Finding == nil {
					t.Fatalf("%s: byte %d of %s passes unseen", format, at, name)
				}
			}
			missing := map[string]string{}
			for n, c := range got {
				if n != name {
					missing[n] = c
				}
			}
			if r, err := audit.VerifyBundle(t.Context(), folderOf(missing), key, nil); err == nil && r.Finding == nil {
				t.Errorf("%s: nobody misses %s", format, name)
			}
		}
	}
	if r := verifyParts(t, parts(t, b, o, order(t, o, map[string]any{})), apitest.New(t).Key.Public()); r.Finding == nil ||
		r.Finding.What != audit.BadSignature {
		t.Errorf("another key: %+v", r.Finding)
	}
}

func TestExportsAreEncryptedForWhomeverTheyAreFor(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Auditor, "3273")
	b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "=A1+1")
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var x exported
	order(t, o, map[string]any{"recipient": mine.Recipient().String()}).JSON(t, &x)
	if x.Passphrase != "" {
		t.Error("a passphrase, too")
	}
	run(t, b, x.ID)
	file := o.Call(t, http.MethodGet, "/v1/exports/"+x.ID+"/file", nil)
	if bytes.Contains(file.Body, []byte("case.opened")) || verifyParts(t, unpacked(t, file.Body, mine),
		"").Finding != nil {
		t.Error("not the sealed bundle")
	}
	order(t, o, map[string]any{"format": "xlsx", "profile": "masked"}).JSON(t, &x)
	run(t, b, x.ID)
	file = o.Call(t, http.MethodGet, "/v1/exports/"+x.ID+"/file", nil)
	if _, err := excelize.OpenReader(bytes.NewReader(file.Body)); err == nil {
		t.Error("the spreadsheet opens without its password")
	}
	book, err := excelize.OpenReader(bytes.NewReader(file.Body), excelize.Options{Password: x.Passphrase})
	if err != nil {
		t.Fatal(err)
	}
	name, _ := book.GetCellValue("Pekerja", "I2")
	formula, _ := book.GetCellFormula("Pekerja", "I2")
	if kind, _ := book.GetCellType("Pekerja", "I2"); name != "=A1+1" || formula != "" || kind == excelize.CellTypeFormula {
		t.Errorf("%q is %q, kind %v", name, formula, kind)
	}
}

// Everything about the workers is shown only when a second officer, who may see it too, says so; both have just given
// their password.
func TestAnExportOfEverythingNeedsFourEyes(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides, elsewhere := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "32"),
		b.Officer(t, authz.Supervisor, "3204")
	c := asks.Open(t, "3273", 1, "Siti Nurhaliza")
	asks.Change(t, &c, "/notes", map[string]any{"text": "catatan rahasia"})
	body := map[string]any{"format": "dossier", "profile": "full", "case": c.ID, "reason": "Permintaan pengadilan 12/2026"}
	if a := asks.Call(t, http.MethodPost, "/v1/exports",
		map[string]any{"profile": "full"}); a.Code() != "export.reason_required" {
		t.Errorf("without a reason: %s", a.Body)
	}
	var x exported
	order(t, asks, body).JSON(t, &x)
	approve := func(o *apitest.Officer) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/exports/"+x.ID+"/approval", nil)
	}
	if x.State != "awaiting" || fault.CodeOf(b.Services.Exports.Run(t.Context(),
		uuid.MustParse(x.ID))) != "export.not_found" {
		t.Fatalf("it runs before anybody approved: %+v", x)
	}
	for o, code := range map[*apitest.Officer]string{asks: "export.own", elsewhere: "export.not_found"} {
		if a := approve(o); a.Code() != code {
			t.Errorf("got %s, want %s", a.Body, code)
		}
	}
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update session set confirmed_at = now() - interval '6 minutes' where officer_id = $1",
		[16]byte(decides.ID)); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(decides.ID)
	if a := approve(decides); a.Code() != "session.confirmation_required" {
		t.Errorf("with an old password: %s", a.Body)
	}
	if a := decides.Call(t, http.MethodPost, "/v1/session/confirmation",
		map[string]any{"password": "salah sekali"}); a.Code() != "password.wrong" {
		t.Errorf("a wrong password: %s", a.Body)
	}
	decides.Confirm(t)
	var waiting struct{ Items []exported }
	decides.Call(t, http.MethodGet, "/v1/exports/awaiting", nil).JSON(t, &waiting)
	if len(waiting.Items) != 1 || waiting.Items[0].ID != x.ID {
		t.Errorf("awaiting: %+v", waiting)
	}
	if a := approve(decides); a.Status != http.StatusOK {
		t.Fatalf("approve: %s", a.Body)
	}
	run(t, b, x.ID)
	identity, err := age.NewScryptIdentity(x.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	got := unpacked(t, asks.Call(t, http.MethodGet, "/v1/exports/"+x.ID+"/file", nil).Body, identity)
	if !strings.HasPrefix(got["dossier.pdf"], "%PDF-") || !strings.Contains(got["people.csv"], "3273010101900001") ||
		!strings.Contains(got["notes.csv"], "catatan rahasia") {
		t.Errorf("the dossier lacks something: %d parts", len(got))
	}
	if r := verifyParts(t, got, b.Key.Public()); r.Finding != nil || r.Entries != 2 {
		t.Errorf("%+v", r.Finding)
	}
	if a := decides.Call(t, http.MethodGet, "/v1/exports/"+x.ID+"/file", nil); a.Status != http.StatusNotFound {
		t.Errorf("the file of somebody else: %d", a.Status)
	}
}

// What an officer may no longer see they neither get made nor fetch; a cancelled or expired file is gone.
func TestRightsAreAskedAgainWhenAnExportRunsAndIsFetched(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, admin := b.Officer(t, authz.Supervisor, "3273", "3204"), b.Officer(t, authz.Administrator, "")
	o.Open(t, "3273", 1, "Satu")
	o.Open(t, "3204", 2, "Dua")
	var made, late, gone exported
	order(t, o, map[string]any{}).JSON(t, &made)
	run(t, b, made.ID)
	order(t, o, map[string]any{}).JSON(t, &late)
	var officer struct{ Grants []struct{ ID, Region string } }
	admin.Call(t, http.MethodGet, "/v1/officers/"+o.ID.String(), nil).JSON(t, &officer)
	for _, g := range officer.Grants {
		if g.Region == "3204" {
			if a := admin.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/grants/"+g.ID+"/revocation", nil); a.Status != http.StatusOK {
				t.Fatalf("revoke: %s", a.Body)
			}
		}
	}
	b.Sessions.Forget(o.ID)
	if a := o.Call(t, http.MethodGet, "/v1/exports/"+made.ID+"/file", nil); a.Status != http.StatusNotFound {
		t.Errorf("what holds another office is fetched: %d", a.Status)
	}
	run(t, b, late.ID)
	identity, err := age.NewScryptIdentity(late.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if r := verifyParts(t, unpacked(t, o.Call(t, http.MethodGet, "/v1/exports/"+late.ID+"/file", nil).Body, identity),
		""); r.Finding != nil || r.Cases != 1 {
		t.Errorf("made after the revocation: %d cases, %v", r.Cases, r.Finding)
	}
	order(t, o, map[string]any{}).JSON(t, &gone)
	if a := o.Call(t, http.MethodPost, "/v1/exports/"+gone.ID+"/cancellation", nil); a.Status != http.StatusOK {
		t.Fatalf("cancel: %s", a.Body)
	}
	if err := b.Services.Exports.Run(t.Context(), uuid.MustParse(gone.ID)); fault.CodeOf(err) != "export.not_found" {
		t.Errorf("a cancelled export runs: %v", err)
	}
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update export set expires_at = now() - interval '1 second' where id = $1", uuid.MustParse(late.ID)); err != nil {
		t.Fatal(err)
	}
	if err := b.Services.Exports.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := o.Call(t, http.MethodGet, "/v1/exports/"+late.ID+"/file", nil); a.Code() != "export.not_ready" {
		t.Errorf("an expired file is fetched: %d %s", a.Status, a.Body)
	}
	for range export.MostUnderWay {
		order(t, o, map[string]any{})
	}
	if a := o.Call(t, http.MethodPost, "/v1/exports", map[string]any{}); a.Status != http.StatusTooManyRequests {
		t.Errorf("one more than is allowed at once: %d", a.Status)
	}
}

// A worker that was given up while another took its export over cannot put its file in the place of the other's.
func TestAnOvertakenWorkerLeavesNothing(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	o.Open(t, "3273", 1, "Satu")
	var x exported
	order(t, o, map[string]any{}).JSON(t, &x)
	id := uuid.MustParse(x.ID)
	first, err := b.Store.StartExport(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Store.StartExport(t.Context(), id); fault.CodeOf(err) != "export.not_found" {
		t.Errorf("two at once: %v", err)
	}
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update export set seen_at = now() - interval '1 minute'"); err != nil {
		t.Fatal(err)
	}
	waiting, err := b.Store.WaitingExports(t.Context())
	if err != nil || len(waiting) != 1 {
		t.Fatalf("waiting: %v %v", waiting, err)
	}
	run(t, b, x.ID)
	first.State = export.Ready
	if err := b.Store.BeatExport(t.Context(), first); fault.CodeOf(err) != "export.overtaken" {
		t.Errorf("the first still beats: %v", err)
	}
	if err := b.Store.FinishExport(t.Context(), first, time.Hour); fault.CodeOf(err) != "export.overtaken" {
		t.Errorf("the first finishes: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	order(t, o, map[string]any{}).JSON(t, &x)
	if err := b.Services.Exports.Run(stopped, uuid.MustParse(x.ID)); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// An order that nothing fits becomes a file that is signed, and says that it is empty: in the answer, in its manifest
// and in its text for people.
func TestAnEmptyExportSaysSo(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	o.Open(t, "3273", 1, "Satu")
	for body, empty := range map[string]bool{"closed": true, "intake": false} {
		ordered := order(t, o, map[string]any{"stage": body})
		inside := parts(t, b, o, ordered)
		var x struct {
			ID    string
			State string
			Empty bool
		}
		ordered.JSON(t, &x)
		if o.Call(t, http.MethodGet, "/v1/exports/"+x.ID, nil).JSON(t, &x); x.State != "ready" || x.Empty != empty {
			t.Errorf("%s: %+v", body, x)
		}
		if strings.Contains(inside["manifest.json"], `"cases": 0,`) != empty ||
			!strings.Contains(inside["README.txt"], `"cases": 0`) {
			t.Errorf("%s: %s\n%s", body, inside["manifest.json"], inside["README.txt"])
		}
	}
}
