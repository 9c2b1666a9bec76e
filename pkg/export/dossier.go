package export

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

// dossier is one case on paper, for a reader who is no programmer; what proves it lies beside it.
type dossier struct {
	*run
	*speech
	*paper
	entries []audit.Entry
	voided  map[int]int // by which entry
	notes   map[int]string
}

// dossier writes one case as PDF.
func (m *run) dossier(to io.Writer) error {
	s, err := m.speech()
	if err != nil {
		return err
	}
	d := &dossier{run: m, speech: s, voided: map[int]int{}, notes: map[int]string{}}
	if err := m.snap.Entries(func(e *audit.Entry) error { d.take(*e); return nil }); err != nil {
		return err
	}
	d.paper = newPaper(s.say("dossier.title")+" "+m.x.Asked.Case, m.asOf.At, func(page int) string {
		return m.x.Asked.Case + " · " + s.say("dossier.page", "n", strconv.Itoa(page))
	})
	d.title(s.say("dossier.title"))
	d.text(s.say("dossier.made", "name", s.officer(uuid.UUID(m.x.Officer)), "instant", s.instant(m.snap.At(), ""),
		"size", strconv.FormatInt(m.asOf.Size, 10), "checkpoint", s.instant(m.asOf.At, "")))
	if err := m.snap.People(m.x.Profile == Full, func(p *Person) error { d.summary(p); return nil }); err != nil {
		return err
	}
	d.payments()
	d.documents()
	d.history()
	d.proof()
	return d.write(to)
}

func (d *dossier) take(e audit.Entry) {
	d.entries = append(d.entries, e)
	if e.Kind == string(casework.EntryVoided) {
		void := (&casework.Entry{Kind: casework.EntryVoided, Payload: e.Payload}).Void()
		d.voided[void.Seq] = e.Seq
	}
}

func (d *dossier) summary(p *Person) {
	d.heading(d.say("dossier.summary"))
	nik, layoff := p.NIKMasked, ""
	if d.x.Profile == Full {
		nik = p.NIK.Reveal()
	}
	if p.LayoffID != uuid.Nil {
		layoff = p.LayoffID.String()
	}
	officer := ""
	if id := uuid.UUID(p.Case.Officer); id != uuid.Nil {
		officer = d.officer(id)
	}
	for _, f := range [][2]string{{"case", p.ID.String()}, {"name", p.Name}, {"nik", nik}, {"employer", p.Employer},
		{"layoff", layoff}, {"terminated_on", d.Day(p.TerminatedOn)}, {"opened_on", d.Day(p.OpenedOn)},
		{"stage", wording.Label(d.Lang, p.Stage)}, {"outcome", labelled(d.Lang, p.Outcome)},
		{"closed_on", d.Day(p.ClosedOn)}, {"claim", wording.Label(d.Lang, p.ClaimState)},
		{"office", d.speech.region(p.Region)}, {"officer", officer}, {"due", d.due(&p.Case)},
		{"follow_up", d.Day(p.FollowUpOn)}} {
		d.line(d.say("dossier."+f[0]), f[1])
	}
	if d.x.Profile != Full {
		return
	}
	d.personal(p)
	for _, n := range p.Notes {
		d.notes[n.Seq] = n.Text
	}
}

func labelled(lang string, o casework.Outcome) string {
	if o == "" {
		return ""
	}
	return wording.Label(lang, o)
}

func (d *dossier) personal(p *Person) {
	sex := ""
	if p.Sex != "" {
		sex = wording.Label(d.Lang, p.Sex)
	}
	for _, f := range [][2]string{{"position", p.Position}, {"birth_date", d.Day(p.BirthDate)}, {"sex", sex},
		{"phone", p.Phone.Reveal()}, {"email", p.Email.Reveal()}, {"kpj", p.KPJ.Reveal()},
		{"address", p.Address.Reveal()}, {"wage", wageText(p)}} {
		d.line(d.say("dossier."+f[0]), f[1])
	}
	d.employment(p.Employment)
}

// wageText is the wage of a month; one that nobody stated is empty.
func wageText(p *Person) string {
	if p.Wage.IsZero() {
		return ""
	}
	return money.Rupiah(p.Wage.Reveal()).String()
}

// payment is what an entry says of money that was given.
type payment struct {
	Amount, Grant money.Rupiah
	On            calendar.Date `json:"given_on"`
}

