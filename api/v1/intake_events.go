package v1

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/intake"
)

// Looks at an intake while somebody follows it. A comment keeps proxies from cutting a line on which nothing happens.
const (
	eventsTime  = 30 * time.Minute
	lookEvery   = 300 * time.Millisecond
	breathEvery = 15 * time.Second
)

// intakeReport makes the whole spreadsheet before its first byte leaves: a broken one could not be told from a whole
// one.
func intakeReport(ctx context.Context, e *rest.API, s Services, in *intakeIn) (*huma.StreamResponse, error) {
	id, err := intakeID(in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Intakes.Get(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	rest.ShowLines(ctx, list.Counts.Total)
	var book bytes.Buffer
	if err := s.Intakes.Report(ctx, rest.Scope(ctx), id, rest.Language(ctx), &book); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": reportName(list.FileName)}))
		if _, err := hc.BodyWriter().Write(book.Bytes()); err != nil {
			e.Log.InfoContext(hc.Context(), "report not delivered", "request", rest.RequestID(hc.Context()), "error", err)
		}
	}}, nil
}

// reportName is the list's own, so that a report is found beside the list that it is on.
func reportName(list string) string {
	return "hasil-" + strings.TrimSuffix(list, path.Ext(list)) + ".xlsx"
}

// intakeEvents follows an intake. Who may see it is asked again at every look: a right that is taken away ends the
// stream.
func intakeEvents(ctx context.Context, e *rest.API, s Services, f *follow,
	in *intakeIn) (*huma.StreamResponse, error) {
	id, err := intakeID(in.ID)
	if err != nil {
		return nil, err
	}
	now, err := s.Intakes.Get(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("Cache-Control", "no-store")
		if !sendEvent(hc, intakeOf(now, rest.Language(hc.Context()))) || ended(now.State) {
			return
		}
		l, leave := f.join(hc.Context(), now)
		defer leave()
		tellEvents(hc, e, f, l, now)
	}}, nil
}

// tellEvents sends what is new of an intake after what was told, until its end or the follower's.
func tellEvents(hc huma.Context, e *rest.API, f *follow, l *followed, told intake.Intake) {
	look, breath := time.NewTicker(lookEvery), time.NewTicker(breathEvery)
	defer look.Stop()
	defer breath.Stop()
	for {
		now, news, there := f.present(l)
		if scope, err := e.Again(hc.Context()); err != nil || !there || !scope.Covers(now.Region) {
			return
		}
		if now.State != told.State || now.Counts != told.Counts {
			if !sendEvent(hc, intakeOf(now, rest.Language(hc.Context()))) {
				return
			}
			told = now
		}
		if ended(now.State) {
			return
		}
		select {
		case <-hc.Context().Done():
			return
		case <-breath.C:
			if !send(hc, ": \n\n") {
				return
			}
		case <-news:
		case <-look.C:
		}
	}
}

// ended tells whether a list goes on only when somebody asks for it.
func ended(s intake.State) bool { return s != intake.Checking && s != intake.Applying }

func sendEvent(hc huma.Context, i Intake) bool {
	text, err := json.Marshal(i)
	return err == nil && send(hc, fmt.Sprintf("event: intake\ndata: %s\n\n", text))
}

// send writes and flushes; false when nobody listens any more.
func send(hc huma.Context, text string) bool {
	w := hc.BodyWriter()
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	return true
}
