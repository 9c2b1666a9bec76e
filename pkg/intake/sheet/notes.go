package sheet

import (
	"strconv"
	"strings"
)

// The notes on a list; their texts are in policies/texts/lists.yaml.
const (
	NoteSheetNotRead   = "intake.note_sheet_not_read"
	NoteSheetHidden    = "intake.note_sheet_hidden"
	NoteSheetsMany     = "intake.note_sheets_many"
	NoteSheetsRead     = "intake.note_sheets_read"
	NoteColumnIgnored  = "intake.note_column_ignored"
	NoteColumnNear     = "intake.note_column_near"
	NoteColumnNotKept  = "intake.note_column_not_kept"
	NoteColumnUntitled = "intake.note_column_untitled"
	NoteCellsFar       = "intake.note_cells_far"
	NoteEncoding       = "intake.note_encoding"
	NoteEncodingDOS    = "intake.note_encoding_dos"
	NoteEncodingBroken = "intake.note_encoding_broken"
	NoteMonthFirst     = "intake.note_month_first"
	NoteNoWorkers      = "intake.note_no_workers"
)

const notesMost = 100

func (r *reading) note(code string, kv ...string) {
	if len(r.sum.Notes) >= notesMost {
		return
	}
	n := Note{Code: code}
	for i := 0; i+1 < len(kv); i += 2 {
		if n.Args == nil {
			n.Args = map[string]string{}
		}
		n.Args[kv[i]] = kv[i+1]
	}
	r.sum.Notes = append(r.sum.Notes, n)
}

// noteColumns tells of the columns of a sheet that hold something and were not used.
func (r *reading) noteColumns(sheet string, head header, s survey) {
	for column := range max(len(head.texts), r.opts.Limits.Columns) {
		rows := s.filled[column]
		text := head.text(column)
		if rows > 0 && (head.isField(column, fieldPlace) || head.isField(column, fieldReason)) {
			r.note(NoteColumnNotKept, "column", letter(column), "header", text, "sheet", sheetName(sheet))
		}
		if rows == 0 || head.claimed(column) || text == "" && column >= head.width() || head.words.own[normal(text)] {
			continue
		}
		args := []string{"column", letter(column), "header", text, "rows", strconv.Itoa(rows), "sheet", sheetName(sheet)}
		near := head.words.nearest(text)
		switch {
		case text == "":
			r.note(NoteColumnUntitled, args...)
		case near == "" || head.words.others[normal(text)]:
			r.note(NoteColumnIgnored, args...)
		default:
			r.note(NoteColumnNear, append(args, "near", near.shown())...)
		}
	}
	if len(s.far) > 0 {
		r.note(NoteCellsFar, "cells", strings.Join(s.far, ", "), "sheet", sheetName(sheet))
	}
	if s.openOrder() == CodeDateMonthFirst {
		r.note(NoteMonthFirst, "dates", strconv.Itoa(s.monthFirst), "sheet", sheetName(sheet))
	}
}

func sheetName(name string) string {
	if name == "" {
		return "CSV"
	}
	return name
}

// noteEncoding tells how the bytes of a text were read, when it is not beyond doubt.
func (r *reading) noteEncoding(code charset) {
	switch {
	case code.dos:
		r.note(NoteEncodingDOS, "encoding", code.name)
	case code.broken:
		r.note(NoteEncodingBroken, "encoding", code.name)
	case code.name == "windows-1252":
		r.note(NoteEncoding, "encoding", code.name)
	}
}

// noteSheets tells which sheets the rows come from, when there are several, and that there are no rows.
func (r *reading) noteSheets() {
	var read []string
	for _, s := range r.sum.Sheets {
		read = append(read, s.Name+" ("+strconv.Itoa(s.Workers)+")")
	}
	if len(read) > 1 {
		r.note(NoteSheetsRead, "sheets", strings.Join(read, ", "))
	}
	if r.sum.Rows == 0 {
		r.note(NoteNoWorkers)
	}
}
