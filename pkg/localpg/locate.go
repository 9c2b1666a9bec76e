package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	module       = "github.com/tanggap/tanggap"
	dataVariable = "TANGGAP_DATA_DIR"
	memoryFolder = "/dev/shm"
	memoryNeeded = 1 << 30 // bytes free in memoryFolder; containers often have 64 MiB
)

// locate chooses the folder: what was asked for, else the default of its kind.
func locate(options Options) (string, error) {
	switch {
	case options.Dir != "":
		return filepath.Abs(options.Dir)
	case options.Durable:
		return durableFolder(os.Getenv(dataVariable), options.say)
	}
	key := "default"
	if root, ok := Checkout(); ok {
		key = digest(root)
	}
	return testFolder(fmt.Sprintf("tanggap-pg-%d-t-%s", os.Geteuid(), key)), nil
}

// testFolder prefers memory: cloning a database is 3 to 20 times faster there. A folder that exists is kept to, so that
// all test programs agree while memory fills up.
func testFolder(name string) string {
	inMemory := filepath.Join(memoryFolder, name)
	if _, err := os.Lstat(inMemory); err == nil {
		return inMemory
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memoryFolder, &stat); err == nil && stat.Bavail*uint64(stat.Bsize) > memoryNeeded {
		return inMemory
	}
	return filepath.Join(os.TempDir(), name)
}

// Checkout is the root of Tanggap's source tree that the working folder lies in, and whether there is one.
func Checkout() (string, bool) {
	dir, err := os.Getwd()
	for err == nil {
		text, missing := os.ReadFile(filepath.Join(dir, "go.mod"))
		if missing == nil && strings.HasPrefix(string(text), "module "+module+"\n") {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return "", false
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}
