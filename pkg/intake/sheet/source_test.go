package sheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
)

// A spelling means one column only, is written in normal form, and is found.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	seen := map[string]field{}
	words := newVocabulary(nil)
	for _, title := range titles() {
		for _, name := range title.names {
			if other, twice := seen[name]; twice {
				t.Errorf("%q means %s and %s", name, other, title.field)
			}
			seen[name] = title.field
			if normal(name) != name {
				t.Errorf("%q is not in normal form", name)
			}
			for _, spelling := range []string{name, strings.ToUpper(name), "  " + strings.ReplaceAll(name, " ", "\n") + " *",
				name + " (wajib)", strings.ReplaceAll(name, " ", ". ")} {
				if m, ok := words.meaning(spelling); !ok || m.field != title.field || m.rank != title.rank {
					t.Errorf("%q is not found", spelling)
				}
			}
		}
		if title.field.shown() == string(title.field) {
			t.Errorf("%s has no name for people", title.field)
		}
	}
	for _, other := range []string{"", "NIK Karyawan", "Nomor Induk Karyawan", "Nama Ibu", "Tanggal", "Tgl Masuk",
		"Keterangan", "(", ")", strings.Repeat("no ", 100)} {
		if _, ok := words.meaning(other); ok {
			t.Errorf("%q is none of our columns", other)
		}
	}
}

// What a person's form shows as a column's name is itself understood.
func TestShownNamesAreUnderstood(t *testing.T) {
	t.Parallel()
	words := newVocabulary(nil)
	for _, title := range titles() {
		if m, ok := words.meaning(title.field.shown()); !ok || m.field != title.field {
			t.Errorf("%s is not read as %s", title.field.shown(), title.field)
		}
	}
}

func drain(t interface{ Fatalf(string, ...any) }, g grid) [][]string {
	var rows [][]string
	for {
		r, err := g.next(context.Background())
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		var row []string
		for _, c := range r.cells {
			row = append(row, c.text)
		}
		rows = append(rows, row)
	}
}

// Whatever encoding/csv writes is read back, cell by cell, and blank lines beside it.
func TestDelimitedReadsStandardCSV(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-z ";,'éü\n|]{0,12}`)
		want := rapid.SliceOfN(rapid.SliceOfN(value, 2, 5), 0, 8).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		got := drain(t, newDelimited(bufio.NewReader(&b), ',', DefaultLimits()))
		if len(got) != len(want) {
			t.Fatalf("%d rows, want %d", len(got), len(want))
		}
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Fatalf("row %d: %q, want %q", i, got[i], want[i])
			}
		}
	})
}

// A record is numbered by the line on which it begins, whatever ends the lines.
func TestLineNumbers(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\r"} {
		d := newDelimited(bufio.NewReader(strings.NewReader(strings.ReplaceAll("a\n\n\"b\nc\nd\",e\nf", "\n", end))), ',',
			DefaultLimits())
		var numbers []int
		for {
			r, err := d.next(context.Background())
			if err != nil {
				break
			}
			numbers = append(numbers, r.number)
		}
		if !slices.Equal(numbers, []int{1, 2, 3, 6}) {
			t.Errorf("%q: %v", end, numbers)
		}
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	table := []struct{ data, want string }{
		{"plain", "utf-8"},
		{"\xef\xbb\xbfmark", "utf-8"},
		{"André", "utf-8"},
		{"Andr\xe9", "windows-1252"},
		{strings.Repeat("a", 10_000) + "\xe9", "windows-1252"},
		{"\xff\xfea\x00", "utf-16le"},
		{"\xfe\xff\x00a", "utf-16be"},
		{"a\x00b\x00", "utf-16le"},
		{"\x00a\x00b", "utf-16be"},
	}
	for _, c := range table {
		src := strings.NewReader(c.data)
		got, err := detectCharset(src, int64(len(c.data)))
		if err != nil || got.name != c.want {
			t.Errorf("%q: %s %v, want %s", c.data[:4], got.name, err, c.want)
		}
	}
	for _, bad := range []string{"a\x00\x00b", "a\x00\x00\x00", "abc\ndef\x00", "\xff\xfea\x00\x00\x00"} {
		if _, err := detectCharset(strings.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%q is no text", bad)
		}
	}
}

// A character that the chunks of a reader cut in two is still one character.
func TestCharsetAcrossChunks(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		data := strings.Repeat("x", shift) + strings.Repeat("é–", 40_000)
		code, err := detectCharset(strings.NewReader(data), int64(len(data)))
		if err != nil || code.name != "utf-8" {
			t.Fatalf("shift %d: %s %v", shift, code.name, err)
		}
		back, err := io.ReadAll(code.open(strings.NewReader(data), int64(len(data))))
		if err != nil || string(back) != data {
			t.Fatalf("shift %d: text changed", shift)
		}
	}
}

// The compact store gives every text back, and nothing for places that do not exist.
func TestTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var store texts
		var want []string
		for range rapid.IntRange(0, 60).Draw(t, "count") {
			s := strings.Repeat(rapid.StringN(0, 5, -1).Draw(t, "text"), rapid.SampledFrom([]int{0, 1, 9, 20_000}).Draw(t,
				"times"))
			store.add([]byte(s))
			want = append(want, s)
		}
		for i, s := range want {
			if got, ok := store.get(i); !ok || got != s {
				t.Fatalf("text %d of %d is lost", i, len(want))
			}
		}
		for _, i := range []int{-1, len(want)} {
			if _, ok := store.get(i); ok {
				t.Fatalf("there is no text %d", i)
			}
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	good := newTokens(strings.NewReader(`<?xml version="1.0"?><!-- c --><a b="1"><c>x</c></a>`))
	n := 0
	for _, err := good.next(context.Background()); !errors.Is(err, io.EOF); _, err = good.next(context.Background()) {
		if n++; err != nil || n > 10 {
			t.Fatal(err)
		}
	}
	if n != 5 {
		t.Errorf("%d tokens", n)
	}
	for _, bad := range []string{"<a>", "</a>", "<!DOCTYPE a>", "<a", "<a b>", "&x;", "<a>\x00</a>",
		strings.Repeat("<a>", depthLimit+1)} {
		tokens := newTokens(strings.NewReader(bad))
		var err error
		for err == nil {
			_, err = tokens.next(context.Background())
		}
		if fault.CodeOf(err) != "intake.unreadable" || errors.Is(err, io.EOF) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	endless := newTokens(strings.NewReader("<a>" + strings.Repeat("<b/>", 10_000)))
	var err error
	for err == nil {
		_, err = endless.next(ctx)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A workbook part is found whatever its case and however its path is written, and never above the root.
func TestPartNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"/xl/A.xml": "xl/a.xml", "xl/../xl/a.xml": "xl/a.xml",
		"../../etc/passwd": "etc/passwd", "": ""} {
		if got := partName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 2, "ab"}, {"abc", 3, "abc"}, {"éü", 1, "é"}, {"", 1, ""}, {"a", 0, ""}} {
		if got := clip(c.in, c.n); got != c.want {
			t.Errorf("%q to %d: %q", c.in, c.n, got)
		}
	}
}
