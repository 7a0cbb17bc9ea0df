package platform

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

// sealer makes values that only this sandbox can have made: verificationInfo
// (§9.7) and scrollId (§9.10). They are sealed, not stored, so that asking for
// one changes nothing. The nonce is a digest of a secret and the content: the
// same content always seals to the same text.
type sealer struct {
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

func newSealer(seed uint64) *sealer {
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
	return &sealer{aead: aead, secret: secret}
}

// seals gives the state's sealer, which is made when it is first needed: most sandboxes seal nothing.
func (w *State) seals() *sealer {
	if w.sealer == nil {
		w.sealer = newSealer(w.seed)
	}
	return w.sealer
}

var errSeal = errors.New("it was not made by this sandbox, or was changed on the way")

// seal makes a text of what was written into s.plain. Its buffers are kept: six allocations were half of its time.
func (s *sealer) seal(purpose []byte) string {
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

func (s *sealer) open(purpose []byte, text string) ([]byte, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() || strings.ContainsAny(text, "\r\n") { // base64 would pass over line breaks
		return nil, errSeal
	}
	n := s.aead.NonceSize()
	content, err := s.aead.Open(nil, raw[:n], raw[n:], purpose)
	if err != nil {
		return nil, errSeal
	}
	return content, nil
}

// quote is what verificationInfo carries: the order, what was left to pay and when.
type quote struct {
	order  string
	amount notation.Fen
	at     time.Time
}

// quoteBytes make 128 characters of base64 with the seal's 12 and 16 bytes.
const quoteBytes = 96 - 12 - 16

func (s *sealer) sealQuote(q quote) string {
	b := s.plain[:0]
	for part := range strings.SplitSeq(q.order, "-") { // an order id is a UUID
		b, _ = hex.AppendDecode(b, []byte(part))
	}
	b = binary.BigEndian.AppendUint64(b, uint64(q.amount)) //nolint:gosec // and back, bit for bit
	b = binary.BigEndian.AppendUint64(b, uint64(q.at.UnixNano()))
	b = append(b, make([]byte, quoteBytes-len(b))...)
	s.plain = b
	return s.seal(forQuote)
}

func (s *sealer) openQuote(text string) (quote, error) {
	b, err := s.open(forQuote, text)
	if err != nil {
		return quote{}, err
	}
	id := strings.ToUpper(hex.EncodeToString(b[:16]))
	return quote{
		order:  id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:],
		amount: notation.Fen(binary.BigEndian.Uint64(b[16:])),                              //nolint:gosec // as sealQuote wrote it
		at:     time.Unix(0, int64(binary.BigEndian.Uint64(b[24:]))).In(notation.Shanghai), //nolint:gosec // as sealQuote wrote it
	}, nil
}

// scroll is what a scrollId carries: whose query it is, the query, and the last
// car park shown.
type scroll struct {
	Merchant string
	Lat      float64
	Lon      float64
	Radius   int
	City     string
	PayType  bool
	Distance int64 // millimetres
	After    string
}

func (v *scroll) circle() nearby.Circle {
	return nearby.Circle{Lat: v.Lat, Lon: v.Lon, Radius: v.Radius, Electronic: v.PayType, AfterDistance: v.Distance, After: v.After}
}

// sealScroll writes the fields one after the other, texts behind their lengths. As JSON they took half of the time of a search.
func (s *sealer) sealScroll(v scroll) string {
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

// openScroll reads what [sealer.sealScroll] wrote: what opens was made by it, so that its form needs no check.
func (s *sealer) openScroll(text string) (v scroll, err error) {
	b, err := s.open(forScroll, text)
	if err != nil {
		return scroll{}, err
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
