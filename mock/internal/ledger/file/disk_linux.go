package file

import (
	"os"
	"syscall"
)

// dataSync makes what was written to a file survive a power cut; the file's times need not.
func dataSync(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
