package officer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// A new officer has an address and a name of the right form, and an office in the scope. Nobody else is invited.
func TestWhoIsInvited(t *testing.T) {
	t.Parallel()
	local := strings.Repeat("a", 64) + "@" + strings.Repeat("b", 63) + "." + strings.Repeat("c", 63) + "." +
		strings.Repeat("d", 59)
	for name, c := range map[string]struct {
		op     authz.Op
		email  string
		person string
		office region.Code
		code   string
	}{
		"in the office's region":    {by("3273"), "a@contoh.go.id", "Sari", "3273", ""},
		"in the province":           {by("32"), "a@contoh.go.id", "Sari", "3273", ""},
		"by the ministry, in it":    {by(""), "a@contoh.go.id", "Sari", "", ""},
		"in the ministry, by a few": {by("32"), "a@contoh.go.id", "Sari", "", "officer.region_out_of_scope"},
		"in the next regency":       {by("3273"), "a@contoh.go.id", "Sari", "3204", "officer.region_out_of_scope"},
		"in the province above":     {by("3273"), "a@contoh.go.id", "Sari", "32", "officer.region_out_of_scope"},
		"in no region":              {by(""), "a@contoh.go.id", "Sari", "3299", "region.unknown"},
		"no address":                {by(""), "", "Sari", "", "officer.email_invalid"},
		"no at":                     {by(""), "contoh.go.id", "Sari", "", "officer.email_invalid"},
		"an address with a name":    {by(""), "Sari <a@contoh.go.id>", "Sari", "", "officer.email_invalid"},
		"an address with a blank":   {by(""), "a@contoh.go.id ", "Sari", "", "officer.email_invalid"},
		"two addresses":             {by(""), "a@contoh.go.id,b@contoh.go.id", "Sari", "", "officer.email_invalid"},
		"the longest address":       {by(""), local + ".e", "Sari", "", ""},
		"one letter longer":         {by(""), local + ".ee", "Sari", "", "officer.email_invalid"},
		"no name":                   {by(""), "a@contoh.go.id", "", "", "officer.name_missing"},
		"a blank for a name":        {by(""), "a@contoh.go.id", " \t", "", "officer.name_missing"},
		"the longest name":          {by(""), "a@contoh.go.id", strings.Repeat("n", 200), "", ""},
		"a name one letter longer":  {by(""), "a@contoh.go.id", strings.Repeat("n", 201), "", "officer.name_missing"},
	} {
		b := of("")
		got, err := desk(t, b).Create(t.Context(), c.op, Officer{Email: c.email, Name: c.person, Office: c.office})
		t.Run(name, func(t *testing.T) {
			wantCode(t, err, c.code)
			if (b.invited != nil) != (c.code == "") || (got.Code != "") != (c.code == "") {
				t.Errorf("invited %v, code %q", b.invited, got.Code)
			}
		})
	}
	if n := len(local) + 2; n != 254 {
		t.Fatalf("the longest address has %d letters", n)
	}
}

// The code is shown in the first answer only, lasts 72 hours, and what is kept is its digest.
func TestTheCodeOfAnInvitation(t *testing.T) {
	t.Parallel()
	b := of("")
	s := desk(t, b)
	first, err := s.Create(t.Context(), by(""), Officer{Email: "A@Contoh.go.id", Name: " Sari ", Office: "3273"})
	wantCode(t, err, "")
	if !first.ExpiresAt.Equal(noon.Add(72*time.Hour)) || first.Code == "" {
		t.Errorf("got %v until %v", first.Code, first.ExpiresAt)
	}
	if b.invited.Email != "a@contoh.go.id" || b.invited.Name != "Sari" {
		t.Errorf("kept as %q, %q", b.invited.Email, b.invited.Name)
	}
	b.repeated = true
	again, err := s.Create(t.Context(), by(""), Officer{Email: "a@contoh.go.id", Name: "Sari", Office: "3273"})
	wantCode(t, err, "")
	if again.Code != "" || !again.ExpiresAt.IsZero() || again.Officer.Name != "Sari" {
		t.Errorf("a repeated answer shows %q until %v", again.Code, again.ExpiresAt)
	}
	code, key := NewSetupKey(noon, s.Measures)
	if key.Digest != Digest(code) || key.IssuedAt != noon || key.ExpiresAt != noon.Add(72*time.Hour) {
		t.Error("the key is not that of its code")
	}
}

