// Package v1 is the resources of the API, one file each: every operation is declared with the right that it needs, and
// its handler decodes, calls one service, and encodes.
package v1

import (
	"context"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// Services are what the resources call.
type Services struct {
	Cases      *casework.Service
	Tracks     *track.Service
	Work       track.WorkStore
	Courses    *course.Service
	Vacancies  *vacancy.Service
	Matching   *matching.Service
	Layoffs    *layoff.Service
	Intakes    *intake.Service
	Officers   *officer.Service
	Tree       *region.Tree
	Statistics *statistics.Service
	Access     accesslog.Store
	Exports    *export.Service
	Privacy    *privacy.Service
	Documents  *document.Service
	Merger     *casework.Merger
	Bulk       *bulk.Service
	Oversight  *oversight.Service
	// Regions is where a case in the scope is.
	Regions func(ctx context.Context, scope authz.Scope, id casework.ID) (region.Code, error)
	Log     Log
	LogKey  string // public key of its checkpoints
	// Programmes answers for workers without a case, and words every decision.
	Programmes *assessment.Programmes
	// Changes is the published log as others are told of it, and Webhooks sends it to them.
	Changes  feed.Store
	Webhooks *webhook.Service
	// Mail keeps who wants to be reminded.
	Mail mail.Store
	// Law is what the programmes go by, and how it changes.
	Law *lawbook.Service
}

//go:generate go run gen.go

// Register declares every resource.
func Register(e *rest.API, s Services) {
	registerResources(e, s)
	s.Officers.Matrix, s.Officers.Shows = e.Matrix, e.Showing()
}
