package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/region"
)

var asOf = audit.Checkpoint{Origin: "uji", Size: 3, At: time.Date(2026, 11, 27, 3, 4, 5, 0, time.UTC)}

// workshop keeps one export in memory, makes its files in a folder of the test, and remembers what was asked of it.
type workshop struct {
	export.WorkStore
	export.Store
	x        export.Export
	snap     snapshot
	scope    authz.Scope // of the officer now
	rights   error
	keeping  error
	starting error
	finished []export.Export
	while    time.Duration // that the file is kept
	measures *measure.Book // as they are decided when nil
	released int
	expired  []uuid.UUID
	moved    []export.State
	left     bool

	mu   sync.Mutex
	kept [][]uuid.UUID
}

func (w *workshop) StartExport(context.Context, uuid.UUID) (export.Export, error) {
	return w.x, w.starting
}
func (w *workshop) BeatExport(context.Context, export.Export) error    { return nil }
func (w *workshop) ReleaseExport(context.Context, export.Export) error { w.released++; return nil }
func (w *workshop) ExpireExports(context.Context) ([]uuid.UUID, error) { return w.expired, nil }

func (w *workshop) FinishExport(_ context.Context, x export.Export, while time.Duration) error {
	w.finished, w.while = append(w.finished, x), while
	return nil
}

func (w *workshop) KeepSubjects(_ context.Context, _ uuid.UUID, cases []uuid.UUID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = append(w.kept, slices.Clone(cases))
	return w.keeping
}

func (w *workshop) Snapshot(_ context.Context, scope authz.Scope, _ export.Export, _ audit.Checkpoint,
	fn func(export.Snapshot) error) error {
	w.snap.scope = scope
	return fn(&w.snap)
}

func (w *workshop) GetExport(_ context.Context, officer authz.OfficerID, _ uuid.UUID) (export.Export, error) {
	if officer != w.x.Officer {
		return export.Export{}, export.NotFound()
	}
	return w.x, nil
}

func (w *workshop) OrderedExport(context.Context, uuid.UUID) (export.Export, error) { return w.x, nil }

func (w *workshop) MoveExport(_ context.Context, _ authz.Op, _ uuid.UUID, to export.State) (export.Export, error) {
	w.moved = append(w.moved, to)
	return w.x, nil
}

func (w *workshop) LeftCustody(context.Context, authz.Scope, export.Export) (bool, error) {
	return w.left, nil
}

// made is the service over the workshop.
func (w *workshop) book(t *testing.T) measure.Book {
	if w.measures == nil {
		return measuretest.Decided(t)
	}
	return *w.measures
}

func (w *workshop) made(t *testing.T) *export.Service {
	t.Helper()
	return export.New(export.Deps{Store: w, Work: w, Cases: cases{}, Folder: export.Folder{Path: t.TempDir()},
		Measures: w.book(t),
		Rights:   func(context.Context, authz.OfficerID, authz.Action) (authz.Scope, error) { return w.scope, w.rights },
		Checkpoint: func(_ context.Context, size int64) (string, audit.Checkpoint, error) {
			if size != 0 && size != asOf.Size {
				return "", audit.Checkpoint{}, fault.New(fault.NotFound, "checkpoint.not_found")
			}
			return asOf.Text() + "\n— uji tanda\n", asOf, nil
		},
		Sign:   func(text string) ([]byte, error) { return []byte(text + "\n— uji tanda\n"), nil },
		LogKey: "uji+kunci",
		Derive: func(purpose string) []byte { return []byte(strings.Repeat(purpose, 16)) }})
}

// snapshot holds people and entries.
type snapshot struct {
	scope   authz.Scope
	people  []export.Person
	entries []audit.Entry
	total   int
	broken  error
	full    []bool
	makes   func() // runs while histories are written
}

func (s *snapshot) At() time.Time       { return asOf.At.Add(time.Second) }
func (s *snapshot) Total() (int, error) { return max(s.total, len(s.entries)), nil }
func (s *snapshot) Prove(places []int64) ([]tlog.Hash, error) {
	if !slices.IsSorted(places) {
		return nil, errors.New("the places are in no order")
	}
	return []tlog.Hash{{1}, {2}}, nil
}

func (s *snapshot) Histories(f export.Format, to io.Writer) (entries, cases int, err error) {
	if s.makes != nil {
		s.makes()
	}
	for _, e := range s.entries {
		_, _ = io.WriteString(to, string(f)+" "+e.Payload+"\n")
	}
	return len(s.entries), len(s.people), s.broken
}

func (s *snapshot) Places(each func(int64)) error {
	for i := range s.entries {
		each(int64(len(s.entries) - i))
	}
	return nil
}

