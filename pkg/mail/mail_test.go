package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
	"github.com/tanggap/tanggap/policies"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// server is a real mail server that does what a test wants.
type server struct {
	mu      sync.Mutex
	address string
	refuse  error // of a recipient
	vanish  bool  // the connection breaks after the text has come
	texts   []string
	conns   []net.Conn
}

// NewSession implements smtp.Backend.
func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, c.Conn())
	return &session{s, c.Conn()}, nil
}

type session struct {
	server *server
	conn   net.Conn
}

func (*session) Reset()                                 {}
func (*session) Logout() error                          { return nil }
func (*session) Mail(string, *smtp.MailOptions) error   { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.server.refuse }
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.texts = append(s.server.texts, string(text))
	if s.server.vanish {
		return errors.Join(err, s.conn.Close())
	}
	return err
}

func (s *server) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts
}

func newServer(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	storetest.OK(t, err)
	s := &server{address: l.Addr().String()}
	server := smtp.NewServer(s)
	server.Domain, server.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

// morning is eight o'clock in Bandung, on a day after the tasks of the tests are due.
var morning = time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)

// office is a head of office in Bandung, with a case that is due.
type office struct {
	*storetest.Office
	*mail.Reminder
	head authz.OfficerID
	now  *clock.Fixed
}

func newOffice(t *testing.T, server string) *office {
	t.Helper()
	b := storetest.NewOffice(t)
	matrix, err := enforcer.Load(policies.FS)
	storetest.OK(t, err)
	smtp, err := mail.NewSMTP("smtp://"+server, "", "tanggap@contoh.go.id")
	storetest.OK(t, err)
	o := &office{Office: b, head: b.Officer, now: clock.At(morning)}
	b.Do(t, `insert into officer_grant (id, officer_id, role, region, valid_from) values ($1, $2, 'supervisor', '3273', '2020-01-01')`,
		uuid.New(), uuid.UUID(o.head))
	made := b.OpenCase(t, "3273", 1)
	b.Tamper(t, fmt.Sprintf("update cases set officer_id = '%s', follow_up_on = '2026-12-07' where id = '%s'", o.head,
		uuid.UUID(made.ID)))
	b.Do(t, `insert into vacancy (id, region, source, reference, employer, title, occupation, openings, posted_on,
	expires_on, state,
		reported_by) select gen_random_uuid(), '3273', 'x', 'y', 'PT', 'Penjahit', '7531', 1, '2026-12-01', '2027-01-01',
		'reported', $1`, uuid.UUID(o.head))
	o.Reminder = &mail.Reminder{Store: b.Mail, Mailer: smtp, Work: b.Tracks, Matrix: matrix, Clock: o.now,
		Actor:   b.ActorOf,
		Exports: func(context.Context, authz.Op) (int, error) { return 0, nil }}
	return o
}

func (o *office) job() mail.Job {
	return mail.Job{Officer: o.head, Day: calendar.Of(o.now.Now(), calendar.WIB)}
}

// state is that of the mail of the day, "" without any.
func (o *office) state(t *testing.T) (state string) {
	t.Helper()
	storetest.OK(t, o.Admin(t).QueryRow(t.Context(), "select coalesce((select state from mail_day where officer_id = $1 "+
		"and day = $2), '')",
		uuid.UUID(o.head), o.job().Day.Time()).Scan(&state))
	return state
}

