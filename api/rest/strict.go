package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/tanggap/tanggap/pkg/fault"
)

// maxDepth is how deep a JSON body may nest.
const maxDepth = 32

// StrictJSON refuses what the decoder would let pass: invalid UTF-8, NUL, half a surrogate pair, a key that stands
// twice in one object, nesting beyond 32, and anything after the one value. Unknown keys are refused by the schema.
func StrictJSON(body []byte) error {
	malformed := func(code string) error { return fault.New(fault.Malformed, code) }
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 || badEscape(body) {
		return malformed("input.encoding")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := strictValue(d, 0); err != nil {
		if fault.CodeOf(err) != "" {
			return err
		}
		return malformed("input.malformed")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("input.trailing")
	}
	return nil
}

func strictValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth >= maxDepth {
		return fault.New(fault.Malformed, "input.depth")
	}
	seen := make(map[string]struct{})
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			if _, twice := seen[name]; twice {
				return fault.New(fault.Malformed, "input.duplicate_key")
			}
			seen[name] = struct{}{}
		}
		if err := strictValue(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
