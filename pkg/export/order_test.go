package export_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// taken is a store that takes every order on and has one layoff, in 3273; cases has one case, there too.
type taken struct {
	export.Store
	again bool
}

type cases struct{ casework.Store }

const known = "01a21edd-a1d7-7a25-8a17-0da5f4e8e662"

func (s taken) CreateExport(_ context.Context, _ authz.Op, x export.Export) (export.Export, error) {
	x.ID, x.Again = uuid.UUID{1}, s.again
	return x, nil
}

func (taken) LayoffInReach(_ context.Context, scope authz.Scope, layoff string) (bool, error) {
	return scope.Covers("3273") && layoff == known, nil
}

func (taken) OfficerInReach(_ context.Context, scope authz.Scope, officer string) (bool, error) {
	return scope.Covers("3273") && officer == known, nil
}

func (cases) Get(_ context.Context, scope authz.Scope, id casework.ID) (casework.Detail, []casework.Entry, error) {
	if !scope.Covers("3273") || id.String() != known {
		return casework.Detail{}, nil, casework.NotFound()
	}
	return casework.Detail{}, nil, nil
}

func service(again bool) *export.Service {
	return export.New(export.Deps{Store: taken{again: again}, Cases: cases{},
		Derive: func(purpose string) []byte { return []byte(purpose + strings.Repeat(".", 16)) },
		Checkpoint: func(_ context.Context, size int64) (string, audit.Checkpoint, error) {
			if size != 7 {
				return "", audit.Checkpoint{}, fault.New(fault.NotFound, "checkpoint.not_found")
			}
			return "", audit.Checkpoint{Size: size}, nil
		}})
}

func TestAnOrderIsRefusedOrTakenOn(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := identity.Recipient().String()
	type asked = export.Request
	for name, c := range map[string]struct {
		scope   []region.Code
		asked   asked
		profile export.Profile
		reason  string
		code    string
		state   export.State
	}{
		"histories":             {nil, asked{Format: export.CSV}, export.Sealed, "", "", export.Queued},
		"names":                 {nil, asked{Format: export.JSONL}, export.Masked, "", "", export.Queued},
		"everything":            {nil, asked{Format: export.CSV}, export.Full, "perkara", "", export.Awaiting},
		"everything, no reason": {nil, asked{Format: export.CSV}, export.Full, "", "export.reason_required", ""},
		"everything, a blank":   {nil, asked{Format: export.CSV}, export.Full, " \n", "export.reason_required", ""},
		"a dossier":             {nil, asked{Format: export.Dossier, Case: known}, export.Masked, "", "", export.Queued},
		"a dossier of everything": {nil, asked{Format: export.Dossier, Case: known}, export.Full, "perkara", "",
			export.Awaiting},
		"a dossier of no case": {nil, asked{Format: export.Dossier}, export.Masked, "", "export.dossier_of_case", ""},
		"a sealed dossier": {nil, asked{Format: export.Dossier, Case: known}, export.Sealed, "",
			"export.dossier_of_case", ""},
		"a sheet": {nil, asked{Format: export.XLSX}, export.Masked, "", "", export.Queued},
		"a sheet for a key": {nil, asked{Format: export.XLSX, Recipient: key}, export.Masked, "",
			"export.recipient_not_xlsx", ""},
		"for a key": {nil, asked{Format: export.CSV, Recipient: key}, export.Sealed, "", "", export.Queued},
		"for no key": {nil, asked{Format: export.CSV, Recipient: "age1x"}, export.Sealed, "",
			"export.recipient_invalid", ""},
		"for a secret key": {nil, asked{Format: export.CSV, Recipient: identity.String()}, export.Sealed, "",
			"export.recipient_invalid", ""},
		"as of a checkpoint": {nil, asked{Format: export.CSV, AsOf: 7}, export.Sealed, "", "", export.Queued},
		"as of none":         {nil, asked{Format: export.CSV, AsOf: 8}, export.Sealed, "", "checkpoint.not_found", ""},
		"its own region":     {nil, asked{Format: export.CSV, Region: "3273"}, export.Sealed, "", "", export.Queued},
		"a region around it": {nil, asked{Format: export.CSV, Region: "32"}, export.Sealed, "", "", export.Queued},
		"another region": {nil, asked{Format: export.CSV, Region: "3204"}, export.Sealed, "",
			"export.region_out_of_scope", ""},
		"nowhere": {[]region.Code{}, asked{Format: export.CSV}, export.Sealed, "",
			"export.region_out_of_scope", ""},
		"its case": {nil, asked{Format: export.CSV, Case: known}, export.Sealed, "", "", export.Queued},
		"no case": {nil, asked{Format: export.CSV, Case: uuid.NewString()}, export.Sealed, "",
			"case.not_found", ""},
		"no id of a case": {nil, asked{Format: export.CSV, Case: "x"}, export.Sealed, "", "case.not_found", ""},
		"a case elsewhere": {[]region.Code{"3204"}, asked{Format: export.CSV, Case: known}, export.Sealed, "",
			"case.not_found", ""},
		"a case outside the region": {[]region.Code{"32"}, asked{Format: export.CSV, Case: known, Region: "3204"},
			export.Sealed, "",
			"case.not_found", ""},
		"its layoff":  {nil, asked{Format: export.CSV, Layoff: known}, export.Sealed, "", "", export.Queued},
		"its officer": {nil, asked{Format: export.CSV, Officer: known}, export.Sealed, "", "", export.Queued},
		"no officer": {nil, asked{Format: export.CSV, Officer: uuid.NewString()}, export.Sealed, "",
			"officer.not_found", ""},
		"an officer elsewhere": {[]region.Code{"3204"}, asked{Format: export.CSV, Officer: known}, export.Sealed, "",
			"officer.not_found", ""},
		"one day": {nil, asked{Format: export.CSV, From: day(2), Until: day(2)}, export.Sealed, "", "", export.Queued},
		"days in no order": {nil, asked{Format: export.CSV, From: day(2), Until: day(1)}, export.Sealed, "",
			"export.period", ""},
		"no layoff": {nil, asked{Format: export.CSV, Layoff: uuid.NewString()}, export.Sealed, "",
			"layoff.not_found", ""},
		"a layoff elsewhere": {[]region.Code{"3204"}, asked{Format: export.CSV, Layoff: known}, export.Sealed, "",
			"layoff.not_found", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.scope == nil {
				c.scope = []region.Code{"3273"}
			}
			x, phrase, err := service(false).Order(t.Context(), authz.Op{Scope: authz.ScopeOver(c.scope...)}, c.asked,
				c.profile, c.reason)
			if fault.CodeOf(err) != c.code || x.State != c.state || (err == nil) != (c.code == "") {
				t.Fatalf("got %q, %v, want %q %s", x.State, err, c.state, c.code)
			}
			if told := phrase != ""; told != (c.code == "" && c.asked.Recipient == "") {
				t.Errorf("a passphrase is told: %t", told)
			}
		})
	}
}

