//go:build !linux

package localpg

import (
	"os"
	"syscall"
)

func ownProgram() (string, error) { return os.Executable() }

// bindToParent can do nothing here: a PostgreSQL whose supervisor was killed is stopped by the next user (awaitOrphan).
func bindToParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr { return attributes }
