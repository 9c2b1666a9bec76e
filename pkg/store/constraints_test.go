package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// constraintsOf lists every constraint of the schema, every unique index, and every condition that a trigger raises.
const constraintsOf = `
	select c.conname::text from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype <> 't'
	union select i.indexrelid::regclass::text from pg_index i join pg_class k on k.oid = i.indrelid
		where i.indisunique and k.relnamespace = 'public'::regnamespace
	union select (regexp_matches(p.prosrc, 'constraint = ''([a-z_]+)''', 'g'))[1] from pg_proc p
		where p.pronamespace = 'public'::regnamespace
	union select (regexp_matches(p.prosrc, '''(history_[a-z]+)''', 'g'))[1] from pg_proc p
		where p.prosrc like '%constraint = why%'
	union select encode(t.tgargs, 'escape')::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
		where p.proname = 'refuse' and not t.tgisinternal`

func strs(t *testing.T, db *storetest.Database, sql string) []string {
	t.Helper()
	rows, err := db.Admin(t).Query(t.Context(), sql)
	storetest.OK(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	storetest.OK(t, err)
	return all
}

// Whatever the database may refuse is either named for the client, with a code, or declared impossible with the reason.
func TestEveryConstraintHasAnAnswer(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, name := range strs(t, storetest.New(t), constraintsOf) {
		name = strings.TrimSuffix(name, `\000`)
		found[name] = true
		named, declared := store.ConstraintFaults[name], store.Impossible[name]
		if (named != nil) == (declared != "") {
			t.Errorf("%s: named %v, declared impossible %q: exactly one of both is needed (constraints.go)", name, named, declared)
		}
	}
	if len(found) < 200 {
		t.Fatalf("only %d constraints were found: the search is broken", len(found))
	}
	for name := range store.ConstraintFaults {
		if !found[name] {
			t.Errorf("the schema has no constraint %s", name)
		}
	}
	for name := range store.Impossible {
		if !found[name] {
			t.Errorf("the schema has no constraint %s", name)
		}
	}
}

// closedLists are the columns with a closed list and the Go type that has the same values, but for those of the type
// that are never stored. Words stand here where the code writes them in place and has no type of its own.
var closedLists = map[string]struct {
	goType string
	but    []string
	words  []string
}{
	"access_alarm_kind_check":      {words: []string{"files", "lists", "refusals"}},
	"access_record_outcome_check":  {goType: "pkg/accesslog.Outcome"},
	"application_state_check":      {goType: "pkg/track.ApplicationState"},
	"assessment_state_check":       {goType: "pkg/track.AssessmentState"},
	"business_level_check":         {goType: "pkg/track.BusinessLevel"},
	"business_state_check":         {goType: "pkg/track.BusinessState"},
	"case_worker_sex_check":        {goType: "pkg/identity.Sex"},
	"cases_outcome_check":          {goType: "pkg/casework.Outcome"},
	"cases_stage_check":            {goType: "pkg/casework.Stage"},
	"certificate_kind_check":       {goType: "pkg/track.CertificateKind"},
	"claim_month_state_check":      {goType: "pkg/track.MonthState"},
	"claim_state_check":            {goType: "pkg/casework.ClaimState", but: []string{"none"}},
	"class_kind_check":             {words: []string{"lpk", "public"}},
	"class_scheme_check":           {goType: "pkg/track.Scheme"},
	"emergency_verdict_check":      {words: []string{"justified", "unjustified"}},
	"erasure_state_check":          {goType: "pkg/privacy.State"},
	"export_profile_check":         {goType: "pkg/export.Profile"},
	"export_state_check":           {goType: "pkg/export.State"},
	"finding_severity_check":       {goType: "pkg/oversight.Severity"},
	"finding_state_check":          {words: []string{"answered", "open", "settled"}},
	"intake_row_result_check":      {goType: "pkg/intake.Result"},
	"intake_row_status_check":      {goType: "pkg/intake.Status"},
	"intake_state_check":           {goType: "pkg/intake.State"},
	"job_wish_reach_check":         {goType: "pkg/track.Reach"},
	"jobseeker_card_state_check":   {goType: "pkg/track.JobSeekerState", but: []string{"lapsed"}},
	"layoff_state_check":           {goType: "pkg/layoff.State"},
	"matching_state_check":         {words: []string{"done", "failed", "queued", "running"}},
	"access_record_shows_check":    {words: []string{"file", "list"}},
	"deployment_change_what_check": {words: []string{"checkpoints.adopted", "keys.adopted"}},
	"officer_event_kind_check": {words: []string{"code.issued", "created", "deactivated", "grant.confirmed", "grant.given",
		"grant.revoked", "grant.suspended", "password.set"}},
	"office_zone_check":          {goType: "pkg/calendar.Zone"},
	"officer_grant_role_check":   {goType: "pkg/authz.Role", but: []string{"emergency"}},
	"placement_state_check":      {goType: "pkg/track.PlacementState"},
	"prakerja_card_result_check": {goType: "pkg/rule.Outcome"},
	"prakerja_card_state_check":  {goType: "pkg/track.PrakerjaState"},
	"proposal_state_check":       {goType: "pkg/track.ProposalState"},
	"referral_kind_check":        {goType: "pkg/track.ReferralKind"},
	"referral_state_check":       {goType: "pkg/track.ReferralState"},
	"region_kind_check":          {words: []string{"city", "province", "regency"}},
	"response_state_check":       {goType: "pkg/track.ResponseState"},
	"training_scheme_check":      {goType: "pkg/track.Scheme"},
	"training_state_check":       {goType: "pkg/track.TrainingState"},
	"vacancy_state_check":        {goType: "pkg/vacancy.State", but: []string{"expired"}},
}

var (
	closedList = regexp.MustCompile(`^CHECK \(\([a-z_]+ = ANY \(ARRAY\[(.*)\]\)\)\)$`)
	listed     = regexp.MustCompile(`'([^']*)'::text`)
)

// A value that Go has and the database does not would be a refusal in production, and the other way round a row that no
// program can read.
func TestClosedListsAreTheGoTypes(t *testing.T) {
	t.Parallel()
	defs := strs(t, storetest.New(t), `select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
		where contype = 'c' and connamespace = 'public'::regnamespace`)
	seen := 0
	for _, line := range defs {
		name, def, _ := strings.Cut(line, " ")
		match := closedList.FindStringSubmatch(def)
		if match == nil {
			continue
		}
		seen++
		list, known := closedLists[name]
		if !known {
			t.Errorf("%s: a closed list without a Go type", name)
			continue
		}
		var stored []string
		for _, value := range listed.FindAllStringSubmatch(match[1], -1) {
			stored = append(stored, value[1])
		}
		values := list.words
		if list.goType != "" {
			values = constants(t, list.goType)
		}
		values = slices.DeleteFunc(values, func(v string) bool { return slices.Contains(list.but, v) })
		slices.Sort(stored)
		slices.Sort(values)
		if !slices.Equal(stored, values) {
			t.Errorf("%s: the database has %v, %s has %v", name, stored, list.goType, values)
		}
	}
	if seen != len(closedLists) {
		t.Errorf("%d closed lists in the schema, %d here", seen, len(closedLists))
	}
}

// constants are the values of the constants of a string type, as "pkg/track.Scheme".
func constants(t *testing.T, goType string) []string {
	t.Helper()
	folder, name, _ := strings.Cut(goType, ".")
	var values []string
	err := filepath.WalkDir(filepath.Join("..", "..", folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			if of, is := spec.Type.(*ast.Ident); !is || of.Name != name {
				return true
			}
			for _, value := range spec.Values {
				if literal, is := value.(*ast.BasicLit); is && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil && text != "" {
						values = append(values, text)
					}
				}
			}
			return true
		})
		return nil
	})
	storetest.OK(t, err)
	slices.Sort(values)
	return slices.Compact(values)
}
