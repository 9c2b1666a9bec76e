package console

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/tanggap/tanggap/pkg/audit"
)

// proof tells what the log stands on, when it was checked last, and how anybody checks it without asking us.
func (v *visit) proof() error {
	var published struct{ Key, Checkpoint string }
	if _, err := v.get("/v1/log/checkpoint", nil, &published); err != nil {
		return err
	}
	checks, err := v.checks()
	if err != nil {
		return err
	}
	v.paper(http.StatusOK, v.T("console.page-proof"), paper{Lead: v.T("console.proof_lead"), Back: v.toAudit(),
		Parts: append([]section{v.checkpoint(published.Checkpoint, published.Key), checks}, v.howToVerify(published.Key)...)})
	return nil
}

// checkpoint is the newest root of the log that was published, and how old it is.
func (v *visit) checkpoint(signed, key string) section {
	s := section{Title: v.T("console.checkpoint")}
	c, there := audit.ClaimOf([]byte(signed))
	if !there {
		s.Text = v.T("console.checkpoint_none")
		return s
	}
	s.Text = v.T("console.checkpoint_text")
	s.Facts = []fact{{v.T("console.log_entries"), v.number(strconv.FormatInt(c.Size, 10))},
		{v.T("console.published_at"), v.moment(c.At.Format("2006-01-02T15:04:05Z07:00"))},
		{v.T("console.age"), v.age(int(v.Edge.Clock.Now().Sub(c.At).Minutes()))}}
	s.Lines = []string{v.T("console.root") + ": " + base64.StdEncoding.EncodeToString(c.Root[:]),
		v.T("console.log_key") + ": " + key}
	return s
}

// age is a number of minutes in words.
func (v *visit) age(minutes int) string {
	switch {
	case minutes < 120:
		return v.T("console.minutes", "n", strconv.Itoa(max(0, minutes)))
	case minutes < 48*60:
		return v.T("console.hours", "n", strconv.Itoa(minutes/60))
	}
	return v.T("console.days", "n", v.number(strconv.Itoa(minutes/60/24)))
}

// checks are the last whole verifications of the database, and what came of them.
func (v *visit) checks() (section, error) {
	var l listed
	if _, err := v.get("/v1/log/checks", nil, &l); err != nil {
		return section{}, err
	}
	t := v.tableOf("log-checks", l.Items, "checked_at", "checked_by", "result", "entries", "checkpoints")
	for i := range t.Rows {
		t.Rows[i].Cells[2].Over = text(l.Items[i]["result"]) == "changed"
	}
	t.Empty = v.T("console.checks_none")
	return section{Title: v.T("console.checks"), Text: v.T("console.checks_text"), Table: &t,
		Lines: []string{"tanggap verify"}}, nil
}

// howToVerify are the commands with which anybody proves an export, and what each answer means.
func (v *visit) howToVerify(key string) []section {
	return []section{{Title: v.T("console.how_to_verify"), Text: v.T("console.how_to_verify_text"),
		Lines: []string{"tanggap verify --key '" + key + "' " + v.T("console.file_example")}}, v.answers()}
}

// answers are the three that a verification can have.
func (v *visit) answers() section {
	return section{Title: v.T("console.verify_answers"), Text: v.T("console.verify_answers_text"), Facts: []fact{
		{v.T("console.verify_ok"), v.T("console.verify_ok_text")},
		{v.T("console.verify_changed"), v.T("console.verify_changed_text")},
		{v.T("console.verify_unproved"), v.T("console.verify_unproved_text")}}}
}
