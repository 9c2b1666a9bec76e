package trackstore

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// The tables that other statements name, too.
var (
	wishes    = tableOf[track.Wish, wishRow]("case_id")
	referrals = tableOf[track.Referral, referralRow]("id")
)

// WishColumns are the columns of job_wish, called by another name, that ScanWish reads.
func WishColumns(alias string) string { return wishes.of(alias) }

// ScanWish reads a wish from its columns, and whatever columns follow them.
func ScanWish(row pgx.CollectableRow, more ...any) (track.Wish, error) {
	return wishes.scan(row, more...)
}

// partTables are the tables of all kinds of parts, each after those that it points at.
var partTables = []partTable{
	tableOf[track.Claim, claimRow]("id"),
	tableOf[track.Month, monthRow]("claim_id, n"),
	tableOf[track.PrakerjaCard, prakerjaRow]("id"),
	withPlaces(tableOf[track.Training, trainingRow]("id")),
	tableOf[track.Attendance, attendanceRow]("held_on, training_id"),
	tableOf[track.Assessment, assessmentRow]("id"),
	tableOf[track.Certificate, certificateRow]("id"),
	wishes,
	tableOf[track.Application, applicationRow]("id"),
	tableOf[track.Proposal, proposalRow]("id"),
	tableOf[track.Placement, placementRow]("id"),
	tableOf[track.Business, businessRow]("id"),
	tableOf[track.JobSeekerCard, jobSeekerRow]("id"),
	referrals,
	tableOf[track.Response, responseRow]("id"),
	tableOf[track.Document, documentRow]("id"),
}

// withPlaces keeps the places of a class: one is taken when its enrolment is made, and given back when it is dropped
// before it began, or voided. The case is locked, so that what was read of the enrolment is what the row still is.
func withPlaces(t *table[track.Training]) *table[track.Training] {
	t.also = func(b *pgx.Batch, before, now *track.Training) {
		for class, n := range taken(before, now) {
			if n != 0 && class != uuid.Nil {
				b.Queue("update class set taken = taken + $2 where id = $1", class, n)
			}
		}
	}
	return t
}

// taken is how many places of which class an enrolment takes more than before. Who leaves before it begins gives the
// place back, who leaves later does not.
func taken(before, now *track.Training) map[uuid.UUID]int {
	places := map[uuid.UUID]int{}
	switch {
	case before == nil:
		places[now.Class]++
	case now == nil:
		places[before.Class]--
	case before.State == track.Enrolled && now.State == track.Dropped:
		places[before.Class]--
	case before.State == track.Dropped && now.State == track.Enrolled:
		places[now.Class]++
	case before.Class != now.Class:
		places[before.Class]--
		places[now.Class]++
	}
	return places
}

type claimRow struct {
	ID          uuid.UUID           `gorm:"column:id;primaryKey"`
	State       casework.ClaimState `gorm:"column:state"`
	AppliedOn   calendar.Date       `gorm:"column:applied_on"`
	DecidedOn   calendar.Date       `gorm:"column:decided_on"`
	ReferenceOn calendar.Date       `gorm:"column:reference_on"`
	Programme   string              `gorm:"column:programme"`
	Facts       string              `gorm:"column:facts"`
	Decision    string              `gorm:"column:decision"`
	StopReason  track.StopReason    `gorm:"column:stop_reason"`
	StoppedOn   calendar.Date       `gorm:"column:stopped_on"`
	Result      rule.Outcome        `gorm:"column:result"`
	Stated      track.StopReason    `gorm:"column:stated_reason"`
	StatedOn    calendar.Date       `gorm:"column:stated_on"`
	WithdrawnOn calendar.Date       `gorm:"column:withdrawn_on"`
}

type monthRow struct {
	Claim        uuid.UUID        `gorm:"column:claim_id;primaryKey"`
	N            int              `gorm:"column:n;primaryKey;autoIncrement:false"`
	State        track.MonthState `gorm:"column:state"`
	OpensOn      calendar.Date    `gorm:"column:opens_on"`
	ClosesOn     calendar.Date    `gorm:"column:closes_on"`
	ProvedOn     calendar.Date    `gorm:"column:proved_on"`
	Applications int              `gorm:"column:applications"`
	Calls        int              `gorm:"column:calls"`
	Attendance   int              `gorm:"column:attendance;unknown:-1"`
	StatusForm   bool             `gorm:"column:status_form"`
	GivenOn      calendar.Date    `gorm:"column:given_on"`
	Amount       money.Rupiah     `gorm:"column:amount;with:GivenOn"`
	PaymentRef   string           `gorm:"column:payment_ref"`
	Rule         string           `gorm:"column:rule"`
	MissedOn     calendar.Date    `gorm:"column:missed_on"`
	EndsClaim    bool             `gorm:"column:ends_claim"`
}