func day(n int) calendar.Date { return calendar.MustDate("2026-11-01").AddDays(n) }

// The passphrase is told once, is another one for another export, and the region that is named narrows what is ordered.
func TestThePassphraseIsToldOnce(t *testing.T) {
	t.Parallel()
	op := authz.Op{Scope: authz.ScopeOver("32")}
	_, phrase, err := service(true).Order(t.Context(), op, export.Request{Format: export.CSV}, export.Sealed, "")
	if err != nil || phrase != "" {
		t.Errorf("told again: %q, %v", phrase, err)
	}
	x, _, err := service(false).Order(t.Context(), op, export.Request{Format: export.CSV, Region: "3273"}, export.Sealed,
		"")
	if err != nil || len(x.Scope) != 1 || x.Scope[0] != "3273" {
		t.Errorf("ordered for %v, %v", x.Scope, err)
	}
}

// What was made of regions that are no longer theirs is not there for them; what has no file yet says where it stands
// only.
func TestAnExportIsShownAsFarAsTheScopeReaches(t *testing.T) {
	t.Parallel()
	for _, state := range []export.State{export.Awaiting, export.Queued, export.Running, export.Ready, export.Failed,
		export.Refused,
		export.Cancelled, export.Expired} {
		x := export.Export{State: state, Scope: []region.Code{"3204", "3273"}, Entries: 5, Total: 9, Manifest: "m",
			Signature: "s", Failure: "f"}
		for _, codes := range [][]region.Code{{"32"}, {""}, {"3204", "3273"}} {
			if got, there := x.For(authz.ScopeOver(codes...)); !there || got.Total != 9 || got.Manifest != "m" {
				t.Errorf("%s in %v: there %t, %d, %q", state, codes, there, got.Total, got.Manifest)
			}
		}
		for _, codes := range [][]region.Code{nil, {"3204"}, {"3273"}, {"11"}} {
			got, there := x.For(authz.ScopeOver(codes...))
			if there != (state != export.Ready && state != export.Expired) {
				t.Errorf("%s in %v: there %t", state, codes, there)
			}
			if got.Entries != 0 || got.Total != 0 || got.Manifest != "" || got.Signature != "" {
				t.Errorf("%s in %v: says how much it holds: %+v", state, codes, got)
			}
			if there && (got.State != state || got.Failure != "f") {
				t.Errorf("%s in %v: does not say where it stands", state, codes)
			}
		}
	}
}

// Of a list the scope sees what is there for it, in its order, and of nothing more than that.
func TestAListShowsAsFarAsTheScopeReaches(t *testing.T) {
	t.Parallel()
	list := []export.Export{{FileName: "a", State: export.Ready, Scope: []region.Code{"3273"}, Total: 1},
		{FileName: "b", State: export.Ready, Scope: []region.Code{"3204"}, Total: 2},
		{FileName: "c", State: export.Failed, Scope: []region.Code{"3204"}, Total: 3}}
	for code, want := range map[region.Code]string{"32": "a1 b2 c3 ", "3273": "a1 c0 ", "3204": "b2 c3 ", "11": "c0 "} {
		got := ""
		for _, x := range export.Seen(list, authz.ScopeOver(code)) {
			got += fmt.Sprint(x.FileName, x.Total, " ")
		}
		if got != want {
			t.Errorf("in %s: %s, want %s", code, got, want)
		}
	}
}

// The rules that the policy states in figures.
func TestTheFiguresOfExportsAreThoseOfThePolicy(t *testing.T) {
	t.Parallel()
	if export.MostUnderWay != 3 || export.MostRows != 50_000 ||
		export.MostAttempts != 3 || export.MostStarts != 10 {
		t.Error("the figures differ from policies/security.md")
	}
}