// A code is good for as long as the measures of its day say, in the west of Indonesia.
func TestHowLongACodeIsGood(t *testing.T) {
	t.Parallel()
	book := measuretest.Changed(t, calendar.MustDate("2027-01-01"), "setup_code_hours", 24)
	midnight := time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)
	for issued, want := range map[time.Time]time.Duration{midnight.Add(-time.Second): 72 * time.Hour,
		midnight: 24 * time.Hour} {
		if _, key := NewSetupKey(issued, book); key.ExpiresAt.Sub(issued) != want {
			t.Errorf("issued %s: good for %s, want %s", issued, key.ExpiresAt.Sub(issued), want)
		}
	}
}

// Who may give which role where, to whom, for which days.
func TestWhatMayBeGranted(t *testing.T) {
	t.Parallel()
	audits := held(authz.Auditor, "32", today.AddDays(-30), ever)
	works := held(authz.CaseWorker, "3273", today.AddDays(-30), ever)
	over := held(authz.Auditor, "3273", today.AddDays(-30), today.AddDays(-1))
	last := held(authz.Auditor, "3273", today.AddDays(-30), today)
	later := held(authz.Auditor, "3273", today.AddDays(30), ever)
	role := func(r authz.Role, code region.Code) Grant { return Grant{Role: r, Region: code, From: today} }
	until := func(days int) Grant {
		g := role(authz.Analyst, "3273")
		g.Until = today.AddDays(days)
		return g
	}
	for name, c := range map[string]struct {
		op   authz.Op
		to   authz.OfficerID
		at   *book
		give Grant
		code string
	}{
		"in the scope":    {by("32"), other, of("3273"), role(authz.CaseWorker, "3273"), ""},
		"the whole scope": {by("32"), other, of("3273"), role(authz.CaseWorker, "32"), ""},
		"more than the scope": {by("3273"), other, of("3273"), role(authz.CaseWorker, "32"),
			"officer.region_out_of_scope"},
		"the nation": {by("32"), other, of("3273"), role(authz.CaseWorker, ""),
			"officer.region_out_of_scope"},
		"no region": {by(""), other, of("3273"), role(authz.CaseWorker, "3299"), "region.unknown"},
		"to an officer elsewhere": {by("3273"), other, of("3204"), role(authz.CaseWorker, "3273"),
			"officer.not_found"},
		"to an officer of the province": {by("3273"), other, of("32"), role(authz.CaseWorker, "3273"), "officer.not_found"},
		"to oneself":                    {by(""), caller, of("3273"), role(authz.Analyst, "3273"), "grant.own"},
		"no role":                       {by(""), other, of("3273"), role("chief", "3273"), "grant.role_unknown"},
		"an emergency":                  {by(""), other, of("3273"), role(authz.Emergency, "3273"), "grant.role_unknown"},
		"to a deactivated officer": {by(""), other, of("3273").inactive(), role(authz.Analyst, "3273"),
			"officer.deactivated"},
		"for one day":           {by("32"), other, of("3273"), until(0), ""},
		"to end the day before": {by("32"), other, of("3273"), until(-1), "grant.period"},
		"work to who audits around it": {by(""), other, of("3273", audits), role(authz.CaseWorker, "3273"),
			"grant.duties"},
		"supervision to who audits": {by(""), other, of("3273", audits), role(authz.Supervisor, "3273"),
			"grant.duties"},
		"an audit to who works within":    {by(""), other, of("3273", works), role(authz.Auditor, "32"), "grant.duties"},
		"an audit to who works elsewhere": {by(""), other, of("3273", works), role(authz.Auditor, "3204"), ""},
		"an audit to who audits":          {by(""), other, of("3273", audits), role(authz.Auditor, "3273"), ""},
		"figures to who audits":           {by(""), other, of("3273", audits), role(authz.Analyst, "3273"), ""},
		"work after an audit":             {by(""), other, of("3273", over), role(authz.CaseWorker, "3273"), ""},
		"work on an audit's last day":     {by(""), other, of("3273", last), role(authz.CaseWorker, "3273"), "grant.duties"},
		"work before an audit to come":    {by(""), other, of("3273", later), role(authz.CaseWorker, "3273"), "grant.duties"},
		"work beside an audit that waits": {by(""), other, of("3273", waiting(audits, third)), role(authz.CaseWorker,
			"3273"), "grant.duties"},
		"work after a revoked audit": {by(""), other, of("3273", revoked(audits)), role(authz.CaseWorker, "3273"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given, err := desk(t, c.at).Grant(t.Context(), c.op, c.to, c.give)
			wantCode(t, err, c.code)
			if (c.at.change != nil) != (c.code == "") {
				t.Fatalf("changed: %+v", c.at.change)
			}
			if c.code == "" && (given.GrantedBy != caller || given.Role != c.give.Role || given.Region != c.give.Region) {
				t.Errorf("given: %+v", given)
			}
		})
	}
}