type prakerjaRow struct {
	ID             uuid.UUID           `gorm:"column:id;primaryKey"`
	Batch          string              `gorm:"column:batch"`
	State          track.PrakerjaState `gorm:"column:state"`
	AwardedOn      calendar.Date       `gorm:"column:awarded_on"`
	BuyBy          calendar.Date       `gorm:"column:buy_by"`
	BoughtOn       calendar.Date       `gorm:"column:bought_on"`
	Result         rule.Outcome        `gorm:"column:result"`
	Version        string              `gorm:"column:version"`
	Decision       string              `gorm:"column:decision"`
	IncentivesPaid int                 `gorm:"column:incentives"`
	SurveysPaid    int                 `gorm:"column:surveys"`
	Paid           money.Rupiah        `gorm:"column:paid"`
	RevokedOn      calendar.Date       `gorm:"column:revoked_on"`
}

type trainingRow struct {
	ID         uuid.UUID           `gorm:"column:id;primaryKey"`
	Scheme     track.Scheme        `gorm:"column:scheme"`
	Provider   string              `gorm:"column:provider"`
	Programme  string              `gorm:"column:programme"`
	Unit       string              `gorm:"column:unit"`
	State      track.TrainingState `gorm:"column:state"`
	StartsOn   calendar.Date       `gorm:"column:starts_on"`
	EndsOn     calendar.Date       `gorm:"column:ends_on"`
	Attendance int                 `gorm:"column:attendance;unknown:-1"`
	Class      uuid.UUID           `gorm:"column:class_id"`
	Cost       money.Rupiah        `gorm:"column:cost"`
	EnrolledOn calendar.Date       `gorm:"column:enrolled_on"`
}

type attendanceRow struct {
	Training uuid.UUID     `gorm:"column:training_id;primaryKey"`
	On       calendar.Date `gorm:"column:held_on;primaryKey"`
	Present  bool          `gorm:"column:present"`
}

type assessmentRow struct {
	ID         uuid.UUID             `gorm:"column:id;primaryKey"`
	Body       string                `gorm:"column:body"`
	Scheme     string                `gorm:"column:scheme"`
	Units      string                `gorm:"column:units"`
	State      track.AssessmentState `gorm:"column:state"`
	AppliedOn  calendar.Date         `gorm:"column:applied_on"`
	AssessedOn calendar.Date         `gorm:"column:assessed_on"`
	Attempts   int                   `gorm:"column:attempts"`
}

type certificateRow struct {
	ID         uuid.UUID             `gorm:"column:id;primaryKey"`
	Training   uuid.UUID             `gorm:"column:training_id"`
	Kind       track.CertificateKind `gorm:"column:kind"`
	Number     string                `gorm:"column:number"`
	Issuer     string                `gorm:"column:issuer"`
	Scheme     string                `gorm:"column:scheme"`
	IssuedOn   calendar.Date         `gorm:"column:issued_on"`
	ValidUntil calendar.Date         `gorm:"column:valid_until"`
	Assessment uuid.UUID             `gorm:"column:assessment_id"`
	Units      string                `gorm:"column:units"`
}

// wishRow has no key of its own: the case has one wish at most.
type wishRow struct {
	Occupation1 string        `gorm:"column:occupation_1"`
	Occupation2 string        `gorm:"column:occupation_2"`
	Occupation3 string        `gorm:"column:occupation_3"`
	Units       string        `gorm:"column:units"`
	Wage        money.Rupiah  `gorm:"column:wage"`
	From        calendar.Date `gorm:"column:available_on"`
	Reach       track.Reach   `gorm:"column:reach"`
}

