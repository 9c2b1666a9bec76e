package casework

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/cover"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/severance"
)

// Employment is what the worker says, or papers show, of the employment that ended: what the money hangs on. A field
// that is zero or nil is not known. It is sealed with the person and never printed.
type Employment struct {
	StartedOn     calendar.Date      `json:"started_on,omitzero"`
	Contract      jkp.ContractType   `json:"contract,omitempty"`
	ContractEnds  calendar.Date      `json:"contract_ends,omitzero"`
	EndedBy       severance.Party    `json:"ended_by,omitempty"`
	FirmSize      severance.FirmSize `json:"firm_size,omitempty"`
	BaseWage      *int64             `json:"base_wage,omitempty"` // rupiah a month, as all amounts
	Allowance     *int64             `json:"fixed_allowance,omitempty"`
	UnpaidWages   *int64             `json:"unpaid_wages,omitempty"`
	LastPaidOn    calendar.Date      `json:"last_paid_on,omitzero"`
	UnusedLeave   *int64             `json:"unused_leave_days,omitempty"`
	WorkWeek      int                `json:"work_week_days,omitempty"`
	AgreedAmount  *int64             `json:"agreed_amount,omitempty"`
	SeparationPay *int64             `json:"separation_pay,omitempty"`
	Segment       cover.Segment      `json:"jkn_segment,omitempty"`
}

// String says nothing: it holds wages.
func (Employment) String() string { return "[employment]" }

// Format implements fmt.Formatter, for every verb.
func (e Employment) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.String()) }

// LogValue implements slog.LogValuer.
func (e Employment) LogValue() slog.Value { return slog.StringValue(e.String()) }

// Texts are the facts by name, one that is not known empty, in the order in which people read them.
func (e Employment) Texts() [][2]string {
	week := ""
	if e.WorkWeek != 0 {
		week = strconv.Itoa(e.WorkWeek)
	}
	return [][2]string{
		{"started_on", dayText(e.StartedOn)}, {"contract", string(e.Contract)}, {"contract_ends", dayText(e.ContractEnds)},
		{"ended_by", string(e.EndedBy)}, {"firm_size", string(e.FirmSize)}, {"base_wage", numberText(e.BaseWage)},
		{"fixed_allowance", numberText(e.Allowance)}, {"unpaid_wages", numberText(e.UnpaidWages)},
		{"last_paid_on", dayText(e.LastPaidOn)}, {"unused_leave_days", numberText(e.UnusedLeave)}, {"work_week_days", week},
		{"agreed_amount", numberText(e.AgreedAmount)}, {"separation_pay", numberText(e.SeparationPay)},
		{"jkn_segment", string(e.Segment)},
	}
}

func dayText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func numberText(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// check refuses what cannot be: values outside of their lists, and days in the wrong order.
func (e Employment) check(endedOn, today calendar.Date) []fault.FieldError {
	var wrong []fault.FieldError
	refuse := func(field, code string, impossible bool) {
		if impossible {
			wrong = append(wrong, fault.FieldError{
				Field: "employment." + field, Code: code, Args: map[string]string{"today": today.String(),
					"allowed": allowed[field]},
			})
		}
	}
	refuse("contract", "input.one_of", e.Contract != "" && !e.Contract.Valid())
	refuse("ended_by", "input.one_of", e.EndedBy != "" && !e.EndedBy.Valid())
	refuse("firm_size", "input.one_of", e.FirmSize != "" && !e.FirmSize.Valid())
	refuse("jkn_segment", "input.one_of", e.Segment != "" && !e.Segment.Valid())
	last := endedOn
	if last.IsZero() {
		last = today
	}
	refuse("started_on", "severance.end_before_start", e.StartedOn.After(last))
	refuse("contract_ends", "severance.term_before_end", !e.ContractEnds.IsZero() && e.ContractEnds.Before(endedOn))
	refuse("last_paid_on", "case.occurred_in_future", e.LastPaidOn.After(today))
	return wrong
}

var allowed = map[string]string{
	"contract": "permanent, fixed_term", "ended_by": "employer, worker", "firm_size": "micro, small, medium, large",
	"jkn_segment": "wage_earner, other",
}
