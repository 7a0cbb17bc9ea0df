package file

import (
	"os"
	"syscall"
)

// dataSync makes what was written to a file survive a power cut; the file's times need not.
func dataSync(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err != syscall.EINTR { //nolint:errorlint // an errno as the call returns it
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
