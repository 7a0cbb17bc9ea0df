package file

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// A sealed file is written once, as a whole: a snapshot, or the place of a sandbox.
//
//	magic (8 bytes, the last is the version) · sequence number (8) · content · CRC-32C of all before (4)
const (
	magicSnapshot = "ETCPSNP\x01"
	magicPlace    = "ETCPPLC\x02"

	sealedHead = 16
)

// writeSealed writes beside, syncs, renames and syncs the folder, so that at any instant the name has either what it
// had before or the whole of what is new.
func writeSealed(name, magic string, seq uint64, content io.WriterTo) (err error) {
	beside := name + ".tmp"
	f, err := os.OpenFile(beside, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) // merchants' keys are in it
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(beside))
		}
	}()
	buffer := bufio.NewWriterSize(f, 1<<18)
	sum := &summed{to: buffer, sum: crc32.New(castagnoli)}
	if _, err = sum.Write(binary.LittleEndian.AppendUint64([]byte(magic), seq)); err != nil {
		return err
	}
	if _, err = content.WriteTo(sum); err != nil {
		return err
	}
	if _, err = buffer.Write(binary.LittleEndian.AppendUint32(nil, sum.sum.Sum32())); err != nil {
		return err
	}
	if err = buffer.Flush(); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	if err := os.Rename(beside, name); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return syncFolder(filepath.Dir(name))
}

type summed struct {
	to  io.Writer
	sum hash.Hash32
}

func (s *summed) Write(b []byte) (int, error) {
	_, _ = s.sum.Write(b) // never fails
	return s.to.Write(b)
}

// readSealed reads a sealed file. Its error is a [*ledger.CorruptError] where the content is not what was written.
func readSealed(name, magic string, most int64) (seq uint64, content []byte, err error) {
	text, err := readRegular(name, magic, most)
	if err != nil {
		return 0, nil, err
	}
	return openSealed(name, magic, text)
}

// openSealed is readSealed of a file's text.
func openSealed(name, magic string, text []byte) (seq uint64, content []byte, err error) {
	corrupt := func(detail string) error {
		return &ledger.CorruptError{File: name, Offset: ledger.Somewhere, Detail: detail}
	}
	switch {
	case len(text) >= len(magic) && !bytes.HasPrefix(text, []byte(magic[:len(magic)-1])):
		return 0, nil, corrupt("it does not begin as such a file does")
	case len(text) >= len(magic) && !bytes.HasPrefix(text, []byte(magic)):
		return 0, nil, corrupt("the format is that of another version of etcp-mock, or its number has changed")
	case len(text) < sealedHead+4:
		return 0, nil, corrupt("the file ends early")
	case binary.LittleEndian.Uint32(text[len(text)-4:]) != crc32.Checksum(text[:len(text)-4], castagnoli):
		return 0, nil, corrupt("the checksum of the file is wrong")
	}
	return binary.LittleEndian.Uint64(text[8:]), text[sealedHead : len(text)-4], nil
}
