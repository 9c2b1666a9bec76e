package console

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/clock"
)

func visitAt(now string) *visit {
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		panic(err)
	}
	return &visit{Console: &Console{Options: Options{Edge: rest.New(rest.Deps{Clock: clock.At(at),
		Log: slog.New(slog.DiscardHandler)})}}, r: httptest.NewRequest("GET", "/", nil)}
}

// Days are read as people write them, in the zone of the office; what is none goes on as it was typed.
func TestDaysAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	v := visitAt("2026-11-27T20:00:00Z") // the 28th in Indonesia
	for typed, want := range map[string]string{"27/11/2026": "2026-11-27", "27-11-26": "2026-11-27", "1.2.2026": "2026-02-01",
		"27 nov 2026": "2026-11-27", "5 Agustus 2026": "2026-08-05", "3 may 2026": "2026-05-03", "hari ini": "2026-11-28",
		"kemarin": "2026-11-27", "besok": "2026-11-29", "27/11": "2026-11-27", "2026-11-27": "2026-11-27",
		"32/1/2026": "32/1/2026", "1/13/2026": "1/13/2026", "x": "x", "": "", "30/2/2026": "2026-02-30"} {
		if got := v.parseDay(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

// A body has what was typed, as its type is; nothing of what was left empty, and of a correction only what differs.
func TestABodyHasWhatWasTyped(t *testing.T) {
	t.Parallel()
	v := visitAt("2026-11-27T03:00:00Z")
	plain, yes := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeBoolean}
	fields := []field{{Name: "text", Kind: long, schema: plain}, {Name: "on", Kind: date, schema: plain},
		{Name: "wage", Kind: amount, schema: plain}, {Name: "yes", Kind: choice, schema: yes},
		{Name: "no", Kind: choice, schema: yes}, {Name: "left", Kind: line, schema: plain},
		{Name: "codes", Kind: lines, schema: plain}, {Name: "some", Kind: many, schema: plain},
		{Name: "worker.name", Kind: line, schema: plain}, {Name: "days[0].on", Kind: date, schema: plain},
		{Name: "days[0].n", Kind: number, schema: plain}, {Name: "days[2].on", Kind: date, schema: plain},
		{Name: "same", Kind: line, Clear: true, schema: plain}, {Name: "gone", Kind: line, Clear: true, schema: plain},
		{Name: "new", Kind: line, Clear: true, schema: plain}, {Name: "odd", Kind: number, schema: plain}}
	typed := url.Values{"text": {"a\r\nb"}, "on": {"1/2/2026"}, "wage": {"Rp 2.700.000"}, "yes": {"true"}, "no": {"false"},
		"left": {"  "}, "codes": {"7212\r\n7531"}, "some": {"a", "b"}, "worker.name": {"Siti"}, "days[0].on": {"1/2/2026"},
		"days[0].n": {"1"}, "days[2].on": {"3/2/2026"}, "same": {"x"}, "was.same": {"x"}, "gone": {"x"}, "was.gone": {"x"},
		"gone~": {"1"}, "new": {"y"}, "was.new": {"x"}, "odd": {"banyak"}}
	text, err := json.Marshal(clean(v.bodyOf(fields, typed)))
	want := `{"codes":["7212","7531"],"days":[{"n":1,"on":"2026-02-01"},{"on":"2026-02-03"}],"gone":null,"new":"y",` +
		`"no":false,"odd":"banyak","on":"2026-02-01","some":["a","b"],"text":"a\nb","wage":2700000,` +
		`"worker":{"name":"Siti"},"yes":true}`
	if err != nil || string(text) != want {
		t.Errorf("got  %s, %v\nwant %s", text, err, want)
	}
}

// What is carried opens for its purpose alone, and not for ever.
func TestWhatIsCarriedIsSealed(t *testing.T) {
	t.Parallel()
	v := visitAt("2026-11-27T03:00:00Z")
	v.seal = sealer(nil)
	token := v.close("search", time.Minute, "Siti")
	var got string
	if !v.open("search", token, &got) || got != "Siti" {
		t.Errorf("got %q", got)
	}
	if v.open("form", token, &got) || v.open("search", token+"A", &got) || v.open("search", "", &got) {
		t.Error("it opens for another purpose, or changed")
	}
	late := visitAt("2026-11-27T03:01:00Z")
	late.seal = v.seal
	if late.open("search", token, &got) {
		t.Error("it opens when its time is over")
	}
}

// Sixteen digits are a NIK, others a telephone or a KPJ, and letters a name.
func TestASearchTellsWhatItIsFor(t *testing.T) {
	t.Parallel()
	for looked, want := range map[string]string{"3273 0101 0190 0001": "nik", "0812-3456-7890": "phone", "+62 812 3456 7890": "phone",
		"10730605462": "kpj", "Siti": "name", "siti@contoh.id": "email"} {
		got := searchOf(looked)
		if _, is := got[want]; !is || len(got) != 1 {
			t.Errorf("%q is taken for %v", looked, got)
		}
	}
}
