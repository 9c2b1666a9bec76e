package edge

import (
	"context"
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"
)

//go:embed messages/*.yaml
var messageFiles embed.FS

// catalogue is code → text per language. It is read once; a test holds both languages to the same codes.
var catalogue = sync.OnceValue(func() map[string]map[string]string {
	all := make(map[string]map[string]string)
	for _, lang := range []string{"id", "en"} {
		text, err := fs.ReadFile(messageFiles, "messages/"+lang+".yaml")
		if err != nil {
			panic(err) // embedded above
		}
		texts := make(map[string]string)
		if err := yaml.Unmarshal(text, &texts); err != nil {
			panic("messages/" + lang + ".yaml: " + err.Error())
		}
		all[lang] = texts
	}
	return all
})

// Messages is the catalogue of a language.
func Messages(lang string) map[string]string { return catalogue()[lang] }

// message words a code; one without a text is worded as itself, which a test forbids.
func message(lang, code string, args map[string]string) string {
	if final, is := args["allowed"]; is && final == "" && strings.HasSuffix(code, ".transition_refused") {
		code = "transition_refused.final"
	}
	text, ok := catalogue()[lang][code]
	if !ok {
		text = code
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return unfilled.ReplaceAllString(text, "…")
}

// unfilled is a place in a text whose value the fault did not know.
var unfilled = regexp.MustCompile(`\{[a-z_]+\}`)

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
type digestKey struct{}

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

func digestOf(ctx context.Context) []byte {
	digest, _ := ctx.Value(digestKey{}).([]byte)
	return digest
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
	{regexp.MustCompile(`^expected string to be (?P<type>.*)$`), "input.format"},
	{regexp.MustCompile(`^expected number >= (?P<least>.*)$`), "input.least"},
	{regexp.MustCompile(`^expected number <= (?P<most>.*)$`), "input.most"},
	{regexp.MustCompile(`^expected length >= (?P<least>.*)$`), "input.shortest"},
	{regexp.MustCompile(`^expected length <= (?P<most>.*)$`), "input.longest"},
	{regexp.MustCompile(`^expected array length (?P<least>.*)$`), "input.items"},
	{regexp.MustCompile(`^expected string to match pattern (?P<pattern>.*)$`), "input.pattern"},
	{regexp.MustCompile(`^calendar\.date_invalid`), "calendar.date_invalid"},
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
