//go:build !linux

package file

import "os"

// dataSync makes what was written to a file survive a power cut.
func dataSync(f *os.File) error { return f.Sync() }
