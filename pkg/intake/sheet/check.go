package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/tanggap/tanggap/pkg/calendar"
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
	base     dayBase
	seen     map[uint64]where
	places   map[string]place

	// Of the sheet that is read.
	sheet  string
	before int
	head   header
	survey survey
}

// where is the place of a worker who was seen.
type where struct {
	sheet string
	row   int
}

func newChecker(opts Options, base dayBase) *checker {
	return &checker{keep: opts.Given, regions: opts.Regions, today: opts.Today, youngest: opts.Youngest, base: base,
		seen: map[uint64]where{}, places: map[string]place{}}
}

// inspection is the check of one record.
type inspection struct {
	*checker
	record record
	row    Row
}

// check reads all columns and collects all that is wrong.
func (k *checker) check(r record) Row {
	in := inspection{checker: k, record: r, row: Row{Key: k.before + r.number, Sheet: k.sheet, Number: r.number,
		Status: Valid}}
	in.shape()
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
	switch code := hollow(c.kind); {
	case code != "" && required(f):
		in.refuse(code, f, "limit", strconv.Itoa(DefaultLimits().CellRunes))
	case code != "":
		in.warn(code, f)
	case !c.void():
		return c, true
	case missing != "":
		in.refuse(missing, f)
	}
	return c, false
}

// hollow is what to say of a cell that looks filled on the screen and has no value here.
func hollow(k kind) Code {
	switch k {
	case errorCell:
		return CodeCellError
	case formulaCell:
		return CodeCellFormula
	case mergedCell:
		return CodeCellMerged
	case longCell:
		return CodeTextTooLong
	case blankCell, textCell, numberCell:
	}
	return ""
}

// shape warns of a row with cells beyond the last title: in CSV a separator that was not quoted has moved all behind
// it.
func (in *inspection) shape() {
	for column := in.head.width(); column < len(in.record.cells); column++ {
		if !in.record.at(column).empty() && in.head.text(column) == "" {
			in.warn(CodeCellsSurplus, "")
			in.row.Reasons[len(in.row.Reasons)-1].Column = Column{Letter: letter(column)}
			return
		}
	}
}

func (in *inspection) refuse(code Code, f field, args ...string) {
	in.row.Status = Reject
	in.add(code, f, false, args)
}

func (in *inspection) warn(code Code, f field, args ...string) {
	if in.row.Status == Valid {
		in.row.Status = ValidWarning
	}
	in.add(code, f, true, args)
}

func (in *inspection) add(code Code, f field, warning bool, args []string) {
	reason := Reason{Code: code, Column: in.head.column(f), Warning: warning}
	for i := 0; i+1 < len(args); i += 2 {
		if reason.Args == nil {
			reason.Args = map[string]string{}
		}
		reason.Args[args[i]] = args[i+1]
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
	if c.changed != "" {
		in.warn(CodeTextCleaned, f, "characters", called(c.changed))
	}
	if f != fieldName && strings.ContainsRune(text, unicode.ReplacementChar) {
		in.warn(CodeTextBroken, f)
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
	in.letters(name)
	in.row.Worker.Name = name
}

// letters warns of a name with characters that it is not likely to have; one of which a letter is lost is refused.
func (in *inspection) letters(name string) {
	if strings.ContainsRune(name, unicode.ReplacementChar) {
		in.refuse(CodeTextBroken, fieldName)
		return
	}
	if odd := strange(name); odd != "" {
		in.warn(CodeNameCharacters, fieldName, "characters", called(odd))
	}
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
	date, ok := in.date(f, c)
	if !ok {
		return
	}
	w.BirthDate = date
	if in.judge(identity.FactBirthDate, f) {
		w.BirthDate = calendar.Date{}
	}
}

// date reads a date and holds it against its column: an order of day and month that the list contradicts is no date.
func (in *inspection) date(f field, c cell) (calendar.Date, bool) {
	found := in.base.read(c)
	column := in.survey.dates[f]
	open := found.order == orderOpen && found.code == ""
	order := in.survey.openOrder()
	switch {
	case found.code != "":
		in.refuse(found.code, f)
		return calendar.Date{}, false
	case open && order == CodeDateMonthFirst:
		in.refuse(order, f)
		return calendar.Date{}, false
	case open && order != "":
		in.warn(order, f)
	case found.machine && column.turned():
		in.warn(CodeDateTurned, f)
	}
	switch {
	case found.instant && dayOfInstant(found.clock) > 0:
		in.warn(CodeDateInstant, f, "date", found.date.String())
	case column.shiftedAll():
		in.warn(CodeDateMidnight, f, "clock", found.clock)
	}
	return found.date, true
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
	date, ok := in.date(fieldPHK, c)
	if !ok {
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
	switch {
	case found.reason != "" && found.candidates != "":
		in.refuse(found.reason, fieldRegency, "candidates", found.candidates)
		return
	case found.reason != "":
		in.refuse(found.reason, fieldRegency)
		return
	case found.bare != "":
		in.warn(CodeRegionCode, fieldRegency, "place", found.bare)
	}
	in.row.Worker.Regency = found.code
}
