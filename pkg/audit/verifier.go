package audit

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
)

// Problem names what is wrong with an entry or a file.
type Problem string

// The problems.
const (
	Unreadable  Problem = "unreadable"     // the line is not in the one canonical form
	WrongHash   Problem = "wrong_hash"     // the entry is not what its hash says
	BrokenLink  Problem = "broken_link"    // it does not follow from the entry before
	WrongSeq    Problem = "wrong_sequence" // an entry is missing, doubled or out of place
	WrongOrder  Problem = "wrong_order"    // a case is out of place, or stands twice
	TimeBack    Problem = "time_backwards" // it was recorded before its predecessor
	NoEnd       Problem = "no_end"         // the file is cut off: nothing vouches for it
	WrongEnd    Problem = "wrong_end"      // the last line does not agree with what stands before it
	AfterEnd    Problem = "after_end"      // something follows the last line
	HeadDiffers Problem = "head_differs"   // the case knows of another newest entry
	NotInLog    Problem = "not_in_log"     // the log knows nothing of the entry
	Missing     Problem = "entry_missing"  // the log names an entry that is not there
	LogDiffers  Problem = "log_differs"    // another entry was published at its place
	RolledBack  Problem = "rolled_back"    // more was published than there is: an older copy
	RootDiffers Problem = "root_differs"   // the log has another root than the published one

	BadManifest  Problem = "bad_manifest"  // the manifest cannot be read, or does not agree with the files
	BadSignature Problem = "bad_signature" // the manifest was not signed by the key
	FileDiffers  Problem = "file_differs"  // a file is not the one of the manifest
	BadProof     Problem = "bad_proof"     // the entries do not stand in the published log
)

// Finding is the first thing that is wrong. Line counts from 1 in a file and is 0 in a database.
type Finding struct {
	Line   int
	Case   uuid.UUID
	Seq    int
	What   Problem
	Detail string
}

var problemTexts = map[Problem][2]string{
	Unreadable:  {"baris tidak dalam bentuk baku", "the line is not in canonical form"},
	WrongHash:   {"isi entri tidak sesuai dengan hash-nya", "the entry does not match its hash"},
	BrokenLink:  {"entri tidak menyambung dengan entri sebelumnya", "the entry does not follow from the one before"},
	WrongSeq:    {"ada entri yang hilang, ganda, atau berpindah", "an entry is missing, doubled or moved"},
	WrongOrder:  {"urutan kasus salah atau kasus muncul dua kali", "a case is out of order or appears twice"},
	TimeBack:    {"waktu pencatatan mundur", "the recording time runs backwards"},
	NoEnd:       {"berkas terpotong: baris penutup tidak ada", "the file is cut off: it has no closing line"},
	WrongEnd:    {"baris penutup tidak cocok dengan isi berkas", "the closing line does not agree with the file"},
	AfterEnd:    {"ada isi sesudah baris penutup", "something follows the closing line"},
	HeadDiffers: {"entri terakhir bukan yang dicatat pada kasus", "the last entry is not the one the case records"},
	NotInLog:    {"entri tidak tercatat dalam log", "the log does not have the entry"},
	Missing:     {"entri yang tercatat dalam log tidak ada lagi", "the entry stands in the log and is gone"},
	LogDiffers:  {"entri lain yang diterbitkan pada tempat ini", "another entry was published in its place"},
	RolledBack: {"basis data lebih tua daripada titik periksa yang diterbitkan",
		"the database is older than the published checkpoint"},
	BadManifest: {"manifes rusak atau tidak cocok dengan isi berkas",
		"the manifest cannot be read or does not agree with the files"},
	BadSignature: {"manifes tidak ditandatangani oleh kunci log ini", "the manifest was not signed by the key of the log"},
	FileDiffers:  {"berkas tidak sesuai dengan manifes", "the file is not the one of the manifest"},
	BadProof: {"entri-entri ini tidak terbukti ada dalam log yang diterbitkan",
		"the entries do not stand in the published log"},
	RootDiffers: {"akar log berbeda dari titik periksa yang diterbitkan",
		"the root of the log is not the one of the published checkpoint"},
}

// Message words the finding in Indonesian ("id") or English.
func (f *Finding) Message(lang string) string {
	place, text := "line", problemTexts[f.What][1]
	if lang == "id" {
		place, text = "baris", problemTexts[f.What][0]
	}
	out := text
	if f.Case != uuid.Nil {
		out = fmt.Sprintf("case %s, entry %d: %s", f.Case, f.Seq, text)
	}
	if f.Line > 0 {
		out = fmt.Sprintf("%s %d, %s", place, f.Line, out)
	}
	if f.Detail != "" {
		out += " (" + f.Detail + ")"
	}
	return out
}

// Verifier takes the entries of one history after the other, ordered by case and number, and stops at the first that is
// wrong. The zero Verifier is ready.
type Verifier struct {
	Entries int
	Cases   int
	last    Entry
}

// Add checks one entry; nil means that it is what it should be.
func (v *Verifier) Add(e *Entry) *Finding {
	found := func(what Problem) *Finding { return &Finding{Case: e.CaseID, Seq: e.Seq, What: what} }
	next := v.Entries > 0 && e.CaseID == v.last.CaseID
	switch {
	case !next && v.Entries > 0 && bytes.Compare(e.CaseID[:], v.last.CaseID[:]) < 0:
		return found(WrongOrder)
	case !next && e.Seq != 1, next && e.Seq != v.last.Seq+1:
		return &Finding{Case: e.CaseID, Seq: v.expected(e), What: WrongSeq}
	case !next && e.PrevHash != [32]byte{}, next && e.PrevHash != v.last.Hash:
		return found(BrokenLink)
	case e.Digest() != e.Hash:
		return found(WrongHash)
	case next && !e.RecordedAt.After(v.last.RecordedAt):
		return found(TimeBack)
	}
	v.Entries++
	if !next {
		v.Cases++
	}
	v.last = *e
	return nil
}

// expected is the number that should have come: of an entry that is gone it is the missing one that is named.
func (v *Verifier) expected(e *Entry) int {
	if v.Entries > 0 && e.CaseID == v.last.CaseID {
		return min(v.last.Seq+1, e.Seq)
	}
	return 1
}

// Head checks that the newest entry of the case added last is the one that the case itself records: it finds a tail
// that was cut off.
func (v *Verifier) Head(id uuid.UUID, version int, hash [32]byte) *Finding {
	if v.Entries == 0 || v.last.CaseID != id || v.last.Seq != version || v.last.Hash != hash {
		first := version // one that was cut off, or put on
		if v.last.CaseID == id && v.last.Seq != version {
			first = min(version, v.last.Seq) + 1
		}
		return &Finding{Case: id, Seq: first, What: HeadDiffers}
	}
	return nil
}
