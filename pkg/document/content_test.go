package document_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// pdf is the least that is a PDF: a catalogue, and the table that says where it is.
func pdf(more string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := b.Len()
	b.WriteString("1 0 obj\n<</Type/Catalog>>\nendobj\n" + more)
	cross := b.Len()
	fmt.Fprintf(&b, "xref\n0 2\n0000000000 65535 f \n%010d 00000 n \ntrailer\n<</Root 1 0 R/Size 2>>\n", at)
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", cross)
	return b.Bytes()
}

func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) }
func pngOf(b *bytes.Buffer, i image.Image) error  { return png.Encode(b, i) }

// archive is a ZIP with one empty file.
func archive() []byte {
	local := append([]byte("PK\x03\x04"), make([]byte, 26)...)
	entry := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	return slices.Concat(local, entry, append([]byte("PK\x05\x06"), make([]byte, 18)...))
}

// chunk is a chunk of a PNG.
func chunk(name, body string) []byte {
	text := []byte(name + body)
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), text...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(text))
}

// huge is a PNG that says of itself that it is w times h pixels, and is nothing.
func huge(w, h uint32) []byte {
	head := string(append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h), 8, 0, 0, 0, 0))
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("IEND", ""))
}

func TestWhatIsTaken(t *testing.T) {
	t.Parallel()
	jpg, png := picture(t, jpegOf), picture(t, pngOf)
	for name, c := range map[string]struct {
		content []byte
		want    track.MediaType
	}{
		"a PDF":                      {pdf(""), track.PDF},
		"a PDF of version 2":         {bytes.Replace(pdf(""), []byte("1.4"), []byte("2.0"), 1), track.PDF},
		"a PDF with blanks after it": {append(pdf(""), "\r\n\n"...), track.PDF},
		"a PDF that was added to":    {append(pdf(""), bytes.TrimPrefix(pdf(""), []byte("%PDF-1.4\n"))...), track.PDF},
		"a PDF of the largest size":  {sized(document.MaxSize), track.PDF},
		"a JPEG":                     {jpg, track.JPEG},
		"a JPEG with zeros after it": {append(slices.Clone(jpg), 0, 0, 0), track.JPEG},
		"a PNG":                      {png, track.PNG},
		"a large PNG":                {huge(12_000, 10_000), track.PNG},
	} {
		if got, err := document.Check(c.content); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// sized is a PDF of a size.
func sized(size int) []byte {
	short := size - len(pdf("% \n")) - 16
	for {
		content := pdf("% " + string(bytes.Repeat([]byte("x"), short)) + "\n")
		if len(content) == size {
			return content
		}
		short += size - len(content)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	jpg, png, paper := picture(t, jpegOf), picture(t, pngOf), pdf("")
	comment := slices.Concat([]byte{0xff, 0xfe, 0, 7}, []byte("%PDF-"))
	for name, c := range map[string]struct {
		content []byte
		code    string
	}{
		"nothing":                            {nil, "document.empty"},
		"a byte too much":                    {sized(document.MaxSize + 1), "document.too_large"},
		"text":                               {[]byte("Surat PHK"), "document.content"},
		"a web page":                         {[]byte("<html><script>alert(1)</script></html>"), "document.content"},
		"a picture of another kind":          {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "document.content"},
		"a program":                          {[]byte("MZ\x90\x00\x03\x00\x00\x00"), "document.content"},
		"only the head of a PDF":             {[]byte("%PDF-1.4\n"), "document.content"},
		"a PDF of a version that is none":    {bytes.Replace(paper, []byte("1.4"), []byte("3.4"), 1), "document.content"},
		"a PDF after something else":         {append([]byte("<html>"), paper...), "document.content"},
		"a PDF before something else":        {append(slices.Clone(paper), "<html>"...), "document.content"},
		"a PDF without its end":              {bytes.TrimSuffix(paper, []byte("%%EOF\n")), "document.content"},
		"a PDF cut off":                      {paper[:len(paper)-20], "document.content"},
		"a PDF without a table":              {[]byte("%PDF-1.4\n%%EOF\n............"), "document.content"},
		"a PDF whose table is elsewhere":     {bytes.Replace(paper, []byte("xref\n0 2"), []byte("yref\n0 2"), 1), "document.content"},
		"a PDF whose table is beyond":        {[]byte("%PDF-1.4\n1 0 obj\nstartxref\n17\n%%EOF"), "document.content"},
		"a PDF and an archive":               {append(pdf("%"+string(archive())+"\n"), '\n'), "document.content"},
		"a JPEG cut off":                     {jpg[:len(jpg)-2], "document.content"},
		"a JPEG before something else":       {append(slices.Clone(jpg), "<?php"...), "document.content"},
		"a JPEG after something else":        {append([]byte("x"), jpg...), "document.content"},
		"a JPEG that is a PDF as well":       {slices.Concat(jpg[:2], comment, jpg[2:]), "document.content"},
		"a JPEG and an archive":              {slices.Concat(jpg, archive(), []byte{0xff, 0xd9}), "document.content"},
		"only the head of a JPEG":            {[]byte{0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9}, "document.content"},
		"a PNG cut off":                      {png[:len(png)-1], "document.content"},
		"a PNG before something else":        {append(slices.Clone(png), 'x'), "document.content"},
		"a PNG with a bad sum":               {slices.Concat(png[:len(png)-1], []byte{png[len(png)-1] ^ 1}), "document.content"},
		"a PNG that is a PDF as well":        {slices.Concat(png[:33], chunk("tEXt", "x\x00%PDF-1.4"), png[33:]), "document.content"},
		"a PNG and an archive":               {slices.Concat(png[:len(png)-12], chunk("tEXt", string(archive())), png[len(png)-12:]), "document.content"},
		"a PNG with more pixels than a wall": {huge(12_000, 10_001), "document.content"},
		"a PNG of no width":                  {huge(0, 10), "document.content"},
	} {
		if got, err := document.Check(c.content); fault.CodeOf(err) != c.code || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// Whatever is sent, it is taken or refused.
func FuzzCheck(f *testing.F) {
	f.Add(pdf(""))
	f.Add(picture(f, jpegOf))
	f.Add(picture(f, pngOf))
	f.Add(archive())
	f.Fuzz(func(t *testing.T, content []byte) {
		if media, err := document.Check(content); (err == nil) != media.Valid() {
			t.Errorf("%q and %v", media, err)
		}
	})
}
