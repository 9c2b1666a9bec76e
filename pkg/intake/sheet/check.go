package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
)

// Longest texts, in characters.
const (
	longestName    = 200
	longestText    = 200
	longestAddress = 500
)

// checker turns records into rows. It remembers the NIKs seen, eight bytes and a row number each.
type checker struct {
	keep     bool
	regions  *region.Tree
	today    calendar.Date
	youngest int
	head     header
	base     dayBase
	seen     map[uint64]int
	places   map[string]place
}

// place is the answer for one spelling of a regency. A list names few of them, many times over.
type place struct {
	code   region.Code
	reason Code
}

const placesKept = 4096

func newChecker(opts Options, head header, base dayBase) *checker {
	return &checker{keep: opts.Given, regions: opts.Regions, today: opts.Today, youngest: opts.Youngest, head: head,
		base: base,
		seen: map[uint64]int{}, places: map[string]place{}}
}

// inspection is the check of one record.
type inspection struct {
	*checker
	record record
	row    Row
}

// check reads all columns and collects all that is wrong.
func (k *checker) check(r record) Row {
	in := inspection{checker: k, record: r, row: Row{Number: r.number, Status: Valid}}
	in.nik()
	in.name()
	in.birth()
	in.sex()
	in.kpj()
	in.row.Worker.Position = in.text(fieldPosition, longestText)
	in.wage()
	in.termination()
	in.row.Worker.Reason = in.text(fieldReason, longestText)
	in.row.Worker.Ground = groundOf(in.row.Worker.Reason)
	in.phone()
	in.email()
	in.address()
	in.regency()
	if k.keep {
		in.row.Given = in.given()
	}
	return in.row
}

// cell gives the cell of a field; usable is false when it is empty or an error, and then missing is the code for the
// first case, if any.
func (in *inspection) cell(f field, missing Code) (c cell, usable bool) {
	column, known := in.head.columns[f]
	if !known {
		return cell{}, false
	}
	c = in.record.at(column)
	switch {
	case c.kind == errorCell && required(f):
		in.refuse(CodeCellError, f)
	case c.kind == errorCell:
		in.warn(CodeCellError, f)
	case !c.void():
		return c, true
	case missing != "":
		in.refuse(missing, f)
	}
	return c, false
}

func (in *inspection) refuse(code Code, f field, args ...string) {
	in.row.Status = Reject
	in.add(code, f, false, args)
}

func (in *inspection) warn(code Code, f field) {
	if in.row.Status == Valid {
		in.row.Status = ValidWarning
	}
	in.add(code, f, true, nil)
}

func (in *inspection) add(code Code, f field, warning bool, args []string) {
	reason := Reason{Code: code, Column: in.head.column(f), Warning: warning}
	if len(args) == 2 {
		reason.Args = map[string]string{args[0]: args[1]}
	}
	in.row.Reasons = append(in.row.Reasons, reason)
}

// text reads a free text column. Nothing is cut: text beyond the limit refuses the row.
func (in *inspection) text(f field, longest int) string {
	c, ok := in.cell(f, "")
	if !ok {
		return ""
	}
	text := c.plain()
	if len(text) > longest && len([]rune(text)) > longest {
		in.refuse(CodeTextTooLong, f, "limit", strconv.Itoa(longest))
		return ""
	}
	return text
}

func (in *inspection) name() {
	if _, ok := in.cell(fieldName, CodeNameMissing); !ok {
		return
	}
	name := in.text(fieldName, longestName)
	if name != "" && strings.IndexFunc(name, unicode.IsLetter) < 0 {
		in.refuse(CodeNameMissing, fieldName)
		return
	}
	in.row.Worker.Name = name
}

