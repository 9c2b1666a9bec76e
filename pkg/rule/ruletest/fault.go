package ruletest

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// entry is a key of a file with its value, and where both stand.
type entry struct {
	key    string // dotted
	parent *yaml.Node
	at     int // of the key in a mapping, of the row in a list
	value  *yaml.Node
}

// free are keys whose change is no fault of a figure: the head, which other tests change, and what is for readers.
var free = []string{
	"programme", "kind", "id", "title", "valid_from", "valid_until", "citation", "reference", "note", "texts", "without",
}

// entries lists all entries below a node but those of free keys.
func entries(node *yaml.Node, key string) []entry {
	var list []entry
	for i, child := range node.Content {
		e := entry{key, node, i, child}
		switch {
		case node.Kind == yaml.SequenceNode:
			e.key = join(key, strconv.Itoa(i))
		case node.Kind != yaml.MappingNode || i%2 == 1 || slices.Contains(free, child.Value):
			continue
		default:
			e.key, e.value = join(key, child.Value), node.Content[i+1]
		}
		list = append(append(list, e), entries(e.value, e.key)...)
	}
	return list
}

func join(key, name string) string { return strings.TrimPrefix(key+"."+name, ".") }

func (e entry) name() string { return e.key[strings.LastIndexByte(e.key, '.')+1:] }

func (e entry) inList() bool { return e.parent.Kind == yaml.SequenceNode }

// remove takes the entry out of the file.
func (e entry) remove() {
	width := 2
	if e.inList() {
		width = 1
	}
	i := slices.Index(e.parent.Content, e.value) + 1 - width
	e.parent.Content = slices.Delete(e.parent.Content, i, i+width)
}

// set gives a scalar another value.
func (e entry) set(value string) { *e.value = yaml.Node{Kind: yaml.ScalarNode, Value: value} }

// number returns the value as a number, and whether it ends with a percent sign; nil when it is none.
func (e entry) number() (n *big.Rat, percent bool) {
	if e.value.Kind != yaml.ScalarNode || e.name() == "confidence" || strings.Count(e.value.Value, "-") > 0 {
		return nil, false
	}
	digits, percent := strings.CutSuffix(e.value.Value, "%")
	n, ok := new(big.Rat).SetString(digits)
	if !ok || n.Sign() == 0 {
		return nil, false
	}
	return n, percent
}

// source reports whether the entry is a part of where a figure comes from.
func (e entry) source() bool { return e.name() == "article" || e.name() == "confidence" }

// figure reports whether the entry is the value of a figure, or one of a list of values.
func (e entry) figure() bool { return strings.Contains("."+e.key+".", ".value.") }

// part reports whether the entry is a plain scalar beside the figures: a column of a row, a bound, an event.
func (e entry) part() bool {
	plain := e.value.Kind == yaml.ScalarNode && !e.inList()
	return plain && !e.figure() && !e.source()
}

// breakage is a way to break a file: which entries, and how. Those of one breakage are found at the same time.
type breakage struct {
	breaks func(e entry) bool
	how    func(e entry)
}

func lose(e entry) { e.remove() }
func null(e entry) { *e.value = yaml.Node{Kind: yaml.ScalarNode, Value: "null"} }
func empty(e entry) {
	*e.value = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle}
}
func withUnit(e entry)  { e.set(e.value.Value + " satuan") }
func negative(e entry)  { e.set("-" + e.value.Value) }
func noPercent(e entry) { e.set(strings.TrimSuffix(e.value.Value, "%")) }
func noRows(e entry)    { e.value.Content = nil }
func thousandth(e entry) {
	n, _ := e.number()
	e.set(n.Quo(n, big.NewRat(1000, 1)).FloatString(6))
}
func thousandfold(e entry) {
	n, _ := e.number()
	e.set(n.Mul(n, big.NewRat(1000, 1)).RatString())
}

func is(name string) func(e entry) bool {
	return func(e entry) bool { return !e.inList() && e.name() == name }
}

func scalar(e entry) bool { return e.value.Kind == yaml.ScalarNode }

// typed reports whether the entry is a scalar that is no free text.
func typed(e entry) bool {
	return scalar(e) && !slices.Contains([]string{"letter", "id", "en"}, e.name()) && !strings.Contains(e.key, ".needs.")
}

func whole(e entry) bool { return e.value.ShortTag() == "!!int" }

// breakages are all that can go wrong with a figure: lost, without its article or its confidence, empty, negative, in
// another unit. The rows of a table are held by the golden file.
var breakages = map[string]breakage{
	"lost":            {func(e entry) bool { return !e.inList() && cited(e.value) }, lose},
	"value lost":      {is("value"), lose},
	"article lost":    {is("article"), lose},
	"confidence lost": {is("confidence"), lose},
	"article empty":   {is("article"), empty},
	"confidence off":  {is("confidence"), withUnit},
	"part lost":       {entry.part, lose},
	"group lost": {func(e entry) bool {
		return !strings.Contains(e.key, ".") && !scalar(e) && !cited(e.value)
	}, lose},
	"row lost": {func(e entry) bool {
		return e.inList() && e.at%2 == 0 && e.value.Kind == yaml.MappingNode && e.value.Content[1].ShortTag() == "!!str"
	}, lose},
	"list empty":         {func(e entry) bool { return e.value.Kind == yaml.SequenceNode }, noRows},
	"nothing":            {scalar, null},
	"value empty":        {func(e entry) bool { return e.figure() && scalar(e) }, empty},
	"part empty":         {func(e entry) bool { return e.part() && e.value.ShortTag() == "!!str" }, empty},
	"value with a unit":  {func(e entry) bool { return e.figure() && typed(e) }, withUnit},
	"part with a unit":   {func(e entry) bool { return e.part() && typed(e) && e.value.ShortTag() == "!!str" }, withUnit},
	"number with a unit": {func(e entry) bool { return e.part() && typed(e) && e.value.ShortTag() != "!!str" }, withUnit},
	"negative":           {func(e entry) bool { n, _ := e.number(); return n != nil && whole(e) }, negative},
	"negative ratio":     {func(e entry) bool { n, _ := e.number(); return n != nil && !whole(e) }, negative},
	"a thousand times":   {func(e entry) bool { n, percent := e.number(); return n != nil && !percent }, thousandfold},
	"a thousandth":       {func(e entry) bool { n, _ := e.number(); return n != nil && whole(e) }, thousandth},
	"without a percent":  {func(e entry) bool { n, percent := e.number(); return n != nil && percent }, noPercent},
}

// breakText returns the text with all that one breakage breaks, and the keys of that.
func breakText(t testing.TB, text string, b breakage) (string, []string) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, e := range slices.Backward(entries(doc.Content[0], "")) { // inner ones first
		if !b.breaks(e) {
			continue
		}
		key := e.key
		if e.inList() && e.value.Kind == yaml.MappingNode {
			key = join(key[:strings.LastIndexByte(key, '.')], e.value.Content[1].Value) // a row by its name
		}
		keys = append(keys, key)
		b.how(e)
	}
	out, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), keys
}
