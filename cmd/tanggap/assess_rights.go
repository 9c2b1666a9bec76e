package main

import (
	"bufio"
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
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/sheet"
)

func rightsFacts(text []byte) (assessment.Rights, error) {
	if err := rest.StrictJSON(text); err != nil {
		return assessment.Rights{}, err
	}
	return strictly[assessment.Rights](text)
}

// ofRights answers for every worker of a file what is owed; as a sheet for the only one.
func (c *assessCommand) ofRights(in io.Reader, to io.Writer, l *laws) error {
	today := calendar.Of(clock.System().Now(), calendar.WIB)
	out, wrong, n := bufio.NewWriter(to), 0, 0
	table := csv.NewWriter(out)
	if c.Format == "csv" {
		_ = table.Write([]string{"line", "as_of", "end_on", "gross", "tax", "net", "complete", "unverified", "missing"})
	}
	err := eachWorker(in, rightsFacts, func(w asked[assessment.Rights]) error {
		var a assessment.RightsAnswer
		if w.err == nil {
			a, w.err = w.facts.Assess(l.programmes, rule.Language(c.Lang), today)
		}
		if w.err != nil {
			wrong++
			fmt.Fprintf(os.Stderr, "%d: %s\n", w.line, told(w.err, c.Lang))
			return nil
		}
		if n++; n > 1 && (c.Format == "html" || c.Format == "pdf") {
			return errors.New(spoken("a sheet is of one worker; the file has more"))
		}
		return c.writeRights(out, table, w.line, a, today)
	})
	table.Flush()
	if err == nil {
		err = out.Flush()
	}
	if err == nil && wrong > 0 {
		err = fmt.Errorf(spoken("%d workers could not be assessed"), wrong)
	}
	return err
}

func (c *assessCommand) writeRights(out io.Writer, table *csv.Writer, line int, a assessment.RightsAnswer,
	today calendar.Date) error {
	s := sheet.Sheet{Office: c.Office, On: today, Answer: a, Lang: c.Lang}
	switch c.Format {
	case "html":
		return s.HTML(out)
	case "pdf":
		return s.PDF(out)
	case "jsonl":
		return json.NewEncoder(out).Encode(a)
	case "csv":
		var missing []string
		for _, m := range a.Missing {
			missing = append(missing, m.Fact)
		}
		return table.Write([]string{
			strconv.Itoa(line), a.AsOf, a.EndOn, strconv.FormatInt(a.Gross, 10), strconv.FormatInt(a.Tax.Amount, 10),
			strconv.FormatInt(a.Net, 10),
			strconv.FormatBool(a.Complete), strconv.FormatBool(a.Unverified), strings.Join(missing, " "),
		})
	}
	_, err := io.WriteString(out, rightsText(line, a))
	return err
}

// rightsText is an answer for reading: every right, the sums, the days, and what is missing.
func rightsText(line int, a assessment.RightsAnswer) string {
	var b strings.Builder
	fmt.Fprintf(&b, spoken("%d: rights, %s\n"), line, a.AsOf)
	for _, r := range a.Items {
		amount := strconv.FormatInt(r.Amount, 10)
		if r.State == assessment.Unknown {
			amount = "?"
		}
		fmt.Fprintf(&b, "   %15s  %s: %s (%s)", amount, r.Text, r.State, r.Article)
		if !r.From.IsZero() || !r.Until.IsZero() {
			fmt.Fprintf(&b, " %s…%s", r.From, r.Until)
		}
		if r.Unverified {
			fmt.Fprintf(&b, " [%s]", r.Confidence)
		}
		b.WriteByte('\n')
		for _, o := range otherReadings(r.Parts) {
			fmt.Fprintf(&b, "   %15d    / %s\n", o.Amount, o.Reading)
		}
	}
	fmt.Fprintf(&b, spoken("   %15d  gross\n   %15d  tax\n   %15d  net\n"), a.Gross, a.Tax.Amount, a.Net)
	for _, c := range a.Clocks {
		fmt.Fprintf(&b, "   %s  %s (%s)\n", c.On, c.Text, c.Article)
	}
	for _, m := range a.Missing {
		b.WriteString(wanted(m))
	}
	for _, r := range a.UnderReplacement {
		b.WriteString(replaced(r))
	}
	return b.String()
}

func otherReadings(parts []assessment.Part) (all []assessment.Other) {
	for _, p := range parts {
		all = append(all, p.Otherwise...)
	}
	return all
}
