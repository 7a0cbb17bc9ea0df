// Package seal makes the texts that only one sandbox can have made: verificationInfo (§9.7) and scrollId (§9.10).
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Sealer makes the texts of one sandbox. What they carry is sealed, not stored, so that asking for one changes nothing. The nonce is a digest of
// a secret and the content: the same content always seals to the same text. It is not for use by several goroutines.
type Sealer struct {
	aead   cipher.AEAD
	secret [sha256.Size]byte // of the nonces
	plain  []byte            // where the next content is written: a state applies one input at a time
	sealed []byte
}

// What is sealed, and for what it opens alone.
var (
	forQuote  = []byte("quote")
	forScroll = []byte("scroll")
)

// New is the sealer of the sandbox with a seed.
func New(seed uint64) *Sealer {
	key := sha256.Sum256(fmt.Appendf(nil, "etcp-mock seal %d", seed))
	secret := sha256.Sum256(fmt.Appendf(nil, "etcp-mock seal nonce %d", seed))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has AES-256's length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has GCM's block size
	}
	return &Sealer{aead: aead, secret: secret}
}

// ErrForged is of a text that does not open.
var ErrForged = errors.New("it was not made by this sandbox, or was changed on the way")

// seal makes a text of what was written into s.plain. Its buffers are kept: six allocations were half of its time.
func (s *Sealer) seal(purpose []byte) string {
	content := s.plain
	s.sealed = append(s.sealed[:0], s.secret[:]...)
	s.sealed = append(s.sealed, purpose...)
	s.sealed = append(s.sealed, content...)
	digest := sha256.Sum256(s.sealed)
	s.sealed = append(s.sealed[:0], digest[:s.aead.NonceSize()]...)
	s.sealed = s.aead.Seal(s.sealed, s.sealed, content, purpose)
	s.plain = base64.StdEncoding.AppendEncode(s.plain[:0], s.sealed)
	return string(s.plain)
}

func (s *Sealer) open(purpose []byte, text string) ([]byte, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() || strings.ContainsAny(text, "\r\n") { // base64 would pass over line breaks
		return nil, ErrForged
	}
	n := s.aead.NonceSize()
	content, err := s.aead.Open(nil, raw[:n], raw[n:], purpose)
	if err != nil {
		return nil, ErrForged
	}
	return content, nil
}

// Quote is what verificationInfo carries: the order, what was left to pay and when.
type Quote struct {
	Order  string
	Amount notation.Fen
	At     time.Time
}

// quoteBytes make 128 characters of base64 with the seal's 12 and 16 bytes.
const quoteBytes = 96 - 12 - 16

// Quote is a verificationInfo of 128 characters.
func (s *Sealer) Quote(q Quote) string {
	b := s.plain[:0]
	for part := range strings.SplitSeq(q.Order, "-") { // an order id is a UUID
		b, _ = hex.AppendDecode(b, []byte(part))
	}
	b = binary.BigEndian.AppendUint64(b, uint64(q.Amount)) //nolint:gosec // and back, bit for bit
	b = binary.BigEndian.AppendUint64(b, uint64(q.At.UnixNano()))
	b = append(b, make([]byte, quoteBytes-len(b))...)
	s.plain = b
	return s.seal(forQuote)
}

// OpenQuote reads what [Sealer.Quote] made; its error is [ErrForged].
func (s *Sealer) OpenQuote(text string) (Quote, error) {
	b, err := s.open(forQuote, text)
	if err != nil {
		return Quote{}, err
	}
	id := strings.ToUpper(hex.EncodeToString(b[:16]))
	return Quote{
		Order:  id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:],
		Amount: notation.Fen(binary.BigEndian.Uint64(b[16:])),                              //nolint:gosec // as Quote wrote it
		At:     time.Unix(0, int64(binary.BigEndian.Uint64(b[24:]))).In(notation.Shanghai), //nolint:gosec // as Quote wrote it
	}, nil
}

// Scroll is what a scrollId carries: whose query it is, the query, and the last
// car park shown.
type Scroll struct {
	Merchant string
	Lat      float64
	Lon      float64
	Radius   int
	City     string
	PayType  bool
	Distance int64 // millimetres
	After    string
}

// Circle is where the query looks on.
func (v *Scroll) Circle() nearby.Circle {
	return nearby.Circle{Lat: v.Lat, Lon: v.Lon, Radius: v.Radius, Electronic: v.PayType, AfterDistance: v.Distance, After: v.After}
}

// Scroll writes the fields one after the other, texts behind their lengths. As JSON they took half of the time of a search.
func (s *Sealer) Scroll(v Scroll) string {
	b := s.plain[:0]
	for _, text := range []string{v.Merchant, v.City, v.After} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(v.Lat))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(v.Lon))
	b = binary.AppendVarint(b, int64(v.Radius))
	b = binary.AppendVarint(b, v.Distance)
	if v.PayType {
		b = append(b, 1)
	}
	s.plain = b
	return s.seal(forScroll)
}

// OpenScroll reads what [Sealer.Scroll] wrote: what opens was made by it, so that its form needs no check. Its error is [ErrForged].
func (s *Sealer) OpenScroll(text string) (v Scroll, err error) {
	b, err := s.open(forScroll, text)
	if err != nil {
		return Scroll{}, err
	}
	for _, text := range []*string{&v.Merchant, &v.City, &v.After} {
		size, n := binary.Uvarint(b)
		*text, b = string(b[n:n+int(size)]), b[n+int(size):] //nolint:gosec // the length of a text
	}
	v.Lat, b = math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:]
	v.Lon, b = math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:]
	radius, n := binary.Varint(b)
	distance, m := binary.Varint(b[n:])
	v.Radius, v.Distance, v.PayType = int(radius), distance, len(b) > n+m
	return v, nil
}
