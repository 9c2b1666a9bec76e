package rest

import (
	"context"
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"github.com/tanggap/tanggap/pkg/wording"
)

// message words a code. A refused step that nothing can follow says so instead of listing nothing.
func message(lang, code string, args map[string]string) string {
	if final, is := args["allowed"]; is && final == "" && strings.HasSuffix(code, ".transition_refused") {
		code, args = "transition_refused.final", wording.Labelled(lang, code, args)
	}
	return wording.Message(lang, code, args)
}

var languages = language.NewMatcher([]language.Tag{language.Indonesian, language.English})

// matchLanguage chooses Indonesian or English from Accept-Language; Indonesian when neither is asked for.
func matchLanguage(header string) string {
	if header == "" || len(header) > 200 {
		return "id"
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return "id"
	}
	if _, index, confidence := languages.Match(tags...); index == 1 && confidence > language.No {
		return "en"
	}
	return "id"
}

type languageKey struct{}
type requestKey struct{}

// Language is the language of the answer: id or en.
func Language(ctx context.Context) string {
	if lang, ok := ctx.Value(languageKey{}).(string); ok {
		return lang
	}
	return "id"
}

// RequestID names the request in answers and logs.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// validations are the sentences of the framework's validation, each with the code it stands for. They are its public
// messages; a test sends one request for each and fails when a release words it otherwise.
var validations = []struct {
	pattern *regexp.Regexp
	code    string
}{
	{regexp.MustCompile(`^unexpected property$`), "input.unknown_field"},
	{regexp.MustCompile(`^unknown query parameter$`), "input.unknown_parameter"},
	{regexp.MustCompile(`^expected required property (?P<name>\S+) to be present$`), "input.required"},
	{regexp.MustCompile(`^required (?P<name>.*) is missing$`), "input.required"},
	{regexp.MustCompile(`^request body is required$`), "input.body_required"},
	{regexp.MustCompile(`^expected value to be one of "(?P<allowed>.*)"$`), "input.one_of"},
	{regexp.MustCompile(`^expected (?P<type>string|integer|number|boolean|object|array)$`), "input.type"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date$`), "calendar.date_invalid"},
	{regexp.MustCompile(`^expected string to be (?P<type>.*)$`), "input.format"},
	{regexp.MustCompile(`^expected number >= (?P<least>.*)$`), "input.least"},
	{regexp.MustCompile(`^expected number <= (?P<most>.*)$`), "input.most"},
	{regexp.MustCompile(`^expected length >= (?P<least>.*)$`), "input.shortest"},
	{regexp.MustCompile(`^expected length <= (?P<most>.*)$`), "input.longest"},
	{regexp.MustCompile(`^expected array length (?P<least>.*)$`), "input.items"},
	{regexp.MustCompile(`^expected string to match pattern (?P<pattern>.*)$`), "input.pattern"},
	{regexp.MustCompile(`^(invalid value: )?calendar\.date_invalid`), "calendar.date_invalid"},
	{regexp.MustCompile(`^invalid (?P<type>\w+)`), "input.format"},
}

func validationCode(text string) (string, map[string]string) {
	for _, v := range validations {
		m := v.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		args := make(map[string]string)
		for i, name := range v.pattern.SubexpNames() {
			if name != "" {
				args[name] = m[i]
			}
		}
		return v.code, args
	}
	return "input.invalid", nil
}