func (in *inspection) birth() {
	f := fieldBirth
	if _, own := in.head.columns[f]; !own {
		f = fieldPlaceBirth
	}
	w := &in.row.Worker
	w.BirthPlace = in.text(fieldPlace, longestText)
	c, ok := in.cell(f, CodeBirthDateMissing)
	if !ok {
		return
	}
	if f == fieldPlaceBirth {
		c, w.BirthPlace = splitPlace(c)
	}
	date, code := in.base.parse(c)
	if code != "" {
		in.refuse(code, f)
		return
	}
	w.BirthDate = date
	if in.judge(identity.FactBirthDate, f) {
		w.BirthDate = calendar.Date{}
	}
}

// splitPlace takes "Bandung, 25 November 1990" apart at its first digit.
func splitPlace(c cell) (date cell, town string) {
	text := tidy(c.text)
	digit := strings.IndexFunc(text, unicode.IsDigit)
	if c.kind == numberCell || digit < 0 {
		return c, ""
	}
	town = strings.TrimRight(text[:digit], " ,/-.")
	return cell{kind: textCell, text: text[digit:]}, clip(town, longestText)
}

func (in *inspection) termination() {
	c, ok := in.cell(fieldPHK, CodePHKDateMissing)
	if !ok {
		return
	}
	date, code := in.base.parse(c)
	if code != "" {
		in.refuse(code, fieldPHK)
		return
	}
	in.row.Worker.TerminationDate = date
	in.judge(identity.FactTerminatedOn, fieldPHK)
}

// judge holds a fact that was just read against those before it, by the rules that every entrance has, and tells
// whether it is refused.
func (in *inspection) judge(fact identity.Fact, f field) (refused bool) {
	w := in.row.Worker
	facts := identity.Facts{NIK: w.NIK, BirthDate: w.BirthDate, Sex: w.Sex, TerminatedOn: w.TerminationDate}
	for _, found := range facts.Check(in.regions.KnownNIKPrefix, in.today, in.youngest) {
		switch {
		case found.Fact != fact:
		case found.Warning:
			in.warn(codeOf(found.Code), f)
		default:
			in.refuse(codeOf(found.Code), f)
			refused = true
		}
	}
	return refused
}

// codeOf is how the report on a list spells a code of the program: nik.region_unknown is NIK_REGION_UNKNOWN.
func codeOf(code string) Code {
	switch code {
	case "worker.birth_date_future":
		return CodeDateInvalid
	case "case.terminated_in_future":
		return CodePHKDateFuture
	}
	return Code(strings.ToUpper(strings.ReplaceAll(code, ".", "_")))
}

func (in *inspection) wage() {
	c, ok := in.cell(fieldWage, CodeWageMissing)
	if !ok {
		return
	}
	wage, ok := parseWage(c)
	if !ok {
		in.refuse(CodeWageInvalid, fieldWage)
		return
	}
	in.row.Worker.Wage = wage
}

func (in *inspection) regency() {
	c, ok := in.cell(fieldRegency, CodeRegionMissing)
	if !ok {
		return
	}
	found := in.place(c.plain())
	if found.reason != "" {
		in.refuse(found.reason, fieldRegency)
		return
	}
	in.row.Worker.Regency = found.code
}

func (k *checker) place(text string) place {
	if found, ok := k.places[text]; ok {
		return found
	}
	found := k.resolve(text)
	if len(k.places) < placesKept && len(text) <= longestText {
		k.places[text] = found
	}
	return found
}

// resolve reads a name, or a four-digit code with or without a dot; an abolished code means its successor.
func (k *checker) resolve(text string) place {
	if code, err := region.Parse(strings.Replace(text, ".", "", 1)); err == nil && len(code) == 4 {
		if current, replaced := k.regions.Superseded(code); replaced {
			code = current
		}
		if _, known := k.regions.Get(code); known {
			return place{code: code}
		}
	}
	found, err := k.regions.ResolveRegency(text)
	switch {
	case err == nil:
		return place{code: found.Code}
	case fault.CodeOf(err) == "region.ambiguous":
		return place{reason: CodeRegionAmbiguous}
	}
	return place{reason: CodeRegionUnknown}
}