// What a regional administrator gives waits when it shows workers or lets grant; what the ministry gives never does.
func TestWhatWaitsForASecondAdministrator(t *testing.T) {
	t.Parallel()
	for _, r := range authz.Roles() {
		for _, c := range []struct {
			op    authz.Op
			waits bool
		}{{by("32"), r != authz.Analyst}, {by("3273"), r != authz.Analyst}, {by(""), false}} {
			g, err := desk(t, of("3273")).Grant(t.Context(), c.op, other, Grant{Role: r, Region: "3273", From: today})
			wantCode(t, err, "")
			if got := g.ProposedBy == caller; got != c.waits || !got && g.ProposedBy != (authz.OfficerID{}) {
				t.Errorf("%s by %v: proposed by %v", r, c.op.Scope.Regions(), g.ProposedBy)
			}
		}
	}
}

// Not its proposer and not its holder confirm a grant, and only in their scope.
func TestWhoConfirmsAGrant(t *testing.T) {
	t.Parallel()
	theirs := waiting(held(authz.CaseWorker, "3273", today, ever), third)
	mine := waiting(held(authz.CaseWorker, "3273", today, ever), caller)
	inForce := held(authz.CaseWorker, "3273", today, ever)
	for name, c := range map[string]struct {
		op    authz.Op
		of    authz.OfficerID
		at    *book
		grant Grant
		code  string
	}{
		"another administrator": {by("3273"), other, of("3273", inForce, theirs), theirs, ""},
		"of the province":       {by("32"), other, of("3273", theirs), theirs, ""},
		"the ministry":          {by(""), other, of("3273", theirs), theirs, ""},
		"of another office":     {by("3273"), other, of("3204", theirs), theirs, ""},
		"of another region":     {by("3204"), other, of("3273", theirs), theirs, "officer.not_found"},
		"of a part of the region": {by("3273"), other, of("32", held(authz.CaseWorker, "32", today, ever)), theirs,
			"officer.not_found"},
		"its holder":              {by("3273"), caller, of("3273", theirs), theirs, "grant.own"},
		"its proposer":            {by(""), other, of("3273", mine), mine, "grant.own_proposal"},
		"of one in force":         {by(""), other, of("3273", inForce), inForce, "grant.not_pending"},
		"of one that was revoked": {by(""), other, of("3273", revoked(theirs)), theirs, "officer.not_found"},
		"of one of somebody else": {by(""), other, of("3273", inForce), theirs, "officer.not_found"},
		"of none":                 {by(""), other, of("3273"), theirs, "officer.not_found"},
		"one of two, in the scope": {by("3204"), other, of("3204", held(authz.CaseWorker, "3204", today, ever), theirs),
			theirs, "officer.not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := desk(t, c.at).Confirm(t.Context(), c.op, c.of, c.grant.ID)
			wantCode(t, err, c.code)
			if done := c.at.change != nil && c.at.change.Confirm == c.grant.ID; done != (c.code == "") {
				t.Errorf("changed: %+v", c.at.change)
			}
		})
	}
}