// What is due and what waits is told once a day, in numbers and in the language that the officer chose; nobody's name
// is in it.
func TestTheMailOfTheMorning(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := newOffice(t, s.address)
	for range 2 {
		storetest.OK(t, o.Due(t.Context()))
		storetest.OK(t, o.Send(t.Context(), o.job()))
	}
	texts := s.taken()
	if len(texts) != 1 || o.state(t) != "sent" {
		t.Fatalf("%d mails in a day, %s", len(texts), o.state(t))
	}
	for _, want := range []string{"To: <uji@contoh.go.id>", "From: <tanggap@contoh.go.id>",
		"Auto-Submitted: auto-generated",
		"Subject: Tanggap: pekerjaan Anda 2026-12-07", "Tindak lanjut", "Lowongan belum diverifikasi: 1"} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("no %q in %s", want, texts[0])
		}
	}
	if strings.Contains(texts[0], "Siti") || strings.Contains(texts[0], "3273010") {
		t.Errorf("a worker is named in %s", texts[0])
	}
	o.now.Advance(24 * time.Hour)
	storetest.OK(t, o.ChooseMail(t.Context(), o.head, mail.Choice{Language: mail.English, Wanted: true}))
	storetest.OK(t, o.Due(t.Context()))
	storetest.OK(t, o.Send(t.Context(), o.job()))
	if texts = s.taken(); len(texts) != 2 || !strings.Contains(texts[1], "1 overdue, 0 due today") {
		t.Errorf("on the next day %d mails, the last %s", len(texts), texts[len(texts)-1])
	}
}

// What waits for a decision is counted whole, what is overdue and what is not; whoever wants no mail any more gets
// none, though it was due, nor does who has nothing to do.
func TestWhatAMailCounts(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := newOffice(t, s.address)
	for n, applied := range []string{"2026-01-01", "2026-12-06", "2026-12-07"} {
		c := o.OpenCase(t, "3273", n+10)
		o.Tamper(t, fmt.Sprintf(`insert into claim (id, case_id, region, state, applied_on, facts)
			values ('%s', '%s', '3273', 'applied', '%s', '{}')`, uuid.New(), uuid.UUID(c.ID), applied))
	}
	waits := wording.Message("id", "mail.waiting", map[string]string{"what": wording.Label("id", track.DecisionQueue),
		"n": "3"})
	storetest.OK(t, o.Due(t.Context()))
	storetest.OK(t, o.Send(t.Context(), o.job()))
	if texts := s.taken(); len(texts) != 1 || !strings.Contains(texts[0], waits) {
		t.Errorf("no %q in %q", waits, texts)
	}
	o.now.Advance(24 * time.Hour)
	storetest.OK(t, o.Due(t.Context()))
	storetest.OK(t, o.ChooseMail(t.Context(), o.head, mail.Choice{Language: mail.Indonesian}))
	storetest.OK(t, o.Send(t.Context(), o.job()))
	if o.state(t) != "empty" || len(s.taken()) != 1 {
		t.Errorf("unwanted meanwhile: %s, %d mails", o.state(t), len(s.taken()))
	}
	o.now.Advance(24 * time.Hour)
	storetest.OK(t, o.ChooseMail(t.Context(), o.head, mail.Choice{Language: mail.Indonesian, Wanted: true}))
	storetest.OK(t, o.Due(t.Context()))
	o.Tamper(t, "delete from claim", "delete from vacancy", "update cases set follow_up_on = null, due_on = null, "+
		"due_for = null")
	storetest.OK(t, o.Send(t.Context(), o.job()))
	if o.state(t) != "empty" || len(s.taken()) != 1 {
		t.Errorf("nothing to tell: %s, %d mails", o.state(t), len(s.taken()))
	}
}

