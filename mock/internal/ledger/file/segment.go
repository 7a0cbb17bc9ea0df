package file

import (
	"encoding/binary"
	"hash/crc32"
)

// A segment is a file of inputs in order: a header, then records. All numbers are little-endian.
//
//	header  magic (8 bytes, the last is the version) · sequence number of the first record (8) · CRC-32C of these (4)
//	record  CRC-32C of what follows (4) · length of the input (4) · sequence number (8) · the input
const (
	magicSegment = "ETCPLOG\x01"
	segmentHead  = 20
	recordHead   = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func appendSegmentHead(b []byte, first uint64) []byte {
	start := len(b)
	b = append(b, magicSegment...)
	b = binary.LittleEndian.AppendUint64(b, first)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

func appendRecord(b []byte, seq uint64, input []byte) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(input))) //nolint:gosec // at most ledger.MaxRecord
	b = binary.LittleEndian.AppendUint64(b, seq)
	b = append(b, input...)
	binary.LittleEndian.PutUint32(b[start:], crc32.Checksum(b[start+4:], castagnoli))
	return b
}

// damage is where a segment stops being what was written, and why.
type damage struct {
	offset int64
	detail string
	torn   bool // nothing that was written later can be read: a write that was cut off explains it
}

// readSegment gives the records of a segment that begins with the record first, in order, and where they end. An error
// is that of each. A damage that is torn leaves a prefix of what was written; at any other, bytes in the middle have
// changed.
func readSegment(text []byte, first uint64, each func(seq uint64, input []byte) error) (end int64, next uint64, bad *damage, err error) {
	next = first
	if why := checkHead(text, first); why != "" {
		return 0, next, &damage{0, why, !recordAfter(text, 0, first-1)}, nil
	}
	at := segmentHead
	for at < len(text) {
		input, why := recordAt(text[at:], next)
		if why != "" {
			return int64(at), next, &damage{int64(at), why, !recordAfter(text, at+1, next)}, nil
		}
		if err := each(next, input); err != nil {
			return int64(at), next, nil, err
		}
		at += recordHead + len(input)
		next++
	}
	return int64(at), next, nil, nil
}

func checkHead(text []byte, first uint64) string {
	switch {
	case len(text) < segmentHead:
		return "the header ends early"
	case string(text[:7]) == magicSegment[:7] && text[7] != magicSegment[7] && headSum(text):
		return "a format of another version of etcp-mock"
	case string(text[:8]) != magicSegment || !headSum(text):
		return "the header is not one of a segment"
	case binary.LittleEndian.Uint64(text[8:]) != first:
		return "the header is that of another segment"
	}
	return ""
}

func headSum(text []byte) bool {
	return binary.LittleEndian.Uint32(text[16:]) == crc32.Checksum(text[:16], castagnoli)
}

// recordAt reads the record seq at the start of a text, or says why it is not there.
func recordAt(text []byte, seq uint64) (input []byte, why string) {
	if len(text) < recordHead {
		return nil, "a record ends early"
	}
	size := uint64(binary.LittleEndian.Uint32(text[4:]))
	if size > uint64(len(text)-recordHead) { //nolint:gosec // never negative
		return nil, "a record ends early"
	}
	whole := text[:recordHead+int(size)] //nolint:gosec // at most what the text has
	if binary.LittleEndian.Uint32(whole) != crc32.Checksum(whole[4:], castagnoli) {
		return nil, "the checksum of a record is wrong"
	}
	if binary.LittleEndian.Uint64(whole[8:]) != seq {
		return nil, "a record has another sequence number"
	}
	return whole[recordHead:], ""
}

// recordAfter reports whether, from an offset on, any record after the sequence number seq stands whole. It is what
// distinguishes bytes that changed in the middle from a write that was cut off.
func recordAfter(text []byte, from int, seq uint64) bool {
	for at := from; at+recordHead <= len(text); at++ {
		found := binary.LittleEndian.Uint64(text[at+8:])
		if found-seq-1 > uint64(len(text)-from)/recordHead { //nolint:gosec // never negative; no number that can stand here, or one not after seq
			continue
		}
		if _, why := recordAt(text[at:], found); why == "" {
			return true
		}
	}
	return false
}
