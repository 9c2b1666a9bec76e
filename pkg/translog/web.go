package translog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
)

// Web publishes to a URL: each checkpoint is sent there by POST, and GET answers with the newest. It keeps no entries,
// so that a verification against it names an entry only when the database still does.
type Web struct {
	URL    string
	client http.Client
}

const (
	webTimeout = 10 * time.Second
	webLargest = 64 << 10
)

// NewSink makes the sink of an address: a folder, or a URL that begins with http. Redirects are not followed.
func NewSink(address string) Sink {
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return NewFolder(address)
	}
	return &Web{URL: address, client: http.Client{Timeout: webTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the sink of checkpoints redirects") }}}
}

func (w *Web) call(ctx context.Context, method string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, w.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the address of the sink of checkpoints is not a URL")
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := w.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reach the sink of checkpoints: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, webLargest))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read from the sink of checkpoints: %w", err)
	case method == http.MethodGet && answer.StatusCode == http.StatusNotFound:
		return nil, nil
	case answer.StatusCode >= http.StatusMultipleChoices:
		return nil, fmt.Errorf("the sink of checkpoints answers %d", answer.StatusCode)
	}
	return text, nil
}

// Place implements Sink, without what a URL may hold of secrets.
func (w *Web) Place() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return "a URL"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// Newest implements Sink. An answer that is not one whole checkpoint is damaged, not none.
func (w *Web) Newest(ctx context.Context) ([]byte, error) {
	signed, err := w.call(ctx, http.MethodGet, nil)
	if err != nil || signed == nil {
		return nil, err
	}
	if _, rest, err := newestOf(signed, w.Place()); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: %s does not answer with a checkpoint", ErrDamaged, w.Place())
	}
	return signed, nil
}

// Kept implements Sink.
func (*Web) Kept(context.Context) (int64, error) { return -1, nil }

// Keep implements Sink: there is nothing that it could keep.
func (*Web) Keep(context.Context, int64, []audit.LogEntry) error { return nil }

// Publish implements Sink.
func (w *Web) Publish(ctx context.Context, signed []byte, _ time.Time) error {
	_, err := w.call(ctx, http.MethodPost, signed)
	return err
}