type applicationRow struct {
	ID        uuid.UUID              `gorm:"column:id;primaryKey"`
	Employer  string                 `gorm:"column:employer"`
	Position  string                 `gorm:"column:position"`
	Channel   string                 `gorm:"column:channel"`
	State     track.ApplicationState `gorm:"column:state"`
	AppliedOn calendar.Date          `gorm:"column:applied_on"`
	CalledOn  calendar.Date          `gorm:"column:called_on"`
	Vacancy   uuid.UUID              `gorm:"column:vacancy_id"`
	Reached   track.ApplicationState `gorm:"column:reached"`
}

type proposalRow struct {
	ID          uuid.UUID           `gorm:"column:id;primaryKey"`
	Vacancy     uuid.UUID           `gorm:"column:vacancy_id"`
	Employer    string              `gorm:"column:employer"`
	Position    string              `gorm:"column:position"`
	Rank        int                 `gorm:"column:rank"`
	Score       int                 `gorm:"column:score"`
	State       track.ProposalState `gorm:"column:state"`
	ProposedOn  calendar.Date       `gorm:"column:proposed_on"`
	Application uuid.UUID           `gorm:"column:application_id"`
}

type placementRow struct {
	ID          uuid.UUID            `gorm:"column:id;primaryKey"`
	Application uuid.UUID            `gorm:"column:application_id"`
	Employer    string               `gorm:"column:employer"`
	Position    string               `gorm:"column:position"`
	State       track.PlacementState `gorm:"column:state"`
	StartedOn   calendar.Date        `gorm:"column:started_on"`
	EndedOn     calendar.Date        `gorm:"column:ended_on"`
}

type businessRow struct {
	ID         uuid.UUID           `gorm:"column:id;primaryKey"`
	Title      string              `gorm:"column:title"`
	KBLI       string              `gorm:"column:kbli"`
	Level      track.BusinessLevel `gorm:"column:level"`
	State      track.BusinessState `gorm:"column:state"`
	ProposedOn calendar.Date       `gorm:"column:proposed_on"`
	Grants     money.Rupiah        `gorm:"column:grants"`
	Visits     int                 `gorm:"column:visits"`
	VisitedOn  calendar.Date       `gorm:"column:visited_on"`
	Workers    int                 `gorm:"column:workers"`
}

type jobSeekerRow struct {
	ID         uuid.UUID            `gorm:"column:id;primaryKey"`
	Number     string               `gorm:"column:number"`
	State      track.JobSeekerState `gorm:"column:state"`
	IssuedOn   calendar.Date        `gorm:"column:issued_on"`
	ValidUntil calendar.Date        `gorm:"column:valid_until"`
	ReportBy   calendar.Date        `gorm:"column:report_by"`
	Reports    int                  `gorm:"column:reports"`
}

type referralRow struct {
	ID         uuid.UUID             `gorm:"column:id;primaryKey"`
	Kind       track.ReferralKind    `gorm:"column:kind"`
	From       region.Code           `gorm:"column:from_region"`
	To         region.Code           `gorm:"column:to_region"`
	Service    track.ReferralService `gorm:"column:service"`
	State      track.ReferralState   `gorm:"column:state"`
	OfferedOn  calendar.Date         `gorm:"column:offered_on"`
	AnswerBy   calendar.Date         `gorm:"column:answer_by"`
	AnsweredOn calendar.Date         `gorm:"column:answered_on"`
	Reason     track.ReferralReason  `gorm:"column:reason"`
	Message    string                `gorm:"column:message"`
	ConsentOn  calendar.Date         `gorm:"column:consent_on"`
	ConsentHow track.Consent         `gorm:"column:consent_how"`
	Version    int                   `gorm:"column:version"`
}

type responseRow struct {
	ID       uuid.UUID           `gorm:"column:id;primaryKey"`
	State    track.ResponseState `gorm:"column:state"`
	On       calendar.Date       `gorm:"column:responded_on"`
	Document string              `gorm:"column:document"`
}

type documentRow struct {
	ID         uuid.UUID          `gorm:"column:id;primaryKey"`
	Kind       track.DocumentKind `gorm:"column:kind"`
	Of         uuid.UUID          `gorm:"column:of_part"`
	ReceivedOn calendar.Date      `gorm:"column:received_on"`
	Media      track.MediaType    `gorm:"column:media"`
	Size       int                `gorm:"column:size"`
	SHA256     string             `gorm:"column:sha256"`
}
