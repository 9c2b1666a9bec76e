package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Employment is what a record says of the employment that ended. What it does not say stays unknown.
type Employment struct {
	StartOn      calendar.Date
	Contract     string
	ContractEnds calendar.Date
	EndedBy      string
	FirmSize     string
	Wage         Wage
	UnpaidWages  *int64
	LastPaidOn   calendar.Date
	Segment      string
	Beside       Beside
}

// OnRecord gives the facts that a case has on record: what is stated for JKP, the employment, the reported wage, and
// what has happened in the procedure. What was stated for JKP, which was decided on, goes before what is said of the
// employment.
func OnRecord(app jkp.Application, e Employment, reported money.Rupiah, events []termination.DatedEvent) Rights {
	if app.Contract == "" {
		app.Contract = jkp.ContractType(e.Contract)
	}
	if app.FirmSize == "" {
		app.FirmSize = jkp.FirmSize(e.FirmSize)
	}
	if app.ContractEnds.IsZero() {
		app.ContractEnds = e.ContractEnds
	}
	f := Rights{ClaimFacts: ClaimFacts{
		Citizenship: string(app.Citizenship), Contract: string(app.Contract), FirmSize: string(app.FirmSize),
		Reason:     app.Reason,
		Registered: string(app.Registered), Dispute: string(app.Dispute), FinalDecisionOn: app.FinalDecisionOn,
	}, EndOn: app.TerminatedOn, StartOn: e.StartOn, EndedBy: e.EndedBy, Wage: e.Wage, UnpaidWages: e.UnpaidWages,
		LastPaidOn: e.LastPaidOn, Segment: e.Segment, Beside: e.Beside, record: &app}
	if !app.ContractEnds.Before(app.TerminatedOn) { // a term that was over is stated of another contract
		f.ContractEnds = app.ContractEnds
	}
	for _, x := range app.Evidence {
		f.Evidence = append(f.Evidence, string(x))
	}
	if reported > 0 {
		f.ReportedWage = new(int64(reported))
	}
	for _, h := range events {
		f.Procedure = append(f.Procedure, ProcedureEvent{Event: string(h.Event), On: h.On})
	}
	return f
}
