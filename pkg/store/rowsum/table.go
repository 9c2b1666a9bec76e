package rowsum

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

// Table is a table whose rows are a part of the state of a case or a layoff.
type Table struct {
	Name    string
	Columns []string // in the order of their names
	Key     []string // those that tell one row of a case from another
	From    string   // with the table as t
	Of      string   // the id of the case or layoff
	number  int      // its place in the list
}

// columns says, for each table, which columns its rows have, and with a star which tell one row from another. It is
// written out, so that a column that this release does not know yet breaks no seal. What is not in it, and why: what
// is computed from other columns; cases.head and layoff.head, which are compared with the history; worker.data_key,
// which is wrapped anew when keys are rotated, and opens nothing when it is changed.
const columns = `
cases: claim_state closed_on due_for due_on duplicate_of follow_up_on id* layoff_id officer_id opened_on outcome region
	stage terminated_on updated_at version worker_id
case_worker: account_hash birth_date case_id* email_hash employer kpj_hash name name_key nik_hash nik_tail phone_hash
	position region sealed sex
worker: created_at id* nik_hash
claim: applied_on case_id decided_on decision facts id* programme reference_on region result state stated_on
	stated_reason stop_reason stopped_on withdrawn_on
claim_month: amount applications attendance calls case_id claim_id* closes_on ends_claim given_on missed_on n* opens_on
	payment_ref proved_on region rule state status_form
prakerja_card: awarded_on batch bought_on buy_by case_id decision id* incentives paid region result revoked_on state
	surveys version
training: attendance case_id class_id cost ends_on enrolled_on id* programme provider region scheme starts_on state unit
attendance: case_id held_on* present region training_id*
assessment: applied_on assessed_on attempts body case_id id* region scheme state units
certificate: assessment_id case_id id* issued_on issuer kind number region scheme training_id units valid_until
job_wish: available_on case_id* occupation_1 occupation_2 occupation_3 reach region units wage
application: applied_on called_on case_id channel employer id* position reached region state vacancy_id
proposal: application_id case_id employer id* position proposed_on rank region score state vacancy_id
placement: application_id case_id employer ended_on id* position region started_on state
business: case_id grants id* kbli level proposed_on region state title visited_on visits workers
jobseeker_card: case_id id* issued_on number region report_by reports state valid_until
referral: answer_by answered_on case_id consent_how consent_on from_region id* kind message offered_on reason region
	service state to_region version
response: case_id document id* region responded_on state
legal_hold: case_id* region set_on
erasure: case_id* decided_by region requested_by state
task: case_id due_on kind* part* region
linked_case: case_id closed_from other_id* region since
layoff: created_at due_for due_on employer_id happened id* jobs_saved measures notified_on people_planned planned_on
	reason reference region reported_by state updated_at version
employer: created_at id* kbli kbli_edition name name_key nib region
`

// The state of a case and that of a layoff. What is not in it: findings of auditors, matches, what an export holds and
// the figures of the reports are written without an entry, the last three from what is here.
var (
	Case = list("cases", "case_worker", "worker", "claim", "claim_month", "prakerja_card", "training", "attendance",
		"assessment", "certificate", "job_wish", "application", "proposal", "placement", "business", "jobseeker_card",
		"referral", "response", "legal_hold", "erasure", "task", "linked_case")
	Layoff = list("layoff", "employer")
)

// joined are the tables whose rows say by more than a case_id whose they are.
var joined = map[string]Table{
	"cases":    {From: "cases t", Of: "t.id"},
	"worker":   {From: "worker t join cases k on k.worker_id = t.id", Of: "k.id"},
	"layoff":   {From: "layoff t", Of: "t.id"},
	"employer": {From: "employer t join layoff k on k.employer_id = t.id", Of: "k.id"},
}

// list gives the tables their places. Kinds of parts that came later stand behind those that have one.
func list(names ...string) []*Table {
	if names[0] == "cases" {
		for _, k := range track.Kinds() {
			if name := k.About().Table; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	tables := make([]*Table, len(names))
	for i, name := range names {
		t, known := joined[name]
		if !known {
			t = Table{From: name + " t", Of: "t.case_id"}
		}
		t.Name, t.number = name, i
		t.Columns, t.Key = columnsOf(name)
		tables[i] = &t
	}
	return tables
}

// columnsOf are those that are written out; of a kind of parts that came later, all that the release knows.
func columnsOf(table string) (names, key []string) {
	_, text, found := strings.Cut(strings.ReplaceAll(columns, "\n\t", " "), "\n"+table+": ")
	if !found {
		return store.ColumnsOf(table)
	}
	text, _, _ = strings.Cut(text, "\n")
	for _, name := range strings.Fields(text) {
		if plain, starred := strings.CutSuffix(name, "*"); starred {
			name, key = plain, append(key, plain)
		}
		names = append(names, name)
	}
	return names, key
}

func (t *Table) place(column string) int { return slices.Index(t.Columns, column) }

// Named is the table of a name among those of cases.
func Named(name string) *Table {
	i := slices.IndexFunc(Case, func(t *Table) bool { return t.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("table %s is no part of the state of a case", name))
	}
	return Case[i]
}
