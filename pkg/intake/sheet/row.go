package sheet

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// Status is the verdict on one row.
type Status string

// The verdicts: warnings alone leave a row usable, one refusal does not, and rows without a worker are skipped.
const (
	Valid        Status = "valid"
	ValidWarning Status = "valid_warning"
	Reject       Status = "reject"
	Skip         Status = "skip"
)

// Valid tells whether s is one of the verdicts above.
func (s Status) Valid() bool { return codelist.Has(s) }

// Values lists the verdicts.
func (Status) Values() []Status { return []Status{Valid, ValidWarning, Reject, Skip} }

// Column says where in the row a reason applies. Both are empty when it applies to the whole row.
type Column struct {
	Header string // as written in the file, at most 100 characters
	Letter string // as a spreadsheet names it: A, B, … AA
}

// Reason is one finding on a row. It never holds a value from the worker's cells.
type Reason struct {
	Code    Code
	Column  Column
	Warning bool
	Args    map[string]string // for the message, such as the first row of a duplicate
}

// Worker is what a row says of one person. Of a refused row it holds what could be read.
type Worker struct {
	NIK             identity.NIK
	Name            string
	BirthPlace      string
	BirthDate       calendar.Date
	Sex             identity.Sex // empty when the row does not say
	KPJ             identity.KPJ
	Position        string
	Wage            money.Rupiah // last monthly wage, whole rupiah
	TerminationDate calendar.Date
	Reason          string          // as written
	Ground          StatutoryReason // the statutory ground that Reason names; empty when it names none for certain
	Phone           identity.Phone
	Email           identity.Email
	Address         identity.Secret
	Regency         region.Code // of residence today, which need not be that of the NIK
}

// Format prints a placeholder under every verb, so that no log line can show the person.
func (Worker) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[worker]") }

// LogValue keeps the person out of structured logs.
func (Worker) LogValue() slog.Value { return slog.StringValue("[worker]") }

// Row is one row of the list with its verdict.
type Row struct {
	Key     int    // place of the row in the whole list, ascending over its sheets; in the first sheet the row's number
	Sheet   string // empty for CSV
	Number  int    // sheet row from 1; in a CSV file the line on which the row begins
	Status  Status
	Reasons []Reason // all of them, in column order of the checks; one for a skipped row, none for a valid row
	Worker  Worker   // zero for a skipped row
	Given   []string // all cells as written, when they were asked for
}

// Sheet is a sheet that was read.
type Sheet struct {
	Name    string `json:"name,omitempty"` // empty for CSV
	Header  int    `json:"header"`         // number of the header row
	Workers int    `json:"workers"`        // rows that describe a worker
}

// Note is something that the reader did not use or had to guess, about the whole list. Code has a text in both
// languages. It never holds a value of a worker.
type Note struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Summary counts what Read saw, and tells what it made of it.
type Summary struct {
	Sheets    []Sheet // those read, in tab order
	Notes     []Note
	Encoding  string // of a CSV file: utf-8, utf-16le, utf-16be, windows-1252
	Separator string // of a CSV file
	Rows      int    // rows that describe a worker: Valid + Warned + Rejected
	Valid     int
	Warned    int
	Rejected  int
	Skipped   int // rows without a worker, also those of long empty stretches that are not reported one by one
}

// Findings that are no worker's: the row is skipped.
const (
	CodeTitle       Code = "TITLE"
	CodeHeader      Code = "HEADER"
	CodeHeaderGroup Code = "HEADER_GROUP"
	CodeEmpty       Code = "EMPTY"
	CodeFooter      Code = "FOOTER"
)

// Code names a finding; the texts for people are in [Reason.Message].
type Code string

// Findings on a worker's row. Those marked (warning) leave the row usable.
const (
	CodeCellError            Code = "CELL_ERROR"    // warning in a column that may be empty
	CodeCellFormula          Code = "CELL_FORMULA"  // likewise: a formula that was never calculated
	CodeCellMerged           Code = "CELL_MERGED"   // likewise: the value stands in another cell
	CodeCellsSurplus         Code = "CELLS_SURPLUS" // warning
	CodeTextCleaned          Code = "TEXT_CLEANED"  // warning
	CodeTextBroken           Code = "TEXT_BROKEN"   // warning but in a name: a letter is lost
	CodeTextTooLong          Code = "TEXT_TOO_LONG"
	CodeNIKMissing           Code = "NIK_MISSING"
	CodeNIKLength            Code = "NIK_LENGTH"
	CodeNIKNotNumeric        Code = "NIK_NOT_NUMERIC"
	CodeNIKPrecisionLost     Code = "NIK_PRECISION_LOST"
	CodeNIKRegionUnknown     Code = "NIK_REGION_UNKNOWN"
	CodeNIKDateInvalid       Code = "NIK_DATE_INVALID"
	CodeNIKSerialInvalid     Code = "NIK_SERIAL_INVALID"
	CodeNIKDuplicate         Code = "NIK_DUPLICATE"
	CodeNIKFiller            Code = "NIK_FILLER"
	CodeNIKBirthDateMismatch Code = "NIK_BIRTHDATE_MISMATCH" // warning
	CodeNIKGenderMismatch    Code = "NIK_GENDER_MISMATCH"    // warning
	CodeNameMissing          Code = "NAME_MISSING"
	CodeNameCharacters       Code = "NAME_CHARACTERS" // warning
	CodeBirthDateMissing     Code = "BIRTH_DATE_MISSING"
	CodeDateInvalid          Code = "DATE_INVALID"
	CodeDateAmbiguous        Code = "DATE_AMBIGUOUS"
	CodeDateMonthFirst       Code = "DATE_MONTH_FIRST" // the list shows that the month stands first
	CodeDateOrderMixed       Code = "DATE_ORDER_MIXED" // warning
	CodeDateTurned           Code = "DATE_TURNED"      // warning: day and month changed places on the way
	CodeDateInstant          Code = "DATE_INSTANT"     // warning: read in the time of Indonesia
	CodeDateMidnight         Code = "DATE_MIDNIGHT"    // warning: may be a day early
	CodePHKDateMissing       Code = "PHK_DATE_MISSING"
	CodePHKDateFuture        Code = "PHK_DATE_FUTURE"
	CodePHKDateBeforeBirth   Code = "PHK_DATE_BEFORE_BIRTH"
	CodePHKDateBeforeAge     Code = "PHK_DATE_BEFORE_WORKING_AGE" // warning
	CodeGenderInvalid        Code = "GENDER_INVALID"              // warning
	CodeWageMissing          Code = "WAGE_MISSING"
	CodeWageInvalid          Code = "WAGE_INVALID"
	CodeKPJInvalid           Code = "KPJ_INVALID"   // warning
	CodePhoneInvalid         Code = "PHONE_INVALID" // warning
	CodeEmailInvalid         Code = "EMAIL_INVALID" // warning
	CodeRegionMissing        Code = "REGION_MISSING"
	CodeRegionAmbiguous      Code = "REGION_AMBIGUOUS"
	CodeRegionUnknown        Code = "REGION_UNKNOWN"
	CodeRegionCode           Code = "REGION_CODE"         // warning
	CodeRegionOutOfScope     Code = "REGION_OUT_OF_SCOPE" // set by the intake, which knows the officer
	CodeLikelyDuplicate      Code = "LIKELY_DUPLICATE"    // warning, set by the intake, which knows the cases
)