// Mail is due between two hours of the office's own clock, for who is active and wants it.
func TestWhoseMailIsDue(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "127.0.0.1:1")
	o.Do(t, "update officer set office = '9171' where id = $1", uuid.UUID(o.head)) // Jayapura, nine hours ahead
	for _, c := range []struct {
		name, at, change string
		due              int
	}{
		{"before six", "2026-12-06T20:59:59Z", "", 0},
		{"unwanted", "2026-12-06T21:00:00Z", "insert into officer_mail values ((select id from officer), 'id', false)", 0},
		{"deactivated", "2026-12-06T21:00:00Z", "delete from officer_mail; update officer set active = false", 0},
		{"after six in the evening", "2026-12-07T09:00:00Z", "update officer set active = true", 0},
		{"before six in the evening", "2026-12-07T08:59:59Z", "", 1},
		{"again on that day", "2026-12-07T08:59:59Z", "", 1},
		{"on the next day, from six on", "2026-12-07T21:00:00Z", "", 2},
	} {
		for _, sql := range strings.Split(c.change, ";") {
			if sql != "" {
				o.Do(t, sql)
			}
		}
		at, err := time.Parse(time.RFC3339, c.at)
		storetest.OK(t, err)
		o.now.Set(at)
		storetest.OK(t, o.Due(t.Context()))
		if jobs := o.CountRows(t, "select count(*) from river.river_job where kind = 'mail'"); jobs != c.due {
			t.Errorf("%s: %d jobs, want %d", c.name, jobs, c.due)
		}
	}
}

// What the server surely did not take is tried again, until the day is over; what it refused for good, and what it may
// have taken, is not.
func TestMailThatIsNotTaken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := newOffice(t, s.address)
	send := func(what string, want error, state string, texts int) {
		t.Helper()
		storetest.OK(t, o.Due(t.Context()))
		err := o.Send(t.Context(), o.job())
		if !errors.Is(err, want) || o.state(t) != state || len(s.taken()) != texts {
			t.Errorf("%s: %v, %s, %d mails", what, err, o.state(t), len(s.taken()))
		}
		if err != nil && strings.Contains(err.Error(), "@") {
			t.Errorf("%s: the error names somebody: %v", what, err)
		}
	}
	here := o.Mailer
	gone, err := mail.NewSMTP("smtp://127.0.0.1:1", "", "tanggap@contoh.go.id")
	storetest.OK(t, err)
	o.Mailer = gone
	send("a server that is down", mail.ErrUnsent, "waiting", 0)
	o.Mailer = here
	s.refuse = &smtp.SMTPError{Code: 451, Message: "nanti"}
	send("a server that is busy", mail.ErrUnsent, "waiting", 0)
	s.refuse = nil
	send("a server that takes it", nil, "sent", 1)
	send("once more", nil, "sent", 1)

	o.now.Advance(24 * time.Hour)
	s.refuse = &smtp.SMTPError{Code: 550, Message: "tidak dikenal"}
	send("a server that refuses for good", nil, "refused", 1)
	s.refuse = nil
	send("once more", nil, "refused", 1)

	o.now.Advance(24 * time.Hour)
	s.vanish = true
	send("a server that vanishes after the text", nil, "sending", 2)
	s.vanish = false
	send("once more", nil, "sending", 2)

	o.now.Advance(24 * time.Hour)
	storetest.OK(t, o.Due(t.Context()))
	late := o.job()
	o.now.Advance(24 * time.Hour)
	if err := o.Send(t.Context(), late); err != nil || len(s.taken()) != 2 {
		t.Errorf("on the day after: %v, %d mails", err, len(s.taken()))
	}
}

// A mail server elsewhere must offer TLS, and settings that cannot be meant are refused.
func TestMailServersThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "mail.contoh.id", "http://mail.contoh.id", "smtp://", "smtp://mail.contoh.id:0x",
		"smtp://mail.contoh.id/x"} {
		if _, err := mail.NewSMTP(address, "", "a@contoh.id"); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	if _, err := mail.NewSMTP("smtp://mail.contoh.id", "", "bukan alamat"); err == nil {
		t.Error("any sender is taken")
	}
	s := newServer(t)
	_, port, _ := net.SplitHostPort(s.address)
	plain, err := mail.NewSMTP("smtp://localhost:"+port, "", "a@contoh.id") // a name is no address of this machine
	storetest.OK(t, err)
	if became := plain.Send(t.Context(), "b@contoh.id", "x", "y"); became != mail.Waiting || len(s.taken()) != 0 {
		t.Errorf("without TLS: %s, %d mails", became, len(s.taken()))
	}
}
