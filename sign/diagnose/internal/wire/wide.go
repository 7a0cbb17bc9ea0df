package wire

import (
	"encoding/binary"
	"strings"
	unicode16 "unicode/utf16"
	"unicode/utf8"
)

// InUTF16 writes a text as UTF-16, with a byte order mark or without.
func InUTF16(big, mark bool) func([]byte) []byte {
	return func(text []byte) []byte {
		var order binary.AppendByteOrder = binary.LittleEndian
		if big {
			order = binary.BigEndian
		}
		out := make([]byte, 0, 2*len(text)+2)
		if mark {
			out = order.AppendUint16(out, 0xfeff)
		}
		for _, unit := range unicode16.Encode([]rune(string(text))) {
			out = order.AppendUint16(out, unit)
		}
		return out
	}
}

// FromUTF32 reads UTF-32 in either order of bytes, with a byte order mark or without; "" where bytes are none.
func FromUTF32(text string) string {
	const wide, last = 4, 0x10ffff
	if len(text)%wide != 0 {
		return ""
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		var b strings.Builder
		for i := 0; i < len(text); i += wide {
			n := order.Uint32([]byte(text[i : i+wide]))
			if n == 0 || n > last || !utf8.ValidRune(rune(n)) {
				b.Reset()
				break
			}
			if i > 0 || n != '\uFEFF' {
				b.WriteRune(rune(n))
			}
		}
		if b.Len() > 0 {
			return b.String()
		}
	}
	return ""
}

// InUTF32 writes a text as UTF-32 without a byte order mark.
func InUTF32(big bool) func([]byte) []byte {
	return func(text []byte) []byte {
		var order binary.AppendByteOrder = binary.LittleEndian
		if big {
			order = binary.BigEndian
		}
		out := make([]byte, 0, 4*len(text))
		for _, r := range string(text) {
			out = order.AppendUint32(out, uint32(r)) //nolint:gosec // a character is no negative number
		}
		return out
	}
}

// LowBytes keeps the low byte of each UTF-16 unit, as old JavaScript libraries do.
func LowBytes(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, unit := range unicode16.Encode([]rune(string(text))) {
		out = append(out, byte(unit)) //nolint:gosec // the low byte is what is meant
	}
	return out
}
