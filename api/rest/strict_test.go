package rest

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
)

// What the decoder would let pass and another reader might read otherwise is refused by name; what is like it passes.
func TestStrictJSON(t *testing.T) {
	t.Parallel()
	nest := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	for body, code := range map[string]string{
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`: "",
		`{"a":1,"b":2,"a":3}`:                       "input.duplicate_key",
		`{"x":{"a":1,"a":1}}`:                       "input.duplicate_key",
		`[{"a":1,"\u0061":2}]`:                      "input.duplicate_key", // the same key, written otherwise
		`{"a":1,"A":2}`:                             "",
		`{"a":1} `:                                  "",
		`{"a":1}{}`:                                 "input.trailing",
		`1 2`:                                       "input.trailing",
		`{"a":1}x`:                                  "input.trailing",
		``:                                          "input.malformed",
		`{"a"`:                                      "input.malformed",
		`{"a":}`:                                    "input.malformed",
		`[1,]`:                                      "input.malformed",
		`{"a":1`:                                    "input.malformed",
		`nan`:                                       "input.malformed",
		nest(32):                                    "",
		nest(33):                                    "input.depth",
		"{\"a\":\"\xff\"}":                          "input.encoding",
		"{\"a\":\"\x00\"}":                          "input.encoding",
		`{"a":"\u0000"}`:                            "input.encoding",
		`{"a":"\u0001"}`:                            "",
		`{"a":"\ud83d\ude00"}`:                      "", // a pair
		`{"a":"\ud83d"}`:                            "input.encoding",
		`{"a":"\ud83dx"}`:                           "input.encoding",
		`{"a":"\ud83d\n"}`:                          "input.encoding",
		`{"a":"\ud83d\u0041"}`:                      "input.encoding",
		`{"a":"\ud83d\ud83d\ude00"}`:                "input.encoding",
		`{"a":"\ude00"}`:                            "input.encoding",
		`{"a":"\udfff"}`:                            "input.encoding",
		`{"a":"\ud7ff\ue000"}`:                      "", // beside the surrogates
		`{"a":"\\u0000\\ud83d"}`:                    "", // an escaped backslash, and letters
		`{"a":"\\\u0000"}`:                          "input.encoding",
		`{"\ud83d":1}`:                              "input.encoding",
		`{"a":"\uzzzz"}`:                            "input.malformed",
		`"\u00`:                                     "input.malformed",
		`"\`:                                        "input.malformed",
	} {
		err := StrictJSON([]byte(body))
		if got := fault.CodeOf(err); got != code || (err == nil) != (code == "") {
			t.Errorf("%q: %q, want %q", body, got, code)
		}
		if err != nil && fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q: %s", body, fault.KindOf(err))
		}
	}
}
