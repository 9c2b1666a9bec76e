package rest

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// examples are values that people recognise, by the name of the field. The worker is made up.
var examples = map[string]any{
	"name": "Siti Aminah", "nik": "3273015503900001", "birth_date": "1990-03-15", "sex": "female",
	"phone": "081234567890", "email": "siti@contoh.id", "kpj": "12345678901", "position": "Operator jahit",
	"employer": "PT Contoh Garmen", "nib": "9120001234567", "region": "3273", "office": "3273", "residence": "3273",
	"terminated_on": "2026-10-30", "wage": 4_200_000, "bank": "BRI", "bank_account": "012301012345",
	"reason": "Diminta pekerja", "text": "Diminta melengkapi bukti PHK.", "occupations": []any{"7531"},
	"occupation": "7531", "title": "Penjahit", "provider": "LPK Maju", "programme": "Menjahit", "body": "LSP Garmen",
	"issuer": "LSP Garmen", "number": "K-1", "units": "C.14.1", "batch": "72", "consent": "signed", "password": "…",
	"next": "…", "current": "…", "code": "…", "from": "2026-11-01", "until": "2026-11-30",
	"reference": "12/HRD/VI/2026", "kbli": "14111", "employer_share": "60%",
	"url": "https://contoh.go.id/tanggap", "service_months": 36,
}

// exampleOf makes an example of a schema: what must be sent, and of an object that asks for nothing its first fields,
// so that a reader sees what it is about.
func exampleOf(r huma.Registry, name string, s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	if known := examples[name]; known != nil && s.Enum == nil && fits(r, s, known) {
		return known
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Properties != nil:
		return exampleObject(r, s, depth)
	case s.Items != nil:
		return []any{exampleOf(r, name, s.Items, depth)}
	case s.Type == huma.TypeBoolean:
		return true
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		return max(1, value(s.Minimum))
	case s.Type == huma.TypeObject:
		return map[string]any{}
	}
	for _, text := range []string{"2026-11-27", "2026-11-27T09:00:00+07:00", "0190a7b0-1111-7222-8333-444455556666",
		"3273",
		"2026-11", "EFFICIENCY_LOSS", "7531", "60%"} {
		if (s.Format != "" || s.Pattern != "") && fits(r, s, text) {
			return text
		}
	}
	for _, text := range []string{"…", "3273", "Contoh", "contoh-contoh-contoh"} {
		if fits(r, s, text) {
			return text
		}
	}
	return "…"
}

func exampleObject(r huma.Registry, s *huma.Schema, depth int) any {
	out := map[string]any{}
	names := slices.Clone(s.Required)
	if len(names) == 0 && depth == 0 {
		for name, p := range s.Properties {
			if p.Type != huma.TypeObject && p.Ref == "" {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		names = names[:min(len(names), 3)]
	}
	for _, name := range names {
		out[name] = exampleOf(r, name, s.Properties[name], depth+1)
	}
	return out
}

func fits(r huma.Registry, s *huma.Schema, v any) bool {
	var res huma.ValidateResult
	huma.Validate(r, s, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, asJSON(v), &res)
	return len(res.Errors) == 0
}

// asJSON is a value as the check of a body meets it.
func asJSON(v any) any {
	if n, is := v.(int); is {
		return float64(n)
	}
	return v
}

func value(p *float64) float64 {
	if p == nil {
		return 0
	}
	return *p
}

// exemplify puts an example beside each body in JSON.
func exemplify(r huma.Registry, op *huma.Operation) {
	if op.RequestBody == nil {
		return
	}
	for kind, media := range op.RequestBody.Content {
		if kind == "application/json" && media.Example == nil && media.Schema != nil {
			media.Example = exampleOf(r, "", media.Schema, 0)
		}
	}
}
