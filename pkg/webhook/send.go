package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tanggap/tanggap/pkg/clock"
)

// The bounds of one request to a receiver.
const (
	sendFor     = 10 * time.Second
	connectFor  = 5 * time.Second
	mostHeaders = 16 << 10 // bytes
	mostAnswer  = 8 << 10  // bytes that are read of an answer; nothing is kept of it
	idleFor     = 30 * time.Second
)

// Sender makes the requests. It follows no redirect, takes no proxy from the environment, and connects only to what its
// door lets through.
type Sender struct {
	client *http.Client
	clock  clock.Clock
}

// NewSender makes a sender; roots are the authorities that are believed, the system's when nil.
func NewSender(door Door, now clock.Clock, roots *x509.CertPool) *Sender {
	dialer := &net.Dialer{Timeout: connectFor, ControlContext: door.control}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: roots}, TLSHandshakeTimeout: connectFor, DisableCompression: true,
		MaxResponseHeaderBytes: mostHeaders, MaxIdleConnsPerHost: 1, IdleConnTimeout: idleFor, ForceAttemptHTTP2: true}
	return &Sender{clock: now, client: &http.Client{Transport: transport, Timeout: sendFor,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send sends a body under a message id, signed with each secret.
func (s *Sender) Send(ctx context.Context, to, message string, secrets []string, body []byte) Delivery {
	d := Delivery{Message: message, At: s.clock.Now()}
	took := clock.Elapsed()
	d.Status, d.Failure = s.send(ctx, to, d, secrets, body)
	d.Took = took()
	return d
}

func (s *Sender) send(ctx context.Context, to string, d Delivery, secrets []string, body []byte) (int, Failure) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, BadAddress
	}
	r = r.WithContext(context.WithValue(ctx, schemeKey{}, r.URL.Scheme)) // which a connection is made by
	signature, err := sign(d.Message, d.At, secrets, body)
	if err != nil {
		return 0, BadAddress
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Tanggap")
	r.Header.Set(standardwebhooks.HeaderWebhookID, d.Message)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(d.At.Unix()))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, failureOf(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, mostAnswer)) // so that the connection can be used again
	switch {
	case resp.StatusCode >= http.StatusOK && resp.StatusCode < http.StatusMultipleChoices:
		return resp.StatusCode, ""
	case resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode < http.StatusBadRequest:
		return resp.StatusCode, Redirected
	}
	return resp.StatusCode, Refused
}

// sign gives the signatures of all secrets, one after the other.
func sign(message string, at time.Time, secrets []string, body []byte) (string, error) {
	var all []string
	for _, secret := range secrets {
		w, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", err
		}
		signature, err := w.Sign(message, at, body)
		if err != nil {
			return "", err
		}
		all = append(all, signature)
	}
	return strings.Join(all, " "), nil
}

func failureOf(err error) Failure {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var wrapped *url.Error
	switch {
	case errors.Is(err, errClosed):
		return BadAddress
	case errors.As(err, &verify), errors.As(err, &record):
		return BadTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &wrapped) && wrapped.Timeout():
		return TimedOut
	}
	return Unreachable
}
