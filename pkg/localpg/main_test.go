package localpg

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

// holdVariable makes a copy of this test program start a server in the folder it names and hold it until it is killed.
const holdVariable = "TANGGAP_LOCALPG_HOLD"

// holdFor is when a holder ends by itself, whose test has died.
const holdFor = 5 * time.Minute

func TestMain(m *testing.M) {
	Supervise()
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	server, err := Start(context.Background(), Options{Dir: dir, Linger: time.Second})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.DSN("postgres", Superuser))
	<-time.After(holdFor)
	os.Exit(1)
}