func TestWhoRevokesAGrant(t *testing.T) {
	t.Parallel()
	work := held(authz.CaseWorker, "3273", today, ever)
	admin := held(authz.Administrator, "3273", today, ever)
	for name, c := range map[string]struct {
		op    authz.Op
		from  authz.OfficerID
		at    *book
		grant Grant
		code  string
	}{
		"in the scope":                    {by("3273"), other, of("3273", admin, work), work, ""},
		"of an officer elsewhere":         {by("3273"), other, of("3204", work), work, ""},
		"out of the scope":                {by("3204"), other, of("3204", work), work, "officer.not_found"},
		"one's own":                       {by(""), caller, of("3273", work), work, "grant.own"},
		"that is revoked":                 {by(""), other, of("3273", revoked(work)), work, "officer.not_found"},
		"that is somebody else's":         {by(""), other, of("3273", admin), work, "officer.not_found"},
		"of the last administrator":       {by(""), other, of("3273", admin), admin, "officer.last_administrator"},
		"of one of two administrators":    {by(""), other, of("3273", admin).beside(admin), admin, ""},
		"of an administrator who waits":   {by(""), other, of("3273", waiting(admin, third)), waiting(admin, third), ""},
		"the work of the last one, there": {by(""), other, of("3273", admin, work), work, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantCode(t, desk(t, c.at).Revoke(t.Context(), c.op, c.from, c.grant.ID), c.code)
			if (c.at.change != nil) != (c.code == "") ||
				c.code == "" && !slices.Equal(c.at.change.Revoke, []uuid.UUID{c.grant.ID}) {
				t.Errorf("changed: %+v", c.at.change)
			}
		})
	}
}

// With an account all its grants are revoked, those that wait and those that are over too. Nobody goes who must stay.
func TestWhoIsDeactivated(t *testing.T) {
	t.Parallel()
	work := held(authz.CaseWorker, "3273", today, ever)
	gone := held(authz.Analyst, "3204", today.AddDays(-9), today.AddDays(-1))
	lastDay := held(authz.Analyst, "3204", today.AddDays(-9), today)
	waits := waiting(held(authz.Mediator, "3273", today, ever), third)
	admin := held(authz.Administrator, "3273", today, ever)
	for name, c := range map[string]struct {
		op      authz.Op
		of      authz.OfficerID
		at      *book
		code    string
		revoked []uuid.UUID
	}{
		"all that they hold": {by("3273"), other, of("3273", work, gone, waits, revoked(admin)), "", named(work,
			gone, waits)},
		"an officer without a right": {by("3273"), other, of("3273"), "", nil},
		"oneself":                    {by(""), caller, of("3273"), "officer.own", nil},
		"of another office":          {by("3204"), other, of("3273"), "officer.not_found", nil},
		"with a right elsewhere": {by("3273"), other, of("3273", work, held(authz.Analyst, "3204", today, ever)),
			"officer.grants_elsewhere", nil},
		"with one to come elsewhere": {by("3273"), other, of("3273", held(authz.Analyst, "3204", today.AddDays(9), ever)),
			"officer.grants_elsewhere", nil},
		"on the last day of one": {by("3273"), other, of("3273", lastDay), "officer.grants_elsewhere", nil},
		"with a right around": {by("3273"), other, of("3273", held(authz.Analyst, "32", today, ever)),
			"officer.grants_elsewhere", nil},
		"with a revoked one there": {by("3273"), other, of("3273", revoked(held(authz.Analyst, "3204", today, ever))),
			"", nil},
		"the last administrator":     {by(""), other, of("3273", admin), "officer.last_administrator", nil},
		"one of two administrators":  {by(""), other, of("3273", admin).beside(admin), "", named(admin)},
		"an administrator who waits": {by(""), other, of("3273", waiting(admin, third)), "", named(admin)},
		"one who is deactivated, too": {by("3273"), other, of("3273", held(authz.Analyst, "3204", today, ever)).inactive(),
			"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			active := c.at.at.Officer.Active
			wantCode(t, desk(t, c.at).Deactivate(t.Context(), c.op, c.of), c.code)
			if (c.at.change != nil) != (c.code == "") {
				t.Fatalf("changed: %+v", c.at.change)
			}
			if c.code == "" && (c.at.change.Deactivate != active || !slices.Equal(c.at.change.Revoke, c.revoked)) {
				t.Errorf("changed: %+v", c.at.change)
			}
		})
	}
}

