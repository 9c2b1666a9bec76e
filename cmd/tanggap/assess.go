package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/client"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wording"
)

// assessCommand asks the rules about workers of a file, or about the claim of a case on a running server.
type assessCommand struct {
	Programme string `arg:"" enum:"jkp,termination,severance,fixed-term,prakerja,wage-subsidy,thr,severance-tax,cover,rights,case" help:"${enum}. 'case' takes the id of a case on a running server."`
	File      string `arg:"" help:"Facts as JSON: one object per line (or a single one), as POST /v1/assessments/PROGRAMME takes them; - is standard input. For 'case', its id."`
	Format    string `default:"text" enum:"text,jsonl,csv,html,pdf" help:"Form of the answers (${enum}). html and pdf are the sheet of one worker, for 'rights' only."`
	Office    string `placeholder:"NAME" help:"For a sheet: the office at its head."`
	On        string `placeholder:"DATE" help:"For a case: the day on which the facts are looked at; today by default."`
	Under     string `placeholder:"VERSION" help:"For a case: the version of the rules, whatever the dates say, such as pp-37-2021."`
	remote    `embed:""`
}

// asked is one worker of a file: the facts, or what is wrong with them.
type asked[F any] struct {
	line  int
	facts F
	err   error
}

// Run assesses every worker; one whose facts cannot be read is reported on its line and does not stop the others.
func (c *assessCommand) Run(ctx context.Context) error {
	if c.Programme == "case" {
		return c.ofCase(ctx)
	}
	if sheet := c.Format == "html" || c.Format == "pdf"; sheet && c.Programme != "rights" {
		return fmt.Errorf(spoken("only the answer on rights can be had as %s"), c.Format)
	}
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf(spoken("read facts: %w"), err)
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	l, err := loadLaws()
	if err != nil {
		return err
	}
	if c.Programme == "rights" {
		return c.ofRights(in, os.Stdout, l)
	}
	out := newAnswers(os.Stdout, c.Format)
	wrong, today := 0, calendar.Of(clock.System().Now(), calendar.WIB)
	decode := func(text []byte) (assessment.Facts, error) { return decodeFacts(text, c.Programme) }
	err = eachWorker(in, decode, func(w asked[assessment.Facts]) error {
		var answer assessment.Answer
		if w.err == nil {
			answer, w.err = assessment.Ask(w.facts, l.programmes, rule.Language(c.Lang), today)
		}
		if w.err != nil {
			wrong++
			fmt.Fprintf(os.Stderr, "%d: %s\n", w.line, told(w.err, c.Lang))
			return nil
		}
		return out.write(w.line, &answer)
	})
	if err == nil {
		err = out.close()
	}
	if err == nil && wrong > 0 {
		err = fmt.Errorf(spoken("%d workers could not be assessed"), wrong)
	}
	return err
}

func (c *assessCommand) ofCase(ctx context.Context) error {
	asked := map[string]string{}
	if c.On != "" {
		asked["on"] = c.On
	}
	if c.Under != "" {
		asked["under"] = c.Under
	}
	params, err := as[client.ClaimAssessParams](asked)
	if err != nil {
		return err
	}
	api, err := c.api()
	if err != nil {
		return err
	}
	answer, err := read[assessment.Answer](&c.remote)(api.ClaimAssess(ctx, c.File, &params))
	if err != nil {
		return err
	}
	out := newAnswers(os.Stdout, c.Format)
	if err := out.write(1, &answer); err != nil {
		return err
	}
	return out.close()
}

// told is an error in the words of the API.
func told(err error, lang string) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	text := wording.Message(lang, f.Code, f.Args)
	if f.Field != "" {
		text = f.Field + ": " + text
	}
	return text + " (" + f.Code + ")"
}

// longestLine bounds the facts of one worker, in bytes.
const longestLine = 1 << 20

// eachWorker reads JSON objects, one per line, or one that spans lines.
func eachWorker[F any](in io.Reader, decode func([]byte) (F, error), fn func(asked[F]) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	whole := []byte{}
	for n, first := 1, 1; lines.Scan(); n++ {
		if len(whole) == 0 {
			first = n
		}
		whole = append(append(whole, lines.Bytes()...), '\n')
		text := bytes.TrimSpace(whole)
		if len(text) == 0 { // an object begins on its own line, not on the empty ones before it
			whole = whole[:0]
			continue
		}
		if !json.Valid(text) && len(whole) < longestLine && !oneLiner(text) {
			continue
		}
		facts, err := decode(text)
		if err := fn(asked[F]{first, facts, err}); err != nil {
			return err
		}
		whole = whole[:0]
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf(spoken("read facts: %w"), err)
	}
	if text := bytes.TrimSpace(whole); len(text) > 0 {
		facts, err := decode(text)
		return fn(asked[F]{0, facts, fmt.Errorf(spoken("the file ends inside an object: %w"), err)})
	}
	return nil
}

// oneLiner says that a text which is not valid will not become so by reading on: it opens and closes on its line.
func oneLiner(text []byte) bool {
	return text[0] != '{' || text[len(text)-1] == '}' && bytes.Count(text, []byte("{")) == bytes.Count(text, []byte("}"))
}

