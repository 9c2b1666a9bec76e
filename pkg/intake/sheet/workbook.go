package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

const relationLimit = 10_000

var errRelations = errors.New("workbook has too many relations")

// workbook is what must be known before a sheet can be read.
type workbook struct {
	parts   *archive
	sheets  []sheetPart // in tab order
	more    int         // sheets beyond the limit
	base    dayBase
	strings *texts
}

type sheetPart struct {
	name, part string
	hidden     bool
}

type relation struct{ kind, target string }

// openWorkbook follows the relations from the package to the workbook and its sheets. Macros are refused although
// nothing here would run them: an officer may open the stored file.
func openWorkbook(ctx context.Context, parts *archive, limits Limits) (*workbook, error) {
	if !parts.has("[Content_Types].xml") || parts.has("xl/vbaProject.bin") {
		return nil, fault.New(fault.Unsupported, "intake.unsupported_type")
	}
	root, err := relations(ctx, parts, "")
	if err != nil {
		return nil, err
	}
	main := first(root, "officeDocument")
	if path.Ext(main) != ".xml" {
		return nil, fault.New(fault.Unsupported, "intake.unsupported_type")
	}
	links, err := relations(ctx, parts, main)
	if err != nil {
		return nil, err
	}
	b := &workbook{parts: parts, strings: &texts{}}
	if err := b.readSheets(ctx, main, links, limits); err != nil {
		return nil, err
	}
	if part := first(links, "sharedStrings"); part != "" {
		b.strings, err = readTexts(ctx, parts, part, limits)
	}
	return b, err
}

// relations reads the .rels of a part. Targets outside the file are left out: nothing is fetched.
func relations(ctx context.Context, parts *archive, part string) (map[string]relation, error) {
	found := map[string]relation{}
	dir, file := path.Split(part)
	err := eachElement(ctx, parts, path.Join(dir, "_rels", file+".rels"), func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
			return nil
		}
		if len(found) >= relationLimit {
			return unreadable(errRelations)
		}
		target := attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		found[attribute(e, "Id")] = relation{kind: path.Base(attribute(e, "Type")), target: strings.TrimPrefix(target, "/")}
		return nil
	})
	return found, err
}

// first gives the target of the one relation of a kind; of several, the smallest name, so that the answer is stable.
func first(links map[string]relation, kind string) string {
	target := ""
	for _, r := range links {
		if r.kind == kind && (target == "" || r.target < target) {
			target = r.target
		}
	}
	return target
}

func (b *workbook) readSheets(ctx context.Context, main string, links map[string]relation, limits Limits) error {
	return eachElement(ctx, b.parts, main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.base.from1904 = truth(attribute(e, "date1904"))
		case "sheet":
			link := links[attribute(e, "id")]
			state := attribute(e, "state")
			switch {
			case link.kind != "worksheet":
			case len(b.sheets) >= limits.Sheets:
				b.more++
			default:
				b.addSheet(sheetPart{name: clip(tidy(attribute(e, "name")), 100), part: link.target,
					hidden: state != "" && state != "visible"})
			}
		}
		return nil
	})
}

// addSheet keeps a part once, so that many sheets cannot multiply the work of one.
func (b *workbook) addSheet(s sheetPart) {
	for _, other := range b.sheets {
		if other.part == s.part {
			return
		}
		if strings.EqualFold(other.name, s.name) || s.name == "" {
			s.name = clip(s.name, 20) + " #" + strconv.Itoa(len(b.sheets)+1)
		}
	}
	b.sheets = append(b.sheets, s)
}

// eachElement calls f for every start element of a part.
func eachElement(ctx context.Context, parts *archive, part string, f func(xml.StartElement) error) error {
	in, err := parts.open(part)
	if err != nil {
		return err
	}
	defer in.Close()
	t := newTokens(in)
	for {
		token, err := t.next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

func truth(s string) bool { return s == "1" || s == "true" }

// clip cuts text to a number of characters.
func clip(s string, runes int) string {
	for i := range s {
		if runes--; runes < 0 {
			return s[:i]
		}
	}
	return s
}