// A new code in the hands of a regional administrator makes pending whatever needs a second person.
func TestWhatANewCodeSuspends(t *testing.T) {
	t.Parallel()
	work := held(authz.CaseWorker, "3273", today, ever)
	figures := held(authz.Analyst, "3273", today, ever)
	later := held(authz.Mediator, "3273", today.AddDays(9), ever)
	gone := held(authz.Mediator, "3273", today.AddDays(-9), today.AddDays(-1))
	lastDay := held(authz.Mediator, "3273", today.AddDays(-9), today)
	admin := held(authz.Administrator, "3273", today, ever)
	elsewhere := held(authz.Analyst, "3204", today, ever)
	for name, c := range map[string]struct {
		op        authz.Op
		of        authz.OfficerID
		at        *book
		code      string
		suspended []uuid.UUID
	}{
		"what shows workers": {by("3273"), other, of("3273", figures, work, later, gone, lastDay, revoked(admin)),
			"", named(work, later, lastDay)},
		"nothing, by the ministry":  {by(""), other, of("3273", work, admin), "", nil},
		"the last administrator":    {by("3273"), other, of("3273", admin), "officer.last_administrator", nil},
		"one of two administrators": {by("3273"), other, of("3273", admin).beside(admin), "", named(admin)},
		"oneself":                   {by(""), caller, of("3273"), "setup.own", nil},
		"of another office":         {by("3204"), other, of("3273"), "officer.not_found", nil},
		"who is deactivated":        {by(""), other, of("3273").inactive(), "officer.deactivated", nil},
		"with a right elsewhere":    {by("3273"), other, of("3273", work, elsewhere), "officer.grants_elsewhere", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := desk(t, c.at).Readmit(t.Context(), c.op, c.of)
			wantCode(t, err, c.code)
			if (c.at.change != nil) != (c.code == "") {
				t.Fatalf("changed: %+v", c.at.change)
			}
			if c.code == "" && (!slices.Equal(c.at.change.Suspend, c.suspended) ||
				c.at.change.Code.Digest != Digest(got.Code) || got.Code == "") {
				t.Errorf("changed: %+v, told %q", c.at.change, got.Code)
			}
			if c.code != "" && got.Code != "" {
				t.Error("a code is told although it was refused")
			}
		})
	}
}

