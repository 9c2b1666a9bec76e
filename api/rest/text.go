package rest

import (
	"mime"
	"mime/multipart"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Texts are held to one rule in every body, form, file name and query: what is stored is what was sent, or it is
// refused.

// The longest text of all, in characters; most fields hold far less and say so. And of a file's name, as file systems
// have it.
const (
	mostText     = 10_000
	mostFileName = 255
)

// lineFault is what is wrong with a name or a number: it may hold only what can be seen, and blanks.
func lineFault(text string) string {
	return faultOf(text, func(r rune) bool { return visible(r) && !unicode.Is(unicode.Variation_Selector, r) })
}

// freeFault is what is wrong with a free text: it may also have lines, and the joiners that scripts and pictures are
// made with.
func freeFault(text string) string {
	return faultOf(text, func(r rune) bool { return visible(r) || strings.ContainsRune("\n\r\t\u200c\u200d", r) })
}

func faultOf(text string, allowed func(rune) bool) string {
	switch {
	case !utf8.ValidString(text):
		return "input.encoding"
	case strings.ContainsFunc(text, func(r rune) bool { return !allowed(r) }):
		return "input.characters"
	}
	return ""
}

// visible leaves out controls, marks of direction, and everything else that shows nothing or is no character.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// checkTexts holds every text of a request's body to the rule. A field is free text where it says so (text:"free").
func checkTexts(in any) error {
	if wrong := wrongTexts(in); len(wrong) > 0 {
		return invalid(wrong)
	}
	return nil
}

func wrongTexts(in any) []fault.FieldError {
	var w textWalk
	v := reflect.ValueOf(in).Elem()
	if body := v.FieldByName("Body"); body.IsValid() {
		w.value(body, "", false)
	}
	if raw := v.FieldByName("RawBody"); raw.IsValid() && raw.Kind() == reflect.Struct {
		if form, ok := raw.FieldByName("Form").Interface().(*multipart.Form); ok && form != nil {
			w.form(form)
		}
	}
	return w.wrong
}

// textWalk collects the fields whose text is refused.
type textWalk struct{ wrong []fault.FieldError }

func (w *textWalk) text(text, path string, free bool) {
	check := lineFault
	if free {
		check = freeFault
	}
	if code := check(text); code != "" {
		w.wrong = append(w.wrong, fault.FieldError{Field: path, Code: code})
	} else if utf8.RuneCountInString(text) > mostText {
		w.wrong = append(w.wrong, tooLong(path, mostText))
	}
}

func tooLong(path string, most int) fault.FieldError {
	return fault.FieldError{Field: path, Code: "input.longest", Args: map[string]string{"most": strconv.Itoa(most)}}
}

func (w *textWalk) value(v reflect.Value, path string, free bool) {
	switch v.Kind() {
	case reflect.String:
		w.text(v.String(), path, free)
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.value(v.Elem(), path, free)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			w.value(v.Index(i), path+"["+strconv.Itoa(i)+"]", free)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			w.value(key, path, false)
			w.value(v.MapIndex(key), joined(path, key.String()), free)
		}
	case reflect.Struct:
		if sent, ok := v.Interface().(sentText); ok {
			w.value(reflect.ValueOf(sent.sentValue()), path, free)
			return
		}
		w.fields(v, path)
	default: // numbers and truth values are no texts
	}
}

func (w *textWalk) fields(v reflect.Value, path string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported(), f.Tag.Get("text") == "file": // a file has a reader of its own
		case f.Anonymous:
			w.value(v.Field(i), path, false)
		default:
			w.value(v.Field(i), joined(path, name), f.Tag.Get("text") == "free")
		}
	}
}

// form looks at every field and every file name of an upload, known or not.
func (w *textWalk) form(form *multipart.Form) {
	for name, values := range form.Value {
		for _, text := range append(values, name) {
			w.text(text, name, false)
		}
	}
	for name, files := range form.File {
		for _, file := range files {
			w.text(file.Filename, name, false)
			if utf8.RuneCountInString(file.Filename) > mostFileName {
				w.wrong = append(w.wrong, tooLong(name, mostFileName))
			}
		}
	}
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// invalid refuses a request for its fields, in the order of their names.
func invalid(wrong []fault.FieldError) error {
	slices.SortFunc(wrong, func(a, b fault.FieldError) int { return strings.Compare(a.Field+a.Code, b.Field+b.Code) })
	return fault.New(fault.Invalid, "input.invalid").With(wrong...)
}

// contentOf is the media type of a body; plain is false when its bytes are not UTF-8 as they are, but coded otherwise.
func contentOf(contentType, encoding string) (kind string, plain bool) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	charset, named := params["charset"]
	return kind, encoding == "" && (!named || strings.EqualFold(charset, "utf-8"))
}

// badEscape tells whether a JSON text holds an escape that is no character: NUL, which the database cannot keep, or
// half a surrogate pair, for which the decoder would put another character.
func badEscape(body []byte) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		unit, ok := escaped(body[min(i, len(body)):])
		if !ok {
			continue // another escape; whether it is one, the decoder says
		}
		i += 4
		switch {
		case unit == 0, unit >= 0xdc00 && unit < 0xe000:
			return true
		case unit >= 0xd800 && unit < 0xdc00:
			if i+1 >= len(body) || body[i+1] != '\\' {
				return true
			}
			low, ok := escaped(body[i+2:])
			if !ok || low < 0xdc00 || low >= 0xe000 {
				return true
			}
			i += 6
		}
	}
	return false
}

// escaped reads the four digits of uXXXX.
func escaped(text []byte) (unit uint64, ok bool) {
	if len(text) < 5 || text[0] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[1:5]), 16, 32)
	return unit, err == nil
}
