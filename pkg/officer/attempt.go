package officer

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

// Budget is how often something may be tried without success: Most times at once, and once more after every Every. A
// budget is never used up for good.
type Budget struct {
	Key   string
	Most  int
	Every time.Duration
}

// The budgets of those who try passwords and codes. An officer at an address from which they signed in before is bound
// by the first two only, so that no stranger elsewhere can keep them out.
const (
	pairMost, pairEvery       = 5, 30 * time.Second  // an account, from one address
	addressMost, addressEvery = 30, 10 * time.Second // an address, all accounts; those known there and strangers apart
	accountMost, accountEvery = 50, 5 * time.Minute  // an account, from all addresses where it is not known
	allMost, allEvery         = 300, time.Second     // everything from where it is not known
)

func budgets(email, address string, known bool) []Budget {
	pair := Budget{Key: "pair|" + address + "|" + email, Most: pairMost, Every: pairEvery}
	if known {
		return []Budget{pair, {Key: "known|" + address, Most: addressMost, Every: addressEvery}}
	}
	return []Budget{
		pair,
		{Key: "address|" + address, Most: addressMost, Every: addressEvery},
		{Key: "account|" + email, Most: accountMost, Every: accountEvery},
		{Key: "all", Most: allMost, Every: allEvery},
	}
}

// attempt is one try at a door, already counted.
type attempt struct {
	Credential
	spent []Budget
	line  password.Line
}

// attempt counts a try before anything is compared: of a burst no more are looked at than the budgets hold, in whatever
// order they come, and what comes of them is counted before it is known. An account that is not there, or deactivated,
// is counted like any other. It fails with session.wait when a budget is used up.
func (s *Sessions) attempt(ctx context.Context, email, address string) (attempt, error) {
	email, address = strings.ToLower(strings.TrimSpace(email)), origin(address)
	c, err := s.credentials.Credential(ctx, email, address)
	if err != nil {
		return attempt{}, err
	}
	if !c.Active {
		c = Credential{}
	}
	a := attempt{Credential: c, spent: budgets(email, address, c.Known), line: password.Stranger}
	if c.Known {
		a.line = password.Known
	}
	wait, err := s.credentials.Spend(ctx, s.clock.Now(), a.spent)
	if wait > 0 {
		return attempt{}, fault.New(
			fault.TooMany,
			"session.wait",
			"seconds",
			fmt.Sprint(int((wait+time.Second-1)/time.Second)),
		)
	}
	return a, err
}

// compare compares the password. What was not compared, for want of a turn, is given back.
func (s *Sessions) compare(ctx context.Context, a attempt, secret string) (bool, error) {
	ok, err := password.Verify(ctx, a.line, a.Hash, secret)
	if err != nil {
		_ = s.credentials.Refund(context.WithoutCancel(ctx), a.spent) // it is refilled in time anyhow
		return false, err
	}
	if !ok {
		return false, nil
	}
	return true, s.succeed(ctx, a)
}

// succeed gives back what a success has taken, and begins anew with the failures of the account at the address.
func (s *Sessions) succeed(ctx context.Context, a attempt) error {
	back := append([]Budget(nil), a.spent...)
	back[0].Every *= time.Duration(back[0].Most)
	return s.credentials.Refund(ctx, back)
}

// origin is what of an address stands for a caller: whoever has one IPv6 address has its network.
func origin(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	network, _ := ip.Prefix(64) // never fails: it is an IPv6 address
	return network.String()
}