// Who works on cases is who holds a grant that counts today and whose role reads cases and advances them: wherever
// their office is, and nowhere once they are deactivated.
func TestWhereAnOfficerWorks(t *testing.T) {
	t.Parallel()
	grant := func(role authz.Role, code region.Code, from, until int) Grant {
		return held(role, code, today.AddDays(from), today.AddDays(until))
	}
	worker := func(code region.Code, from, until int) Grant { return grant(authz.CaseWorker, code, from, until) }
	for name, c := range map[string]struct {
		at    *book
		works []region.Code
	}{
		"of the office alone":   {of("3273"), nil},
		"granted":               {of("3273", worker("3273", -9, 9)), []region.Code{"3273"}},
		"from elsewhere":        {of("3204", worker("3273", -9, 9)), []region.Code{"3273"}},
		"the whole province":    {of("3204", worker("32", -9, 9)), []region.Code{"32"}},
		"a supervisor":          {of("3273", grant(authz.Supervisor, "3273", -9, 9)), []region.Code{"3273"}},
		"a mediator reads only": {of("3273", grant(authz.Mediator, "3273", -9, 9)), nil},
		"an analyst":            {of("3273", grant(authz.Analyst, "3273", -9, 9)), nil},
		"an auditor":            {of("3273", grant(authz.Auditor, "3273", -9, 9)), nil},
		"two regions":           {of("3273", worker("3273", -9, 9), worker("3204", 0, 0)), []region.Code{"3204", "3273"}},
		"from today on":         {of("3273", worker("3273", 0, 9)), []region.Code{"3273"}},
		"until today":           {of("3273", worker("3273", -9, 0)), []region.Code{"3273"}},
		"from tomorrow on":      {of("3273", worker("3273", 1, 9)), nil},
		"until yesterday":       {of("3273", worker("3273", -9, -1)), nil},
		"waits":                 {of("3273", waiting(worker("3273", -9, 9), third)), nil},
		"revoked":               {of("3273", revoked(worker("3273", -9, 9))), nil},
		"deactivated":           {of("3273", worker("3273", -9, 9)).inactive(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := desk(t, c.at)
			works, err := s.WorksNow(t.Context(), other)
			if err != nil || !slices.Equal(works.Regions(), c.works) {
				t.Errorf("works in %v, %v", works.Regions(), err)
			}
		})
	}
}

// A list has its bounds, and an office narrows the scope and never widens it.
func TestBoundsOfTheListOfOfficers(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1,
		page.MaxSize + 1: page.MaxSize + 1,
		page.MaxSize + 2: page.DefaultSize} {
		b := of("")
		if _, err := desk(t, b).List(t.Context(), authz.ScopeOver("32"), Filter{Limit: limit}); err != nil ||
			b.listed.Limit != want {
			t.Errorf("%d: asked for %d, %v", limit, b.listed.Limit, err)
		}
	}
	for office, want := range map[region.Code][]region.Code{"3273": {"3273"}, "": {"32"}, "35": nil} {
		b := of("")
		_, err := desk(t, b).List(t.Context(), authz.ScopeOver("32"), Filter{Office: &office, Limit: 1})
		if err != nil || !slices.Equal(b.scope.Regions(), want) {
			t.Errorf("%s: looked in %v, %v", office, b.scope.Regions(), err)
		}
	}
}

// An emergency has a reason and one region, and lasts 60 minutes at most.
func TestWhatAnEmergencyNeeds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code    region.Code
		why     string
		minutes time.Duration
		want    string
		lasts   time.Duration
	}{
		"a regency":        {"3204", " banjir ", 30, "", 30},
		"a province":       {"35", "banjir", 60, "", 60},
		"for an hour more": {"35", "banjir", 61, "", 60},
		"no reason":        {"35", "", 30, "emergency.reason_required", 0},
		"a blank":          {"35", " \n", 30, "emergency.reason_required", 0},
		"the nation":       {"", "banjir", 30, "emergency.nation", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := of("3273")
			_, err := desk(t, b).OpenEmergency(t.Context(), by("3273"), c.code, c.why, c.minutes*time.Minute)
			wantCode(t, err, c.want)
			if b.lasts != c.lasts*time.Minute || c.want == "" && (b.emergency.Reason != "banjir" ||
				b.emergency.Region != c.code) {
				t.Errorf("opened %+v for %v", b.emergency, b.lasts)
			}
		})
	}
}