// payments lists the money that entries which stand say was given.
func (d *dossier) payments() {
	d.heading(d.say("dossier.payments"))
	var months money.Rupiah
	found := false
	for _, e := range d.entries {
		var p payment
		if d.voided[e.Seq] != 0 || json.Unmarshal([]byte(e.Payload), &p) != nil || p.Amount+p.Grant == 0 {
			continue
		}
		on := p.On
		if on.IsZero() {
			on = e.OccurredOn
		}
		if e.Kind == string(track.ClaimMonthPaid) {
			months += p.Amount
		}
		found = true
		d.row([]float64{34, 0, 40}, []string{d.Day(on), d.Title(e.Kind) + " (" + d.say("dossier.no") + " " +
			strconv.Itoa(e.Seq) + ")", (p.Amount + p.Grant).String()}, []string{"", "", ""}, false)
	}
	if !found {
		d.text(d.say("dossier.no_payments"))
	}
	if months != 0 {
		d.row([]float64{34, 0, 40}, []string{"", d.say("dossier.jkp_sum"), months.String()}, []string{"", "B", "B"}, false)
	}
}

func (d *dossier) documents() {
	d.heading(d.say("dossier.documents"))
	found := false
	for _, e := range d.entries {
		var doc struct {
			Kind       track.DocumentKind
			ReceivedOn calendar.Date `json:"received_on"`
			SHA256     string
		}
		if e.Kind != string(track.DocumentAdded) || d.voided[e.Seq] != 0 || json.Unmarshal([]byte(e.Payload), &doc) != nil {
			continue
		}
		found = true
		d.row([]float64{0, 34}, []string{wording.Label(d.Lang, doc.Kind), d.Day(doc.ReceivedOn)}, []string{"B", ""}, false)
		d.mono("SHA-256 " + doc.SHA256)
		d.Ln(1)
	}
	if !found {
		d.text(d.say("dossier.no_documents"))
	}
}

var historyWidths = []float64{10, 44, 0, 44}

func (d *dossier) history() {
	d.heading(d.say("dossier.history"))
	d.text(d.say("dossier.history_of") + " " + d.say("dossier.roles_now"))
	d.row(historyWidths, []string{d.say("dossier.no"), d.say("dossier.when"), d.say("dossier.what"), d.say("dossier.who")},
		[]string{"B", "B", "B", "B"}, true)
	for _, e := range d.entries {
		d.row(historyWidths, []string{strconv.Itoa(e.Seq), d.when(&e), d.tell(&e), d.officer(e.Actor)},
			[]string{"", "", "", ""}, true)
	}
}

func (d *dossier) when(e *audit.Entry) string {
	return d.Day(e.OccurredOn) + "\n" + d.say("dossier.recorded", "instant",
		d.instant(e.RecordedAt, region.Code(e.Region)))
}

// tell words an entry, with the note that was opened for this export, and what became of it.
func (d *dossier) tell(e *audit.Entry) string {
	story := d.Tell(e.Kind, e.Payload)
	lines := []string{story.Title + "."}
	for _, f := range story.Facts {
		lines = append(lines, f.What+": "+f.Value)
	}
	switch note := d.notes[e.Seq]; {
	case note != "":
		lines = append(lines, d.say("dossier.note", "text", note))
	case strings.Contains(e.Payload, `"sealed":"`):
		lines = append(lines, d.say("dossier.sealed"))
	}
	if by := d.voided[e.Seq]; by != 0 {
		lines = append(lines, d.say("dossier.voided", "n", strconv.Itoa(by)))
	}
	return strings.Join(lines, "\n")
}

// proof is the last page: what the hashes are, how to check them, and room for who did.
func (d *dossier) proof() {
	d.AddPage()
	d.heading(d.say("dossier.proof"))
	d.text(d.say("dossier.proof_chain"))
	d.text(d.say("dossier.proof_verify"))
	d.line(d.say("book.checkpoint"), d.speech.checkpoint(d.run))
	d.line(d.say("dossier.proof_root"), base64.StdEncoding.EncodeToString(d.asOf.Root[:]))
	d.line(d.say("dossier.proof_key"), d.LogKey)
	d.Ln(2)
	d.text(d.say("dossier.proof_hashes") + ":")
	for _, e := range d.entries {
		d.mono(strconv.Itoa(e.Seq) + strings.Repeat(" ", max(1, 5-len(strconv.Itoa(e.Seq)))) + hex.EncodeToString(e.Hash[:]))
	}
	d.room(50)
	d.Ln(4)
	d.SetFont("go", "B", bodySize)
	d.MultiCell(0, lineHeight, d.say("dossier.signature"), "", "L", false)
	for _, label := range []string{"signature_name", "signature_day", "signature_sign"} {
		d.blank(d.say("dossier." + label))
	}
}