func (s *snapshot) Cases(each func(uuid.UUID)) error {
	for _, p := range s.people {
		each(uuid.UUID(p.ID))
	}
	return nil
}

func (s *snapshot) People(full bool, each func(*export.Person) error) error {
	s.full = append(s.full, full)
	for i := range s.people {
		if err := each(&s.people[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *snapshot) Officers() (map[uuid.UUID]export.Officer, error) {
	return map[uuid.UUID]export.Officer{{7}: {Name: "Rina Wati", Office: "3273", Roles: []string{"case_worker"}},
		{5}: {Name: "Agus Salim", Roles: []string{"auditor"}}}, nil
}

func (s *snapshot) Entries(each func(*audit.Entry) error) error {
	for i := range s.entries {
		if err := each(&s.entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// sari is a worker whose data a careless table would run, lose or break.
func sari(t *testing.T) export.Person {
	t.Helper()
	nik, err := identity.ParseNIK("3273014503900007")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := identity.ParsePhone("081234567890")
	if err != nil {
		t.Fatal(err)
	}
	id, err := casework.ParseID(known)
	if err != nil {
		t.Fatal(err)
	}
	p := export.Person{NIKMasked: nik.Masked(), Notes: []export.Note{{Seq: 2, Text: "=1+1"}, {Seq: 3, Text: "tenang"}}}
	p.Case = casework.Case{ID: id, Region: "3273", Stage: casework.Closed, Outcome: "placed",
		ClaimState:   casework.ClaimNone,
		TerminatedOn: calendar.MustDate("2026-10-01"), OpenedOn: calendar.MustDate("2026-10-02")}
	p.Person = casework.Person{Name: "@Sari \"Kecil\", Dewi", NIK: nik, BirthDate: calendar.MustDate("1990-03-05"),
		Sex:      "P",
		Position: "+jahit", Employer: "PT\x01Maju", Phone: phone, Address: identity.NewSecret("Jl. Satu\nRT 1"),
		Wage: identity.NewWage(5_000_000), Employment: casework.Employment{StartedOn: calendar.MustDate("2020-03-02"),
			Contract: "permanent", FirmSize: "medium", BaseWage: new(int64(4_500_000)), Allowance: new(int64(500_000)),
			UnusedLeave: new(int64(6)), WorkWeek: 5, UnpaidWages: new(int64(0)), EndedBy: "employer",
			Segment: "wage_earner"}}
	return p
}

func entry(seq int, payload string) audit.Entry {
	return audit.Entry{CaseID: uuid.MustParse(known), Region: "3273", Seq: seq, Kind: "case.opened", Actor: uuid.UUID{7},
		OccurredOn: calendar.MustDate("2026-10-02"), RecordedAt: asOf.At, Payload: payload, PrevHash: [32]byte{1},
		Hash: [32]byte{2}}
}

// ordered is a workshop in which an export of three entries of one worker is about to be made.
func ordered(t *testing.T, format export.Format, profile export.Profile) *workshop {
	t.Helper()
	x := export.Export{ID: uuid.UUID{9}, Officer: authz.OfficerID{5}, Asked: export.Request{Format: format},
		Profile: profile,
		Scope:   []region.Code{"3273"}, State: export.Running, Attempt: 1}
	if format == export.Dossier {
		x.Asked.Case = known
	}
	return &workshop{x: x, scope: authz.ScopeOver("3273"), snap: snapshot{people: []export.Person{sari(t)},
		entries: []audit.Entry{entry(1, `{"n":1}`), entry(2, "=cmd()"), entry(3, "0012345678901234")}}}
}

// file runs the export and gives its file, which the passphrase of the first answer opens.
func (w *workshop) file(t *testing.T, s *export.Service) []byte {
	t.Helper()
	if err := s.Run(t.Context(), w.x.ID); err != nil {
		t.Fatal(err)
	}
	if len(w.finished) != 1 || w.finished[0].State != export.Ready {
		t.Fatalf("finished: %+v", w.finished)
	}
	w.x = w.finished[0]
	_, file, err := s.Fetch(t.Context(), w.x.Officer, w.scope, w.x.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all bytes.Buffer
	if _, err := io.Copy(&all, file); err != nil {
		t.Fatal(err)
	}
	if int64(all.Len()) != w.x.Bytes {
		t.Errorf("%d bytes are %d", all.Len(), w.x.Bytes)
	}
	return all.Bytes()
}

func leftIn(t *testing.T, s *export.Service) (names []string) {
	t.Helper()
	list, err := os.ReadDir(s.Folder.Path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, f := range list {
		names = append(names, f.Name())
	}
	return names
}

func manifestOf(t *testing.T, text string) (m audit.Manifest) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}
