// Package catalogue names every closed list of the program, for what treats them all alike: the labels, which hold both
// languages to every value, and the checks of the database, which hold every row to them.
package catalogue

import (
	"strings"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// named are the closed lists that have a name of their own, each with the columns that hold its values.
var named = []codelist.List{
	codelist.ListOf[casework.Stage]("cases.stage"),
	codelist.ListOf[casework.Outcome]("cases.outcome"),
	codelist.ListOf[identity.Sex]("case_worker.sex"),
	codelist.ListOf[casework.Likeness](),
	codelist.ListOf[casework.Sort](),
	codelist.ListOf[casework.DueBucket](),
	codelist.ListOf[casework.Column](),
	codelist.ListOf[authz.Role]("officer_grant.role"),
	codelist.ListOf[officer.EmergencyVerdict]("emergency.verdict"),
	codelist.ListOf[officer.EventKind]("officer_event.kind"),

	codelist.ListOf[track.Scheme]("training.scheme", "class.scheme"),
	codelist.ListOf[track.CertificateKind]("certificate.kind"),
	codelist.ListOf[track.DocumentKind]("document.kind"),
	codelist.ListOf[track.MediaType]("document.media"),
	codelist.ListOf[track.BusinessLevel]("business.level"),
	codelist.ListOf[track.Reach]("job_wish.reach"),
	codelist.ListOf[track.ReferralKind]("referral.kind"),
	codelist.ListOf[track.ReferralService](),
	codelist.ListOf[track.ReferralReason](),
	codelist.ListOf[track.Consent](),
	codelist.ListOf[track.Queue](),
	codelist.ListOf[track.Direction](),
	codelist.ListOf[track.TaskKind](),

	codelist.ListOf[bulk.Kind]("bulk.kind"),
	codelist.ListOf[bulk.State]("bulk.state"),
	codelist.ListOf[bulk.Result]("bulk_case.result"),

	codelist.ListOf[feed.Subject](),
	codelist.ListOf[webhook.State]("webhook.state"),
	codelist.ListOf[mail.Language]("officer_mail.language"),
	codelist.ListOf[mail.State]("mail_day.state"),
	codelist.ListOf[webhook.Reason](),
	codelist.ListOf[webhook.Failure](),
	codelist.ListOf[lawbook.State]("law_release.state"),
	codelist.ListOf[lawbook.Phase]("law_release.phase"),

	codelist.ListOf[layoff.State]("layoff.state"),
	codelist.ListOf[layoff.MeasureState](),
	codelist.ListOf[layoff.KBLIEdition](),
	codelist.ListOf[course.Kind]("class.kind"),
	codelist.ListOf[vacancy.State]("vacancy.state"),
	codelist.ListOf[vacancy.Result](),
	codelist.ListOf[matching.RunState]("matching.state"),
	codelist.ListOf[intake.State]("intake.state"),
	codelist.ListOf[sheet.Damage](),
	codelist.ListOf[intake.Result]("intake_row.result"),
	codelist.ListOf[sheet.Status]("intake_row.status"),
	codelist.ListOf[statistics.Definition](),
	codelist.ListOf[statistics.Measure](),
	codelist.ListOf[statistics.Grouping](),
	codelist.ListOf[statistics.Report](),
	codelist.ListOf[statistics.Figure](),
	codelist.ListOf[statistics.Unit](),
	codelist.ListOf[statistics.Basis](),
	codelist.ListOf[statistics.Step](),
	codelist.ListOf[statistics.Span](),
	codelist.ListOf[statistics.Format](),
	codelist.ListOf[export.Format](),
	codelist.ListOf[export.TableFormat](),
	codelist.ListOf[export.Profile]("export.profile"),
	codelist.ListOf[export.State]("export.state"),

	codelist.ListOf[accesslog.Outcome]("access_record.outcome"),
	codelist.ListOf[accesslog.Kind]("access_record.shows"),
	codelist.ListOf[accesslog.AlarmKind]("access_alarm.kind"),
	codelist.ListOf[oversight.Severity]("finding.severity"),
	codelist.ListOf[oversight.FindingState]("finding.state"),
	codelist.ListOf[privacy.State]("erasure.state"),
	codelist.ListOf[translog.Adoption]("deployment_change.what"),
	codelist.ListOf[translog.Answer]("log_check.result"),

	codelist.ListOf[calendar.Zone]("office.zone"),
	codelist.ListOf[region.Kind]("region.kind"),
	codelist.ListOf[rule.Outcome]("prakerja_card.result"),
	codelist.ListOf[rule.Result](),
	codelist.ListOf[jkp.StopReason](),
	codelist.ListOf[prakerja.Occupation](),
	codelist.ListOf[prakerja.Aid](),
	codelist.ListOf[prakerja.Requirement](),
	codelist.ListOf[wagesubsidy.Fact](),
	codelist.ListOf[termination.Reason](),
	codelist.ListOf[termination.Measure](),
	codelist.ListOf[jkp.Payer](),
	codelist.ListOf[jkp.Duty](),
	codelist.ListOf[termination.Event](),
	codelist.ListOf[termination.Step](),
	codelist.ListOf[termination.Party](),
	codelist.ListOf[termination.Consequence](),
	codelist.ListOf[termination.FailurePaper](),
	codelist.ListOf[termination.BankruptcyClaim](),
	codelist.ListOf[termination.Bound](),
	codelist.ListOf[termination.State](),
	codelist.ListOf[assessment.Holder](),
}

// Lists are the closed lists: the states of the kinds of parts, and the others by name.
func Lists() []codelist.List { return append(states(), named...) }

// states are the lists that the kinds of parts of a case declare.
func states() (lists []codelist.List) {
	for _, k := range track.Kinds() {
		if a := k.About(); a.State != nil {
			lists = append(lists, codelist.ListOfType(a.State, a.Table+".state"))
		}
	}
	return lists
}

// Checks are the lists by the constraint of the database that holds a column to their values.
func Checks() map[string]codelist.List {
	out := make(map[string]codelist.List)
	for _, l := range Lists() {
		for _, column := range l.Columns {
			out[strings.ReplaceAll(column, ".", "_")+"_check"] = l
		}
	}
	return out
}