func decodeFacts(text []byte, programme string) (assessment.Facts, error) {
	if err := rest.StrictJSON(text); err != nil {
		return nil, err
	}
	switch programme {
	case "jkp":
		return decoded[assessment.JKP](text)
	case "termination":
		return decoded[assessment.Termination](text)
	case "severance":
		return decoded[assessment.Severance](text)
	case "fixed-term":
		return decoded[assessment.FixedTerm](text)
	case "prakerja":
		return decoded[assessment.Prakerja](text)
	case "thr":
		return decoded[assessment.THR](text)
	case "severance-tax":
		return decoded[assessment.SeveranceTax](text)
	case "cover":
		return decoded[assessment.Cover](text)
	default:
		return decoded[assessment.WageSubsidy](text)
	}
}

func decoded[F assessment.Facts](text []byte) (assessment.Facts, error) {
	facts, err := strictly[F](text)
	if err != nil {
		return nil, err
	}
	return facts, nil
}

// strictly reads facts and refuses a field that there is not.
func strictly[F any](text []byte) (facts F, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&facts); err != nil {
		return facts, fmt.Errorf(spoken("facts cannot be read: %w"), err)
	}
	return facts, nil
}

// answers writes answers in one form.
type answers struct {
	w      *bufio.Writer
	format string
	table  *csv.Writer
}

func newAnswers(w io.Writer, format string) *answers {
	a := &answers{w: bufio.NewWriter(w), format: format}
	if format == "csv" {
		a.table = csv.NewWriter(a.w)
		_ = a.table.Write([]string{"line", "programme", "version", "as_of", "result", "unverified", "total", "complete",
			"deadline", "not_met", "unknown"})
	}
	return a
}

func (a *answers) write(line int, answer *assessment.Answer) error {
	switch a.format {
	case "jsonl":
		return json.NewEncoder(a.w).Encode(answer)
	case "csv":
		deadline := ""
		if answer.Deadline != nil {
			deadline = answer.Deadline.On
		}
		return a.table.Write([]string{strconv.Itoa(line), answer.Programme, answer.Version, answer.AsOf, answer.Result,
			strconv.FormatBool(answer.Unverified), strconv.FormatInt(answer.Total, 10), strconv.FormatBool(answer.Complete),
			deadline, coded(answer, rule.NotMet), coded(answer, rule.Unknown)})
	}
	_, err := a.w.WriteString(texted(line, answer))
	return err
}

func (a *answers) close() error {
	if a.table != nil {
		a.table.Flush()
	}
	if err := a.w.Flush(); err != nil {
		return fmt.Errorf(spoken("write answers: %w"), err)
	}
	return nil
}

func coded(answer *assessment.Answer, result rule.Result) string {
	var codes []string
	for _, c := range answer.Criteria {
		if c.Result == string(result) {
			codes = append(codes, c.Code)
		}
	}
	return strings.Join(codes, " ")
}

// texted is an answer for reading: the outcome, every criterion in words, the money, and what other versions would say.
func texted(line int, answer *assessment.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s, %s, %s: %s", line, answer.Programme, answer.Version, answer.AsOf, answer.Result)
	if answer.Unverified {
		b.WriteString(" [unverified]")
	}
	b.WriteByte('\n')
	for _, c := range answer.Criteria {
		fmt.Fprintf(&b, "   %s%s\n", c.Text, held(c.Asked))
	}
	for _, p := range answer.Parts {
		amount := strconv.FormatInt(p.Amount, 10)
		if !p.Known {
			amount = "?"
		}
		fmt.Fprintf(&b, "   %15s  %s (%s)", amount, p.Text, p.Article)
		if p.Unverified {
			fmt.Fprintf(&b, " [%s]", p.Confidence)
		}
		b.WriteByte('\n')
		for _, o := range p.Otherwise {
			fmt.Fprintf(&b, "   %15d    / %s\n", o.Amount, o.Reading)
		}
	}
	if len(answer.Parts) > 0 {
		fmt.Fprintf(&b, spoken("   %15d  total\n"), answer.Total)
	}
	for _, p := range answer.Orientation {
		fmt.Fprintf(&b, "   (%14d) %s (%s)\n", p.Amount, p.Text, p.Article)
	}
	for _, d := range answer.Dates {
		fmt.Fprintf(&b, "   %s  %s (%s)\n", d.On, d.Text, d.Article)
	}
	for _, m := range answer.ToAsk {
		b.WriteString(wanted(m))
	}
	for _, f := range answer.Findings {
		fmt.Fprintf(&b, "   %s: %d / %d: %s\n", f.Kind, f.Offered, f.Lawful, f.Verdict)
	}
	for _, r := range answer.UnderReplacement {
		b.WriteString(replaced(r))
	}
	for _, v := range answer.Versions {
		if len(v.Differs) > 0 {
			fmt.Fprintf(&b, "   %s: %s (%s)\n", v.Version, v.Result, strings.Join(v.Differs, " "))
		}
	}
	return b.String()
}

// wanted is a fact that is missing, and who has it.
func wanted(m assessment.MissingFact) string {
	return fmt.Sprintf("   ?  %s: %s%s\n", m.Fact, m.Text, held(m.Asked))
}

// held says who has what is missing.
func held(a assessment.Asked) string {
	if a.FromText == "" {
		return ""
	}
	return " [? " + a.FromText + "]"
}

// replaced says that a version is about to be replaced.
func replaced(r assessment.Replacing) string {
	return fmt.Sprintf(spoken("   !  %s: %s (looked at on %s)\n"), r.Version, r.Note, r.LookedAt)
}
